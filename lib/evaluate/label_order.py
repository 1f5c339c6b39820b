"""Is the network good and only its list of names wrong? The best renaming of its answers, and the mistake it looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lib.contract_evidence import mcnemar
from lib.evaluate.answers import Answers
from lib.evaluate.counts import Share, accuracy, confusion, share

_MARGIN = 0.05
_SIGNIFICANCE = 0.001
_MOSTLY = 0.9
# A good network whose names alone are wrong is right more often than not once they are put right; pictures that were
# badly prepared can also be answered alike, class by class, and a renaming would gain something on them.
_GOOD = 0.5
_SURELY = 0.7


@dataclass(frozen=True, eq=False)
class LabelOrder:
    """What comes of renaming the outputs.

    Attributes:
        now, best: accuracy as the names are, and with the best renaming; `best` is measured on a half of the pictures
            that the renaming was not fitted on (as is `now`), so that it is no flattery.
        output: int64 (K,): the output that pictures of each class light up.
        cause: "label-order", "label-offset", or "" when the names are right.
        sentence: in words.
    """

    now: Share
    best: Share
    output: np.ndarray
    cause: str
    sentence: str

    @property
    def title(self) -> str:
        """What is to be said without a cause."""
        return "The names are in order" if self.now.value >= _GOOD else "The names are not what is wrong"


def check_label_order(answers: Answers, seed: int = 0) -> LabelOrder:
    """Find the renaming of outputs that makes the most answers right: the Hungarian method on the confusion matrix.

    It is fitted on a random half and judged on the other; a mistake is named only if the renaming gains at least five
    points there, an exact McNemar test gives p < 0.001, and half of the answers are right then.

    Source: H. W. Kuhn, The Hungarian method for the assignment problem, 1955 (`scipy.optimize.linear_sum_assignment`).
    """
    names, classes = answers.class_names, len(answers.class_names)
    order = np.random.default_rng(seed).permutation(len(answers))
    fit, apart = order[: len(order) // 2], order[len(order) // 2 :]
    halves = _best_outputs(confusion(answers.labels[fit], answers.predicted[fit], classes))
    labels, predicted = answers.labels[apart], answers.predicted[apart]
    now, renamed = predicted == labels, predicted == halves[labels]
    output = _best_outputs(confusion(answers.labels, answers.predicted, classes))
    here, there = share(int(now.sum()), len(apart)), share(int(renamed.sum()), len(apart))
    better = (
        len(apart) > 0 and renamed.mean() - now.mean() >= _MARGIN and mcnemar(renamed, now) < _SIGNIFICANCE
    )
    present = np.bincount(answers.labels, minlength=classes) > 0
    # With outputs to spare, pictures of other things find some that answer them: ten digits among twenty-six letters do.
    foreign = not present[output[present]].all() and there.value < _SURELY
    if not better or foreign or there.value < _GOOD:
        if not better:
            words = (
                f"No other order of the names makes the answers clearly better: {accuracy(answers).words} are right as "
                "they are."
            )
        elif there.value < _GOOD:
            words = (
                f"Even in the best order of the names only {100 * there.value:.1f} % of the answers are right: something "
                "else is wrong with these pictures, or with the network."
            )
        else:
            words = (
                f"With other names {100 * there.value:.1f} % of the answers would be right, but by names of classes that "
                "this set does not have: these are probably not the network's classes."
            )
        return LabelOrder(accuracy(answers), there, np.arange(classes), "", words)
    cause, pattern = _pattern(names, output, present)
    return LabelOrder(
        here,
        there,
        output,
        cause,
        f"With the names in another order {100 * there.value:.1f} % of the answers are right instead of "
        f"{100 * here.value:.1f} %. {pattern}",
    )


def _best_outputs(table: np.ndarray) -> np.ndarray:
    """int64 (K,): one output for each class, so that the most pictures lie on it; ties stay as they are."""
    from scipy.optimize import linear_sum_assignment

    # A hundredth of a picture for the present order decides where nothing else does: classes without pictures, say.
    gain = table + 0.01 / len(table) * np.eye(len(table))
    rows, columns = linear_sum_assignment(gain, maximize=True)
    result = np.empty(len(table), np.int64)
    result[rows] = columns
    return result


def _pattern(names: Sequence[str], output: np.ndarray, present: np.ndarray) -> tuple[str, str]:
    """The cause and what the permutation looks like; only classes with pictures count."""
    classes = len(names)
    at = np.arange(classes)
    for step in (1, -1):
        inside = present & (at + step >= 0) & (at + step < classes)
        # One class lit up beside its own is no pattern: of two classes it is an exchange.
        if inside.sum() > 1 and (output == at + step)[inside].mean() >= _MOSTLY:
            way = "after" if step == 1 else "before"
            return "label-offset", (
                f"Every class lights up the output {way} its own: the labels were counted from "
                f"{1 if step == 1 else 0} in training and from {0 if step == 1 else 1} in the list of names."
            )
    for words, key in _SORTS:
        ranks = np.argsort(np.array(sorted(range(classes), key=lambda k: key(names[k]))))
        if (ranks != at).any() and (output == ranks)[present].mean() >= _MOSTLY:
            example = next(int(k) for k in at if ranks[k] != k)
            why = (
                " Keras’s image_dataset_from_directory sorts folders like that."
                if words == "alphabetical"
                else ""
            )
            return "label-order", (
                f"The outputs are in {words} order, the list of names is not: “{names[example]}” is output "
                f"{ranks[example]}, not {example}.{why}"
            )
    moved = np.flatnonzero((output != at) & present)
    if len(moved) == 2 and (output[moved] == moved[::-1]).all():
        first, second = (names[int(k)] for k in moved)
        return "label-order", f"“{first}” and “{second}” are exchanged."
    if (output == classes - 1 - at)[present].mean() >= _MOSTLY:
        return "label-order", "The list of names is back to front."
    shown = "; ".join(f"“{names[int(k)]}” is called “{names[int(output[k])]}”" for k in moved[:6])
    more = f"; and {len(moved) - 6:,} more" if len(moved) > 6 else ""
    return "label-order", f"{len(moved):,} names are in wrong places: {shown}{more}."


def _natural(name: str) -> list[tuple[int, int, str]]:
    """2 before 10."""
    return [
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in re.findall(r"[0-9]+|[^0-9]+", name)
    ]


_SORTS: tuple[tuple[str, Callable[[str], Any]], ...] = (
    ("alphabetical", lambda name: name),
    ("alphabetical (upper and lower case alike)", lambda name: name.casefold()),
    ("numerical", _natural),
)
