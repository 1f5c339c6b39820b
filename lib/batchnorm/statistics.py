"""Values: the BatchNorm layers of a network, one pair of statistics for each, and how far two pairs are apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

FAR = 0.5
"""From this distance on a layer counts as diverging: its input is off by half of its own standard deviation."""


@dataclass(frozen=True)
class BatchNormLayer:
    """One BatchNormalization layer.

    Attributes:
        name: a layer inside a nested model is called "model/layer".
        trainable: False for a frozen layer, which stays in inference mode in fit(), too (Keras 2.2 and later).
    """

    name: str
    channels: int
    momentum: float
    epsilon: float
    trainable: bool = True


@dataclass(frozen=True, eq=False)
class Statistics:
    """A mean and a variance for every channel of every layer.

    Attributes:
        means, variances: float32 (channels,) for each layer, in the order of the network.
    """

    means: tuple[np.ndarray, ...]
    variances: tuple[np.ndarray, ...]

    def packed(self) -> np.ndarray:
        """float32 (2, sum of channels): means, then variances."""
        if not self.means:
            return np.zeros((2, 0), np.float32)
        return np.stack([np.concatenate(self.means), np.concatenate(self.variances)]).astype(np.float32)

    @staticmethod
    def unpacked(packed: np.ndarray, layers: Sequence[BatchNormLayer]) -> Statistics:
        """What `packed` packed.

        Raises:
            ValueError: these are not the layers' statistics.
        """
        ends = np.cumsum([layer.channels for layer in layers])
        if packed.shape != (2, int(ends[-1]) if len(ends) else 0):
            raise ValueError(f"Statistics of shape {packed.shape} do not belong to {len(layers)} layers.")
        means, variances = (tuple(np.split(row, ends[:-1])) if len(ends) else () for row in packed)
        return Statistics(means, variances)

    def towards(self, other: Statistics, share: float) -> Statistics:
        """What is left of these statistics' distance to `other` when it has shrunk to `share`: 1 is here, 0 is there.

        A moving average does exactly that under batches that do not change: share = momentum ** updates.
        """

        def between(ours: Sequence[np.ndarray], theirs: Sequence[np.ndarray]) -> tuple[np.ndarray, ...]:
            return tuple(
                (share * a + (1 - share) * b).astype(np.float32) for a, b in zip(ours, theirs, strict=True)
            )

        return Statistics(between(self.means, other.means), between(self.variances, other.variances))


@dataclass(frozen=True)
class Distance:
    """How far stored statistics are from those of a batch, over the channels of one layer.

    Attributes:
        mean: root mean square of (stored mean - batch mean) / batch standard deviation.
        scale: root mean square of ln(stored standard deviation / batch standard deviation).
    """

    mean: float
    scale: float

    @property
    def total(self) -> float:
        return float(np.hypot(self.mean, self.scale))

    @property
    def factor(self) -> float:
        """By what factor the standard deviation is typically off, 1 or more."""
        return float(np.exp(min(self.scale, 50.0)))


def distances(
    layers: Sequence[BatchNormLayer], stored: Statistics, batch: Statistics
) -> tuple[Distance, ...]:
    """One distance for each layer, in the order of the network."""
    found = []
    for index, layer in enumerate(layers):
        off, scale = by_channel(layer, index, stored, batch)
        found.append(Distance(float(np.sqrt(np.mean(off**2))), float(np.sqrt(np.mean(scale**2)))))
    return tuple(found)


def by_channel(
    layer: BatchNormLayer, index: int, stored: Statistics, batch: Statistics
) -> tuple[np.ndarray, np.ndarray]:
    """For every channel: how many standard deviations the stored mean is off, and ln of the ratio of the deviations.

    Returns:
        Two float64 (channels,). Each layer's epsilon is added to its variances, as the layer itself does.
    """
    there = batch.variances[index].astype(np.float64) + layer.epsilon
    here = stored.variances[index].astype(np.float64) + layer.epsilon
    off = (stored.means[index].astype(np.float64) - batch.means[index]) / np.sqrt(there)
    return off, 0.5 * np.log(np.maximum(here, 1e-300) / np.maximum(there, 1e-300))


def first_diverging(found: Sequence[Distance], far: float = FAR) -> int | None:
    """The first layer in the order of the network that is so far off, or None; what follows it inherits its error."""
    return next((index for index, distance in enumerate(found) if distance.total >= far), None)
