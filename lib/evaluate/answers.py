"""Answers: what a network said about N labelled images. Getting them lives in `running`, counting them in `counts`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lib.probabilities import softmax

_BLOCK = 4_096


@dataclass(frozen=True, eq=False)
class Answers:
    """N images that a network of K classes has read.

    Attributes:
        logits: float32 (N, K), all finite.
        labels: int64 (N,), the network's class that each image is.
        rows: int64 (N,), where each image stands in its data set.
        class_names: K names, the network's.
        independent: whether the K scores are sigmoids of their own instead of one softmax.
        notes: sentences on what was assumed and left out.
    """

    logits: np.ndarray
    labels: np.ndarray
    rows: np.ndarray
    class_names: tuple[str, ...]
    independent: bool = False
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.labels)
        if self.logits.shape != (n, len(self.class_names)) or self.rows.shape != (n,):
            raise ValueError(
                f"{n} labels do not go with logits of shape {self.logits.shape}, {len(self.rows)} rows and "
                f"{len(self.class_names)} classes."
            )

    def __len__(self) -> int:
        return len(self.labels)

    @cached_property
    def predicted(self) -> np.ndarray:
        """int64 (N,): the class with the largest logit; of equal ones the first."""
        return self.logits.argmax(1)

    @cached_property
    def right(self) -> np.ndarray:
        """bool (N,)."""
        return self.predicted == self.labels

    @cached_property
    def confidence(self) -> np.ndarray:
        """float64 (N,), 0..1: the probability of the predicted class."""
        return self.probability_of(self.predicted)

    @property
    def accuracy(self) -> float:
        """Share of right answers, 0..1; NaN without images."""
        return float(self.right.mean()) if len(self) else float("nan")

    def probability_of(self, classes: np.ndarray) -> np.ndarray:
        """float64 (N,): the probability of one class, int (N,), for each image."""
        parts = [
            self.probabilities(slice(first, first + _BLOCK))[
                np.arange(len(classes[first : first + _BLOCK])), classes[first : first + _BLOCK]
            ]
            for first in range(0, len(self), _BLOCK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def probabilities(self, rows: slice | np.ndarray = slice(None)) -> np.ndarray:
        """float64 (n, K) of some of the images: softmax of the logits, or a sigmoid each."""
        logits = self.logits[rows].astype(np.float64)
        if self.independent:
            return 0.5 * (1.0 + np.tanh(0.5 * logits))
        return softmax(logits)
