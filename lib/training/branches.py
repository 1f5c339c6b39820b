"""Two trained networks of one kind side by side as one: the mean of their logits, in a file no larger than one of them.

What the networks learn, and when, lives with the recipe that joins them.
"""

from __future__ import annotations

import keras
import numpy as np

SUFFIXES = ("a", "b")
_BITS = 9


def joined(first: keras.Model, second: keras.Model, name: str) -> keras.Model:
    """A functional model whose logits are the mean of those of two Sequential ones.

    The input and everything without weights before the first weights is shared. Every further layer stands there twice, as
    "NAME_a" and "NAME_b", but for the last: the two inputs of the last Dense layers, concatenated, go into one Dense layer
    with their kernels under each other, halved. All kernels are rounded to 9 bits behind the point, a bit less than half
    precision, which is what lets a compressed file hold two networks; their type stays float32.

    Args:
        first, second: Sequential, of the same layers, ending in a linear Dense layer.
        name: of the new model.
    """
    shared: list[keras.Layer] = []
    for layer in first.layers:
        if layer.weights:
            break
        shared.append(layer)
    inputs = keras.Input(first.input_shape[1:], name="input")
    start = inputs
    for layer in shared:
        start = _copy(layer, layer.name)(start)
    ends = [
        _branch(model, len(shared), start, suffix)
        for model, suffix in zip((first, second), SUFFIXES, strict=True)
    ]
    both = keras.layers.Concatenate(name="both")(ends)
    last = [model.layers[-1] for model in (first, second)]
    logits = _copy(last[0], last[0].name)
    result = keras.Model(inputs, logits(both), name=name)
    kernels, biases = zip(*(layer.get_weights() for layer in last), strict=True)
    logits.set_weights([np.concatenate(kernels) / 2, sum(biases) / 2])
    for layer in result.layers:
        # Biases and BatchNorm's few weights stay exact.
        if hasattr(layer, "kernel"):
            layer.kernel.assign(rounded(layer.kernel.numpy()))
    return result


def _branch(model: keras.Model, skipped: int, start: object, suffix: str) -> object:
    """The layers between what is shared and the last one, with their weights."""
    for layer in model.layers[skipped:-1]:
        own = _copy(layer, f"{layer.name}_{suffix}")
        start = own(start)
        own.set_weights(layer.get_weights())
    return start


def _copy(layer: keras.Layer, name: str) -> keras.Layer:
    """The same layer under another name, without its weights."""
    own: keras.Layer = type(layer).from_config({**layer.get_config(), "name": name})
    return own


def rounded(values: np.ndarray, bits: int = _BITS) -> np.ndarray:
    """float32 with only `bits` behind the point of each mantissa: off by at most one part in 2 ** (bits + 1)."""
    mantissa, exponent = np.frexp(values.astype(np.float32))
    scale = np.float32(2 ** (bits + 1))
    return np.ldexp(np.rint(mantissa * scale) / scale, exponent)
