"""What a model alone says about its BatchNorm layers: how often they were updated, which are untouched, which are "
"frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.batchnorm.arithmetic import SETTLED, initial_weight
from lib.batchnorm.statistics import BatchNormLayer

if TYPE_CHECKING:
    from lib.network import Network


@dataclass(frozen=True)
class LayerHealth:
    """One BatchNorm layer as it is stored.

    Attributes:
        untouched: moving mean 0 and variance 1 in every channel, as before any training.
        dead: how many channels have a variance of practically 0: what goes in is constant.
        broken: a stored number is NaN or infinite.
        mean_range, deviation_range: smallest and largest of the stored means and standard deviations.
    """

    layer: BatchNormLayer
    untouched: bool
    dead: int
    broken: bool
    mean_range: tuple[float, float]
    deviation_range: tuple[float, float]


@dataclass(frozen=True)
class Health:
    """All BatchNorm layers of a model.

    Attributes:
        updates: the optimizer's steps, or None when the file does not say them.
        momentum: the largest of the layers that learn, which forgets slowest; None without layers.
        dropout: names of the layers that are random in training mode.
    """

    layers: tuple[LayerHealth, ...]
    updates: int | None
    momentum: float | None
    dropout: tuple[str, ...] = ()

    @property
    def residual(self) -> float | None:
        """The weight that the initial 0 and 1 still have, 0..1; None when the steps are not known."""
        if self.updates is None or self.updates < 0 or self.momentum is None or not 0 <= self.momentum <= 1:
            return None  # a file can say any number
        return initial_weight(self.momentum, self.updates)

    @property
    def untouched(self) -> tuple[LayerHealth, ...]:
        return tuple(entry for entry in self.layers if entry.untouched)

    @property
    def frozen(self) -> tuple[LayerHealth, ...]:
        return tuple(entry for entry in self.layers if not entry.layer.trainable)

    @property
    def alarms(self) -> tuple[str, ...]:
        """What is wrong for certain, as sentences; empty for a healthy model."""
        found = []
        broken = [entry for entry in self.layers if entry.broken]
        if broken:
            found.append(
                f"{_count(len(broken), len(self.layers))} NaN or infinite statistics: whatever passes is lost. Train anew "
                "with a smaller learning rate."
            )
        if self.untouched:
            found.append(
                f"{_count(len(self.untouched), len(self.layers))} a moving mean of 0 and a moving variance of 1, as "
                "before "
                "any training: in predict() they do not normalise at all, while in fit() they did."
            )
        elif self.residual is not None and self.residual > SETTLED:
            found.append(
                f"After {self.updates:,} updates at momentum {self.momentum:g}, the moving statistics still consist of "
                f"their initial 0 and 1 to {self.residual:.0%}: predict() does not see what fit() saw."
            )
        return tuple(found)


def health(network: Network, updates: int | None) -> Health:
    """Looks at every BatchNorm layer of a network once.

    Args:
        updates: optimizer steps as the file keeps them, or None.
    """
    found = []
    for layer in network.layers:
        if layer.kind != "BatchNormalization" or layer.repeated:
            continue
        found.append(_layer_health(layer.name, network.source(layer.name)))
    momenta = [entry.layer.momentum for entry in found if entry.layer.trainable]
    dropout = tuple(
        layer.name
        for layer in network.layers
        if not layer.repeated
        and "Dropout" in layer.kind
        and getattr(network.source(layer.name), "rate", False)
    )
    return Health(tuple(found), updates, max(momenta, default=None), dropout)


def is_untouched(layer: Any) -> bool:
    """Whether a Keras BatchNormalization layer still has its initial statistics."""
    mean, variance = np.asarray(layer.moving_mean), np.asarray(layer.moving_variance)
    return bool(np.all(mean == 0) and np.all(variance == 1))


def _layer_health(name: str, source: Any) -> LayerHealth:
    mean = np.asarray(source.moving_mean, np.float64)
    variance = np.asarray(source.moving_variance, np.float64)
    deviation = np.sqrt(np.maximum(variance, 0))
    return LayerHealth(
        BatchNormLayer(
            name, int(mean.size), float(source.momentum), float(source.epsilon), bool(source.trainable)
        ),
        is_untouched(source),
        int((variance < 1e-12).sum()),
        not (np.isfinite(mean).all() and np.isfinite(variance).all()),
        (float(mean.min()), float(mean.max())),
        (float(deviation.min()), float(deviation.max())),
    )


def _count(some: int, of: int) -> str:
    if some == of:
        return "The BatchNorm layer has" if of == 1 else f"All {of} BatchNorm layers have"
    return f"{some} of {of} BatchNorm layers {'has' if some == 1 else 'have'}"
