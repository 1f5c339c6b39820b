"""How a checked model travels from the separate process to the app: Keras's description as JSON, weights as plain numbers.

So neither HDF5 nor any other binary format of the visitor's file is ever parsed in the app's process.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import keras
import numpy as np

from lib.zoo.own import allowed
from lib.zoo.own.limits import ModelLimits

_DTYPES = allowed.named("float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool")


class TransferError(ValueError):
    """What arrived is not what a checked model leaves behind."""


def describe(model: keras.Model) -> dict[str, Any]:
    """The model's layers as Keras describes them, JSON-serialisable."""
    return json.loads(json.dumps(keras.saving.serialize_keras_object(model)))


def build(config: Mapping[str, Any]) -> keras.Model:
    """A model with fresh weights from a checked description, of today's Keras or of an older HDF5 file."""
    copied = json.loads(json.dumps(config))  # Keras takes pieces out of what it is given
    if "module" in copied:
        return keras.saving.deserialize_keras_object(copied, safe_mode=True)
    kind = keras.Sequential if copied["class_name"] == "Sequential" else keras.Model
    return kind.from_config(copied["config"])


def outline(config: Mapping[str, Any]) -> keras.Model:
    """The model without any memory for its weights: enough to count parameters and to see shapes."""
    with keras.StatelessScope(initialize_variables=False):
        return build(config)


def pack(weights: Sequence[np.ndarray]) -> tuple[list[list[Any]], bytes]:
    """[[dtype, shape], ...] and the numbers one after the other, little-endian."""
    plain = [w if w.dtype.name in _DTYPES else w.astype(np.float32) for w in map(np.asarray, weights)]
    heads = [[w.dtype.name, list(w.shape)] for w in plain]
    return heads, b"".join(np.ascontiguousarray(w, w.dtype.newbyteorder("<")).tobytes() for w in plain)


def unpack(heads: object, data: bytes) -> list[np.ndarray]:
    """The arrays that `pack` was given.

    Raises:
        TransferError: they do not fit the bytes.
    """
    if not isinstance(heads, list):
        raise TransferError("The weights have no list of shapes.")
    arrays, position = [], 0
    for head in heads:
        if not (
            isinstance(head, list) and len(head) == 2 and head[0] in _DTYPES and isinstance(head[1], list)
        ):
            raise TransferError("A weight has no dtype or shape.")
        dtype, shape = np.dtype(head[0]).newbyteorder("<"), head[1]
        if not all(isinstance(n, int) and not isinstance(n, bool) and n >= 0 for n in shape):
            raise TransferError("A weight's shape is no list of whole numbers.")
        size = math.prod(shape) * dtype.itemsize
        if position + size > len(data):
            raise TransferError("The weights are longer than what arrived.")
        arrays.append(np.frombuffer(data, dtype, math.prod(shape), position).reshape(shape))
        position += size
    if position != len(data):
        raise TransferError("The weights are shorter than what arrived.")
    return arrays


def received(recipe: Mapping[str, Any], data: bytes, name: str, limits: ModelLimits) -> keras.Model:
    """The model from what the separate process left behind.

    Args:
        recipe: "config" and "weights" (their dtypes and shapes), or "graph" (where a SavedModel's graph begins and ends).
        data: the weights' numbers, or the graph.

    Raises:
        ValueError: they make no model.
    """
    if "graph" not in recipe:
        return rebuild(json.loads(recipe["config"]), unpack(recipe.get("weights"), data))
    import tensorflow as tf

    from lib.zoo.own.graph import check_graph, model_of

    graph, ends = tf.compat.v1.GraphDef.FromString(data), recipe["graph"]
    check_graph(graph, name, limits)
    return model_of(
        graph, str(ends["source"]), str(ends["result"]), tuple(ends["shape"]), tuple(ends["scores"])
    )


def rebuild(config: Mapping[str, Any], weights: Sequence[np.ndarray]) -> keras.Model:
    """The model with its weights.

    Raises:
        ValueError: they do not fit each other.
    """
    model = build(config)
    model.set_weights(list(weights))
    for layer in _layers(model):
        if isinstance(layer, keras.layers.Normalization):
            layer.finalize_state()  # it computes with a copy of its mean and variance
    return model


def _layers(model: keras.Model) -> Iterator[Any]:
    """All layers, those of nested models included."""
    for layer in model.layers:
        yield layer
        if isinstance(layer, keras.Model):
            yield from _layers(layer)
