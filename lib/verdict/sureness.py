"""The calibrated probability, and how often predictions about as sure are right, counted on held-out pictures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.calibration import fit_temperature
from lib.probabilities import softmax

WINDOW = 100
"""So many held-out predictions, half of them more and half less sure, are "about as sure"."""
FEWEST = 30
"""With fewer held-out predictions nothing is said of how sure a network may be."""
# Where few held-out predictions are about as sure, fewer are counted rather than those that are much surer.
_WINDOWS, _WIDEST = (WINDOW, 50, FEWEST), 0.2


@dataclass(frozen=True)
class Record:
    """Of `n` held-out predictions with a calibrated confidence from `low` to `high`, `right` are right."""

    n: int
    right: int
    low: float
    high: float

    @property
    def sentence(self) -> str:
        return (
            f"Of the {self.n:,} held-out predictions about as sure ({_range(self.low, self.high)}), "
            f"{100 * self.right / self.n:.0f} % are right."
        )


class Sureness:
    """A network's held-out predictions, prepared for asking often.

    Args:
        logits: (N, K) of pictures that the network was not trained on; `FEWEST` or more.
        labels: (N,).
    """

    def __init__(self, logits: np.ndarray, labels: np.ndarray) -> None:
        self.temperature = fit_temperature(logits, labels)
        confidence = self.calibrated(logits).max(1)
        order = np.argsort(confidence, kind="stable")
        self._confidence = confidence[order]
        self._right = (np.asarray(logits).argmax(1) == labels)[order]

    def calibrated(self, logits: np.ndarray) -> np.ndarray:
        """float64 (n, K): softmax(logits / temperature). The order of the classes is that of the logits."""
        return softmax(np.asarray(logits, np.float64) / self.temperature)

    def record(self, confidence: float) -> Record:
        """The held-out predictions around a calibrated confidence, by rank; of equally sure ones those in the middle."""
        ends = [int(np.searchsorted(self._confidence, confidence, side)) for side in ("left", "right")]
        for size in _WINDOWS:
            found = self._around(sum(ends) // 2, min(size, len(self._confidence)))
            if found.high - found.low <= _WIDEST:
                break
        return found

    def _around(self, place: int, size: int) -> Record:
        first = min(max(place - size // 2, 0), len(self._confidence) - size)
        part = slice(first, first + size)
        sure = self._confidence[part]
        return Record(size, int(self._right[part].sum()), float(sure[0]), float(sure[-1]))


def _range(low: float, high: float) -> str:
    # Rounded down, so that nothing short of certainty becomes "100 %".
    ends = [f"{int(1000 * share) / 10:g}" for share in (low, high)]
    return f"{ends[0]} %" if ends[0] == ends[1] else f"{ends[0]} to {ends[1]} %"
