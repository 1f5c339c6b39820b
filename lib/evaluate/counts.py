"""Counting answers: accuracy with its interval, each class's precision and recall, the confusion matrix, top-k."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lib.evaluate.answers import Answers

Z_95 = 1.959963984540054


@dataclass(frozen=True)
class Share:
    """`count` of `n`, with its 95 % Wilson interval `low`..`high`, shares 0..1; value NaN and 0..1 without any."""

    count: int
    n: int
    value: float
    low: float
    high: float

    @property
    def words(self) -> str:
        """For example "91.5 % (90.6 to 92.3 %)"."""
        if self.n == 0:
            return "none"
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f} to {100 * self.high:.1f} %)"


def share(count: int, n: int, z: float = Z_95) -> Share:
    """A share with Wilson's score interval (Wilson 1927), which stays within 0..1 and is honest for small n.

    Args:
        z: of the standard normal distribution; 1.96 gives 95 %.
    """
    if n == 0:
        return Share(0, 0, float("nan"), 0.0, 1.0)
    value, square = count / n, z * z
    middle = (value + square / (2 * n)) / (1 + square / n)
    half = z / (1 + square / n) * math.sqrt(value * (1 - value) / n + square / (4 * n * n))
    low = 0.0 if count == 0 else max(0.0, middle - half)
    high = 1.0 if count == n else min(1.0, middle + half)
    return Share(int(count), int(n), value, low, high)


@dataclass(frozen=True)
class ClassScores:
    """One class: how many of its images are found (recall), how many answers of its name are right (precision)."""

    name: str
    recall: Share
    precision: Share

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall, 0..1; NaN for a class that neither occurs nor is answered."""
        n = self.recall.n + self.precision.n
        return 2 * self.recall.count / n if n else float("nan")


def accuracy(answers: Answers) -> Share:
    """The share of right answers."""
    return share(int(answers.right.sum()), len(answers))


def confusion(labels: np.ndarray, predicted: np.ndarray, classes: int) -> np.ndarray:
    """int64 (classes, classes): row is what an image is, column what it was read as."""
    flat = np.bincount(labels * classes + predicted, minlength=classes * classes)
    return flat.reshape(classes, classes)


def by_class(answers: Answers) -> tuple[ClassScores, ...]:
    """The scores of every class of the network, in its order."""
    table = confusion(answers.labels, answers.predicted, len(answers.class_names))
    hits, are, named = np.diag(table), table.sum(1), table.sum(0)
    return tuple(
        ClassScores(name, share(int(hits[k]), int(are[k])), share(int(hits[k]), int(named[k])))
        for k, name in enumerate(answers.class_names)
    )


def top_k(answers: Answers, k: int) -> Share:
    """The share of images whose class is among the k largest logits; ties go to the class that comes first."""
    own = answers.logits[np.arange(len(answers)), answers.labels][:, None]
    places = np.arange(answers.logits.shape[1])[None]
    before = (answers.logits > own) | ((answers.logits == own) & (places < answers.labels[:, None]))
    return share(int((before.sum(1) < k).sum()), len(answers))


def in_cell(answers: Answers, label: int, predicted: int) -> np.ndarray:
    """Positions of the answers in one cell of the confusion matrix, the worst first.

    Worst is the surest of the wrong ones, and the least sure of the right ones.
    """
    found = np.flatnonzero((answers.labels == label) & (answers.predicted == predicted))
    sure = answers.confidence[found]
    return found[np.argsort(sure if label == predicted else -sure, kind="stable")]


def surest_errors(answers: Answers, most: int | None = None) -> np.ndarray:
    """Positions of the wrong answers, the surest first."""
    wrong = np.flatnonzero(~answers.right)
    return wrong[np.argsort(-answers.confidence[wrong], kind="stable")][:most]


def most_confused(answers: Answers, most: int) -> list[tuple[int, int, int]]:
    """(what it is, what it was read as, how often) of the fullest cells beside the diagonal, the fullest first."""
    table = confusion(answers.labels, answers.predicted, len(answers.class_names))
    np.fill_diagonal(table, 0)
    order = np.argsort(-table, axis=None, kind="stable")[:most]
    cells = [
        (int(i), int(j), int(table[i, j])) for i, j in zip(*np.unravel_index(order, table.shape), strict=True)
    ]
    return [cell for cell in cells if cell[2] > 0]
