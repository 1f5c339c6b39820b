"""What a Reference remembers of its pictures' looks, whatever a network makes of them: strokes by class, and grain.

How each of the two is measured lives in `strokes.py` and `grain.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from lib.reference.grain import Grain, fit_grain, grain_vectors
from lib.reference.strokes import Strokes, fit_strokes, stroke_vectors

_NAMES = ("stroke_labels", "stroke_means", "stroke_axes", "stroke_leftover", "held_out_strokes")
_GRAIN_NAMES = ("grain_bank", "grain_spread", "held_out_grain")


@dataclass(frozen=True, eq=False)
class Likeness:
    """Of the training pictures, with the distances of the N held-out ones.

    Attributes:
        strokes: None where no class has ten pictures.
        grain: of some training pictures.
        held_out_strokes: float32 (N,), see `Strokes.distances`; of no length without strokes.
        held_out_grain: float32 (N,), see `Grain.distances`.
    """

    strokes: Strokes | None
    grain: Grain
    held_out_strokes: np.ndarray
    held_out_grain: np.ndarray

    def fits(self, held_out: int, classes: int) -> bool:
        """Whether this is of so many held-out pictures, of a network with so many classes."""
        known = self.strokes is None or (
            (self.strokes.labels >= 0).all() and (self.strokes.labels < classes).all()
        )
        expected = (held_out if self.strokes else 0,)
        numbers = np.isfinite(self.held_out_strokes).all() and np.isfinite(self.held_out_grain).all()
        return bool(
            known
            and numbers
            and self.held_out_strokes.shape == expected
            and self.held_out_grain.shape == (held_out,)
        )

    def arrays(self) -> dict[str, np.ndarray]:
        """By name, for a file; `from_arrays` reads them."""
        found = (self.grain.bank, self.grain.spread, self.held_out_grain)
        named = dict(zip(_GRAIN_NAMES, found, strict=True))
        if self.strokes is None:
            return named
        strokes = self.strokes
        left = np.array(strokes.leftover)
        more = (strokes.labels, strokes.means, strokes.axes, left, self.held_out_strokes)
        return named | dict(zip(_NAMES, more, strict=True))

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Likeness | None:
        """None if there are none of these: the file was written by an older version.

        Raises:
            ValueError: the arrays do not fit together.
            KeyError: some are missing.
        """
        if not set(_GRAIN_NAMES) & set(arrays):
            return None
        bank, spread, held_out_grain = (arrays[name] for name in _GRAIN_NAMES)
        strokes, held_out_strokes = None, np.zeros(0, np.float32)
        if set(_NAMES) & set(arrays):
            labels, means, axes, leftover, held_out_strokes = (arrays[name] for name in _NAMES)
            strokes = Strokes(labels, means, axes, float(leftover))
        return cls(strokes, Grain(bank, spread), held_out_strokes, held_out_grain)


def build_likeness(
    batches: Iterable[np.ndarray],
    labels: np.ndarray,
    banked: np.ndarray,
    held_out: Iterable[np.ndarray],
    held_out_logits: np.ndarray,
    value_range: str,
) -> Likeness:
    """From training pictures, batch by batch.

    Args:
        batches: float32 (n, ...), M training pictures in all; `labels` (M,) of them.
        banked: positions among them of those whose grain is kept.
        held_out: batches of the N held-out pictures.
        held_out_logits: (N, K), what the network answers for them.
    """
    parts = [(stroke_vectors(part, value_range), grain_vectors(part, value_range)) for part in batches]
    strokes = fit_strokes(np.concatenate([part[0] for part in parts]), labels)
    grain = fit_grain(np.concatenate([part[1] for part in parts])[banked])
    of_strokes, of_grain, done = [np.zeros(0)], [np.zeros(0)], 0
    for part in held_out:
        logits = held_out_logits[done : done + len(part)]
        done += len(part)
        of_grain.append(grain.distances(grain_vectors(part, value_range)))
        if strokes is not None:
            of_strokes.append(strokes.distances(stroke_vectors(part, value_range), logits))
    return Likeness(
        strokes,
        grain,
        np.concatenate(of_strokes).astype(np.float32),
        np.concatenate(of_grain).astype(np.float32),
    )
