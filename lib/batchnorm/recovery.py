"""When inference recovers: the network is asked how far its stored statistics must come before its answers are right.

Under batches that do not change, n more updates leave momentum ** n of the distance between the stored statistics and the
batch's. So the answer to "how many updates, at which momentum" follows from one curve over that share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.batchnorm.arithmetic import initial_weight, updates_until
from lib.batchnorm.statistics import Statistics

if TYPE_CHECKING:
    from lib.batchnorm.two_modes import TwoModes

SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.15, 0.1, 0.07, 0.05, 0.03, 0.02, 0.01, 0.005, 0.0)
"""What of the distance is left where the network is asked."""


@dataclass(frozen=True, eq=False)
class Recovery:
    """Inference on the way from the stored statistics to those of the pictures; the weights are held still.

    Attributes:
        shares: float64 (S,), falling from 1 (as stored) to 0 (the pictures' own).
        right: float64 (S, N): the probability of every picture's right class there.
        correct: bool (S, N): whether it is the most probable one.
    """

    shares: np.ndarray
    right: np.ndarray
    correct: np.ndarray

    @property
    def share(self) -> float | None:
        """The largest share from which on every picture is read right, or None if even 0 does not help."""
        all_right = np.asarray(self.correct.all(axis=1))
        if not all_right[-1]:
            return None
        wrong = np.flatnonzero(~all_right)
        return float(self.shares[wrong[-1] + 1] if len(wrong) else self.shares[0])

    def updates(self, momentum: float) -> int | None:
        """How many more updates at this momentum until every picture is read right; None: never."""
        share = self.share
        if share is None:
            return None
        # A moving average never arrives: what only the pictures' own statistics repair is asked of the last step before.
        return updates_until(momentum, share if share > 0 else float(self.shares[-2]) / 10)

    def after(self, momentum: float, updates: float) -> tuple[np.ndarray, float]:
        """The right classes' probabilities (N,) and the accuracy after so many more updates, between the measured "
        "points."""
        share = initial_weight(momentum, updates)
        right = np.array([np.interp(share, self.shares[::-1], column[::-1]) for column in self.right.T])
        nearest = int(np.argmin(np.abs(self.shares - share)))
        return right, float(self.correct[nearest].mean())


def recovery(
    modes: TwoModes,
    pictures: np.ndarray,
    labels: np.ndarray,
    target: Statistics,
    shares: Sequence[float] = SHARES,
) -> Recovery:
    """Asks the network at every share.

    Args:
        pictures: float32 (N, *input shape).
        labels: int (N,).
        target: the statistics of the pictures.
    """
    stored, rows = modes.stored, np.arange(len(pictures))
    right, correct = [], []
    for share in shares:
        output = modes.run(pictures, training=False, statistics=stored.towards(target, share)).output
        right.append(output[rows, labels].astype(np.float64))
        correct.append(output.argmax(axis=1) == labels)
    return Recovery(np.asarray(shares, np.float64), np.stack(right), np.stack(correct))
