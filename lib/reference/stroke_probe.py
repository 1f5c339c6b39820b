"""The stroke probe: a small network that was taught by strokes what is drawn like one of the classes, and what like none.

The other witnesses know only pictures of the classes; this one has seen outsiders as well. It is a part of the Reference:
two matrices, no picture. Asking lives here, teaching elsewhere (`lib.training.stroke_probe`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from lib.probabilities import logsumexp
from lib.reference.arrays_file import read_arrays
from lib.reference.strokes import WIDTH

FORMAT = 1


@dataclass(frozen=True, eq=False)
class StrokeProbe:
    """A layer of H hidden units with ReLU on `stroke_vectors`, then K logits of the classes and one of none of them.

    Source: D. Hendrycks, M. Mazeika, T. Dietterich, Deep Anomaly Detection with Outlier Exposure, ICLR 2019 (there the
    network itself is taught); the strokes: N. Dalal, B. Triggs, Histograms of oriented gradients, CVPR 2005.

    Attributes:
        hidden, hidden_bias: float16 (WIDTH, H), (H,).
        output, output_bias: float16 (H, K + 1), (K + 1,); the last is "none of the classes".
        held_out: float32 (N,), the scores of the Reference's held-out pictures, in their order.
    """

    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray
    held_out: np.ndarray

    def __post_init__(self) -> None:
        arrays = tuple(vars(self).values())
        if not self._fits() or not all(np.isfinite(values).all() for values in arrays):
            raise ValueError("This is not a usable stroke probe: its numbers do not fit together.")

    def _fits(self) -> bool:
        if [values.ndim for values in vars(self).values()] != [2, 1, 2, 1, 1]:
            return False
        units, answers = self.output.shape
        return (
            self.hidden.shape == (WIDTH, units)
            and self.hidden_bias.shape == (units,)
            and self.output_bias.shape == (answers,)
            and answers >= 2
        )

    def scores(self, vectors: np.ndarray) -> np.ndarray:
        """float64 (n,): the logarithm of the odds that a picture is none of the classes, as the teaching had them.

        Args:
            vectors: float32 (n, WIDTH), `lib.reference.strokes.stroke_vectors`.
        """
        hidden, hidden_bias, output, output_bias = self._exact
        answers = np.maximum(vectors @ hidden + hidden_bias, 0) @ output + output_bias
        return np.asarray(answers[:, -1].astype(np.float64) - logsumexp(answers[:, :-1]))

    @cached_property
    def _exact(self) -> tuple[np.ndarray, ...]:
        """float32: what the products are fast with."""
        stored = (self.hidden, self.hidden_bias, self.output, self.output_bias)
        return tuple(values.astype(np.float32) for values in stored)

    def save(self, path: str | Path) -> None:
        """Write an npz file."""
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        np.savez_compressed(path, format=np.int64(FORMAT), **values)

    @classmethod
    def load(cls, path: str | Path) -> StrokeProbe:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: if the file does not exist.
            ValueError: if it is not a stroke probe.
        """
        return cls(**read_arrays(path, cls.__dataclass_fields__, FORMAT, "a stroke probe"))
