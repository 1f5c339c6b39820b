"""The outlier probe: a linear memory of how a network's layers answer to pictures of no class. It is fitted elsewhere.

Scores and the last features know little about pictures without any class: the network was made to name one. But strokes
and textures excite the earlier layers differently, and a plane through what the layers answer tells them apart. It is a
part of the Reference: one weight for every number, no picture.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lib.reference.arrays_file import read_arrays

if TYPE_CHECKING:
    from lib.layer import Layer

FORMAT = 1
_MOST = 5.0
_SILENT = frozenset({"Flatten", "Reshape", "Dropout", "Softmax", "Activation", "InputLayer"})


@dataclass(frozen=True, eq=False)
class OutlierProbe:
    """A logistic regression on D numbers of some layers, pictures with a class against outsiders.

    Source: D. Hendrycks, M. Mazeika, T. Dietterich, Deep Anomaly Detection with Outlier Exposure, ICLR 2019 (there the
    network itself is trained on outsiders); G. Alain, Y. Bengio, Understanding intermediate layers using linear classifier
    probes, 2016.

    Attributes:
        layers: names of the layers that are read, in this order.
        mean, spread: float32 (D,), of the pictures with a class.
        weights: float32 (D,).
        held_out: float32 (N,), the scores of the Reference's held-out pictures, in their order.
    """

    layers: tuple[str, ...]
    mean: np.ndarray
    spread: np.ndarray
    weights: np.ndarray
    held_out: np.ndarray

    def __post_init__(self) -> None:
        arrays = (self.mean, self.spread, self.weights)
        fits = self.layers and all(a.ndim == 1 and a.shape == self.weights.shape for a in arrays)
        finite = all(np.isfinite(a).all() for a in (*arrays, self.held_out))
        if not (fits and finite and self.held_out.ndim == 1 and (self.spread > 0).all()):
            raise ValueError("This is not a usable outlier probe: its numbers do not fit together.")

    def scores(self, activations: Mapping[str, np.ndarray]) -> np.ndarray:
        """float32 (n,): higher for pictures that look like none of the classes.

        Args:
            activations: of a `Trace`; every one of `layers` is among them.
        """
        return np.asarray(standard(answers(activations, self.layers), self.mean, self.spread) @ self.weights)

    def save(self, path: str | Path) -> None:
        """Write an npz file."""
        values = {**vars(self), "layers": np.array(self.layers)}
        np.savez_compressed(path, format=np.int64(FORMAT), **values)

    @classmethod
    def load(cls, path: str | Path) -> OutlierProbe:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: if the file does not exist.
            ValueError: if it is not an outlier probe.
        """
        arrays = read_arrays(path, cls.__dataclass_fields__, FORMAT, "an outlier probe")
        layers = tuple(str(name) for name in arrays.pop("layers"))
        return cls(layers, **arrays)


def probed_layers(layers: Sequence[Layer]) -> tuple[str, ...]:
    """The layers that a probe reads: every pooled map, and every vector up to the logits."""
    return tuple(
        layer.name
        for layer in layers
        if not layer.nested
        and layer.kind not in _SILENT
        and (len(layer.shape) == 1 or (len(layer.shape) == 3 and "Pooling" in layer.kind))
    )


def answers(activations: Mapping[str, np.ndarray], layers: Sequence[str]) -> np.ndarray:
    """float32 (n, D): vectors as they are; of every channel's map its mean, standard deviation and largest value."""
    parts = []
    for name in layers:
        values = np.asarray(activations[name], np.float32)
        if values.ndim > 2:
            places = tuple(range(1, values.ndim - 1))
            parts += [values.mean(places), values.std(places), values.max(places)]
        else:
            parts.append(values)
    return np.concatenate(parts, axis=1)


def standard(rows: np.ndarray, mean: np.ndarray, spread: np.ndarray) -> np.ndarray:
    """float32 (n, D): in spreads from the mean, no farther than five: one wild number must not decide."""
    return np.clip((rows - mean) / spread, -_MOST, _MOST)
