"""The network's own memory of its training data: BatchNorm's moving statistics beside those of one tensor.

No training data are needed. What the numbers weigh is `score`; whether the statistics have converged is `fingerprint`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod
from typing import TYPE_CHECKING

import numpy as np

from lib.layer import PICTURE

if TYPE_CHECKING:
    from lib.network import Network

NAMES = ("batchnorm_first", "batchnorm_mean", "batchnorm_worst")
# Values of all watched layers for one tensor, and in one batch: what may be held at once.
_VALUES, _BATCH_VALUES = 1_500_000, 30_000_000
_FEWEST_CHANNELS = 4
_UNSETTLED = 0.2
_FAR = 25.0


@dataclass(frozen=True, eq=False)
class Normalised:
    """One BatchNorm layer whose statistics mean something.

    Attributes:
        source: the layer that it normalises, or PICTURE.
        shape: of that layer's output, without batch axis.
        mean, deviation: float64 (C,), of the training data.
    """

    source: str
    shape: tuple[int, ...]
    mean: np.ndarray
    deviation: np.ndarray


def usable_layers(network: Network) -> tuple[Normalised, ...]:
    """BatchNorm layers of maps whose moving statistics hold the training data's; () when there is nothing to go by.

    Statistics that were never moved, or folded into the weights (mean 0 and variance 1 everywhere), say nothing; nor do
    those of a network that was trained for too few steps, where the file still tells.
    """
    if _left_of_the_beginning(network) > _UNSETTLED:
        return ()
    shapes = {layer.name: layer.shape for layer in network.layers}
    found = []
    for layer in network.layers:
        if layer.kind != "BatchNormalization" or layer.repeated or len(layer.shape) != 3:
            continue
        source = network.source(layer.name)
        mean, variance = (
            np.asarray(source.moving_mean, np.float64),
            np.asarray(source.moving_variance, np.float64),
        )
        name = layer.inputs[0] if layer.inputs else PICTURE
        shape = network.contract.input_shape if name == PICTURE else shapes.get(name, ())
        if None in shape or len(shape) != 3 or shape[-1] != len(mean) or _says_nothing(mean, variance):
            continue
        found.append(
            Normalised(name, tuple(int(n or 0) for n in shape), mean, np.sqrt(variance + source.epsilon))
        )
    return _affordable(found)


def batch_size(layers: Sequence[Normalised]) -> int:
    """How many tensors may be traced at once."""
    return int(np.clip(_BATCH_VALUES // max(1, sum(prod(layer.shape) for layer in layers)), 1, 64))


def witnesses(
    layers: Sequence[Normalised], activations: Mapping[str, np.ndarray], tensors: np.ndarray
) -> dict[str, np.ndarray]:
    """How far each tensor's statistics lie from the moving ones: of the first layer, on average, of the worst; 0 at best.

    Per layer it is the mean over the channels of the squared distance of the means, in the training data's standard
    deviations, and of the logarithm of the ratio of the deviations (the two terms of the divergence between normal
    distributions), and of that the logarithm.
    """
    distances = []
    for layer in layers:
        values = tensors if layer.source == PICTURE else activations[layer.source]
        mean = values.mean((1, 2), dtype=np.float64)
        deviation = np.sqrt(values.var((1, 2), dtype=np.float64) + 1e-12)
        off = np.minimum(((mean - layer.mean) / layer.deviation) ** 2, _FAR)
        ratio = np.minimum(np.abs(np.log(deviation / layer.deviation)), np.sqrt(_FAR))
        distances.append(np.log1p((off + ratio).mean(1)))
    table = np.stack(distances, 1)
    return {
        "batchnorm_first": -table[:, 0],
        "batchnorm_mean": -table.mean(1),
        "batchnorm_worst": -table.max(1),
    }


def _says_nothing(mean: np.ndarray, variance: np.ndarray) -> bool:
    """Whether these are the statistics of a layer that normalises nothing, or too few channels to compare."""
    untouched = np.abs(mean).max() < 1e-3 and np.abs(variance - 1).max() < 5e-3
    return bool(
        untouched or len(mean) < _FEWEST_CHANNELS or not np.isfinite(mean).all() or (variance <= 0).all()
    )


def _left_of_the_beginning(network: Network) -> float:
    """The share that the initial 0 and 1 still have in the statistics, 0 where nobody knows."""
    from lib.autopsy.fingerprint.training import known_training

    iterations = known_training(network, None).iterations
    momenta = [
        float(network.source(layer.name).momentum)
        for layer in network.layers
        if layer.kind == "BatchNormalization" and not layer.repeated
    ]
    # No step at all: compiled and saved again, the statistics are those of an earlier training.
    return max(momenta) ** iterations if momenta and iterations else 0.0


def _affordable(layers: Sequence[Normalised]) -> tuple[Normalised, ...]:
    """All of them, or the first and the smallest that fit."""
    if not layers or sum(prod(layer.shape) for layer in layers) <= _VALUES:
        return tuple(layers)
    kept, left = [layers[0]], _VALUES - prod(layers[0].shape)
    for layer in sorted(layers[1:], key=lambda layer: prod(layer.shape)):
        if prod(layer.shape) <= left:
            kept.append(layer)
            left -= prod(layer.shape)
    return tuple(layer for layer in layers if any(layer is k for k in kept))
