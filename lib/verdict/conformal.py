"""Conformal p-values: how many of the known pictures are at least as strange as a new one, with a guarantee.

If the new picture comes from where the N known ones come from (they are exchangeable), then for every a in 0..1 the chance
that p <= a is at most a. This holds for any witness, however bad, for every N, and for the combination. It says nothing
about pictures from elsewhere, and nothing about one picture alone: of typical pictures one in twenty has p <= 0.05.

Source: V. Vovk, A. Gammerman, G. Shafer, Algorithmic Learning in a Random World, 2005; G. Shafer and V. Vovk, A Tutorial on
Conformal Prediction, JMLR 9, 2008. The combination is Fisher's (minus the sum of log p) with weights, used as a score like
any other: that its terms are not independent costs nothing. A rank cannot say how far beyond all known pictures a new one
lies, and seven ordinary ranks outvote an extreme one; where the distance itself has a meaning it is added to the sum, which
costs the guarantee nothing either: the score of a picture still depends on nobody's place in the pool.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_AT_ONCE = 2_000_000


@dataclass(frozen=True, eq=False)
class PValues:
    """Of n pictures and W witnesses.

    Attributes:
        each: float64 (n, W), every witness by itself.
        combined: float64 (n,), of all witnesses together.
        score: float64 (n,), what the combination ranks by, higher for stranger.
        nats: float64 (n, W), each witness's part of the score.
    """

    each: np.ndarray
    combined: np.ndarray
    score: np.ndarray
    nats: np.ndarray


class Known:
    """The known pictures' witnesses, prepared for asking often.

    Args:
        strangeness: float (N, W), higher for stranger; N pictures that nothing was fitted to.
        weights: (W,), how much each witness's rank counts in the combination; None for all alike.
        per_unit: (W,), what each witness's value itself adds, in nats per unit; None for nothing. Such a value must not
            have been measured against the known pictures.
    """

    def __init__(
        self,
        strangeness: np.ndarray,
        weights: Sequence[float] | None = None,
        per_unit: Sequence[float] | None = None,
    ) -> None:
        self._values = np.asarray(strangeness, np.float64)
        if self._values.ndim != 2 or 0 in self._values.shape or np.isnan(self._values).any():
            raise ValueError(
                f"Conformal p-values need known pictures and witnesses, all numbers; these have the shape "
                f"{self._values.shape}."
            )
        self.count = len(self._values)
        self._weights = np.ones(self._values.shape[1]) if weights is None else np.asarray(weights, np.float64)
        self._per_unit = (
            np.zeros_like(self._weights) if per_unit is None else np.asarray(per_unit, np.float64)
        )
        self._own_values = self._by_value(self._values).sum(1)
        self._sorted = np.sort(self._values, axis=0)
        # How many of the known pictures are at least as strange as each of them, itself included.
        self._own = self._at_least(self._values)
        self._logs = np.log(np.arange(1, self.count + 2) / (self.count + 1))

    def p_values(self, strangeness: np.ndarray) -> PValues:
        """The p-values of new pictures, each by itself.

        The combination ranks every picture, known or new, within the N + 1 that the known ones and this new one are
        together: only so does it treat them alike, which the guarantee rests on.

        Args:
            strangeness: float (n, W).
        """
        new = np.asarray(strangeness, np.float64)
        new = np.where(np.isnan(new), np.inf, new)
        counts = 1 + self._at_least(new)
        nats = self._by_value(new) - self._logs[counts - 1] * self._weights
        score = nats.sum(1)
        least = max(1, _AT_ONCE // self._values.size)
        parts = [self._rank(new[i : i + least], score[i : i + least]) for i in range(0, len(new), least)]
        total = self.count + 1
        return PValues(counts / total, np.concatenate([*parts, np.zeros(0)]), score, nats)

    def _rank(self, new: np.ndarray, score: np.ndarray) -> np.ndarray:
        known = np.tile(self._own_values, (len(new), 1))
        for witness in np.flatnonzero(self._weights):
            # The new picture counts among those that are at least as strange as a known one.
            above = new[:, witness, None] >= self._values[:, witness]
            own = self._own[:, witness]
            known -= self._weights[witness] * np.where(above, self._logs[own], self._logs[own - 1])
        # Sums of the same numbers in another order are equal nearly to the last bit, whatever their size.
        near = 1e-9 * np.maximum(1, np.abs(np.where(np.isfinite(score), score, 0)))
        return (1 + (known >= (score - near)[:, None]).sum(1)) / (self.count + 1)

    def _at_least(self, values: np.ndarray) -> np.ndarray:
        """int64 (n, W): how many known pictures are at least as strange."""
        columns = [
            self.count - np.searchsorted(known, column, side="left")
            for known, column in zip(self._sorted.T, values.T, strict=True)
        ]
        return np.stack(columns, axis=1)

    def _by_value(self, values: np.ndarray) -> np.ndarray:
        """float64 (n, W): what the values themselves add; infinity times nothing is nothing."""
        return np.where(self._per_unit > 0, values, 0.0) * self._per_unit
