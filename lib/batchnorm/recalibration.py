"""Recalibration: BatchNorm's statistics computed anew from given pictures, without touching a single weight.

The method is the "precise BatchNorm" of Wu and Johnson 2021, "Rethinking 'Batch' in BatchNorm" (https://arxiv.org/abs/2105.07576):
instead of a moving average that forgets slowly, the cumulative average over the pictures, every picture counting the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lib.batchnorm.statistics import BatchNormLayer, Statistics

if TYPE_CHECKING:
    from lib.batchnorm.two_modes import TwoModes

AT_ONCE = 64
"""Pictures in one batch. Up to so many, the result is exact: inference then equals the training mode of that batch."""


class CumulativeAverage:
    """The statistics of all pictures of several batches, as if they had been one."""

    def __init__(self, layers: Sequence[BatchNormLayer]) -> None:
        self._count = 0
        self._sums = [np.zeros(layer.channels, np.float64) for layer in layers]
        self._squares = [np.zeros(layer.channels, np.float64) for layer in layers]

    def add(self, batch: Statistics, pictures: int) -> None:
        """Takes one batch in, whatever its size."""
        self._count += pictures
        for index, (mean, variance) in enumerate(zip(batch.means, batch.variances, strict=True)):
            wide = mean.astype(np.float64)
            self._sums[index] += pictures * wide
            self._squares[index] += pictures * (variance.astype(np.float64) + wide * wide)

    @property
    def statistics(self) -> Statistics:
        """Mean and biased variance over everything that was added.

        Raises:
            ValueError: nothing was added.
        """
        if not self._count:
            raise ValueError("Recalibration needs at least one picture.")
        means = [total / self._count for total in self._sums]
        variances = [
            np.maximum(squares / self._count - mean * mean, 0.0)
            for squares, mean in zip(self._squares, means, strict=True)
        ]
        return Statistics(
            tuple(m.astype(np.float32) for m in means), tuple(v.astype(np.float32) for v in variances)
        )


def recalibrated(modes: TwoModes, pictures: np.ndarray, at_once: int = AT_ONCE) -> Statistics:
    """The statistics of these pictures, in every layer that is not frozen; frozen ones keep theirs.

    Args:
        pictures: float32 (N, *input shape), as the network gets them.
        at_once: pictures in one batch. The first BatchNorm layer's statistics are exact whatever the batches; deeper ones
            are exact when all pictures fit into one batch, since in fit() a batch is normalised by itself.
    """
    average = CumulativeAverage(modes.layers)
    for batch in _batches(pictures, at_once):
        average.add(modes.run(batch, training=True).batch, len(batch))
    stored, found = modes.stored, average.statistics
    kept = [index for index, layer in enumerate(modes.layers) if not layer.trainable]
    means, variances = list(found.means), list(found.variances)
    for index in kept:
        means[index], variances[index] = stored.means[index], stored.variances[index]
    return Statistics(tuple(means), tuple(variances))


def _batches(pictures: np.ndarray, at_once: int) -> Iterable[np.ndarray]:
    """Batches of nearly the same size: a last batch of one picture would have statistics of its own."""
    return np.array_split(pictures, -(-len(pictures) // at_once)) if len(pictures) else ()
