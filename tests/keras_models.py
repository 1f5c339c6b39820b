"""Small Keras models of every build that people bring, with the symbolic tensors that their layers give; no tests here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from lib.contract import Contract

L = keras.layers
Tensors = dict[str, Any]


def contract_for(model: keras.Model, output: str = "logits") -> Contract:
    """A contract that fits the model's input and number of outputs."""
    shape = tuple(model.inputs[0].shape[1:])
    size = (round(shape[0] ** 0.5),) * 2 if len(shape) == 1 else shape[:2]
    names = [f"class {k}" for k in range(model.outputs[0].shape[-1])]
    return Contract(shape, size, names, channels=shape[2] if len(shape) == 3 else 1, output=output)


def batch_for(model: keras.Model, n: int = 5, seed: int = 0) -> np.ndarray:
    """float32 (n, *input shape), 0..1."""
    return np.random.default_rng(seed).random((n, *model.inputs[0].shape[1:]), np.float32)


def shaken(model: keras.Model, seed: int = 0) -> keras.Model:
    """The model with random weights everywhere, so that no bias, scale or moving average keeps its neutral start."""
    rng = np.random.default_rng(seed)
    for variable in model.weights:
        variable.assign(rng.uniform(0.1, 0.6, variable.shape) * rng.choice([1, -1], variable.shape))
        if "variance" in variable.path or "gamma" in variable.path:
            variable.assign(rng.uniform(0.5, 1.5, variable.shape))
    return model


def inside(nested: keras.Model, source: Any) -> Tensors:
    """What the layers of a nested model give when it is called on `source`, by the opened model's names."""
    return {f"{nested.name}/{x.name}": keras.Model(nested.inputs[0], x.output)(source) for x in nested.layers}


def sequential_vector() -> tuple[keras.Model, Tensors]:
    model = keras.Sequential(
        [keras.Input((784,)), L.Dense(16, "relu", name="hidden"), L.Dense(3, name="out")], name="vector"
    )
    return model, {x.name: x.output for x in model.layers}


def sequential_matrix() -> tuple[keras.Model, Tensors]:
    model = keras.Sequential(
        [keras.Input((28, 28)), L.Flatten(name="flat"), L.Dropout(0.5, name="drop"), L.Dense(3, name="out")]
    )
    return model, {x.name: x.output for x in model.layers}


def functional_convolution() -> tuple[keras.Model, Tensors]:
    i = keras.Input((28, 28, 1))
    x = L.Conv2D(4, 3, name="conv")(i)
    x = L.BatchNormalization(name="bn")(x)
    x = L.ReLU(name="relu")(x)
    x = L.MaxPooling2D(4, name="pool")(x)
    model = keras.Model(i, L.Dense(3, name="out")(L.Flatten(name="flat")(x)))
    return model, {x.name: x.output for x in model.layers[1:]}


def branches() -> tuple[keras.Model, Tensors]:
    i = keras.Input((32, 32, 3))
    a = L.Conv2D(4, 3, strides=4, padding="same", name="left")(i)
    b = L.Conv2D(4, 5, strides=4, padding="same", activation="relu", name="right")(i)
    x = L.Concatenate(name="join")([L.Add(name="sum")([a, b]), a])
    model = keras.Model(i, L.Dense(3, name="out")(L.GlobalAveragePooling2D(name="mean")(x)))
    return model, {x.name: x.output for x in model.layers[1:]}


def bare_operations() -> tuple[keras.Model, Tensors]:
    i = keras.Input((28, 28))
    doubled = keras.ops.multiply(i, 2.0)
    flat = keras.ops.reshape(doubled, (-1, 784))
    out = L.Dense(3, name="out")(flat) + 1.0
    model = keras.Model(i, out)
    return model, {x.name: x.output for x in model.operations if not isinstance(x, L.InputLayer)}


def layer_used_twice() -> tuple[keras.Model, Tensors]:
    i = keras.Input((784,))
    shared = L.Dense(784, "relu", name="shared")
    once = shared(i)
    twice = shared(once)
    out = L.Dense(3, name="out")(twice)
    return keras.Model(i, out), {"shared": once, "shared#2": twice, "out": out}


def _convolutions(name: str) -> keras.Model:
    return keras.Sequential(
        [keras.Input((28, 28, 1)), L.Conv2D(2, 5, 3, name="conv"), L.BatchNormalization(name="bn")], name=name
    )


def sequential_in_functional() -> tuple[keras.Model, Tensors]:
    base = _convolutions("base")
    i = keras.Input((28, 28, 1))
    features = base(i)
    flat = L.Flatten(name="flat")(features)
    out = L.Dense(3, name="out")(flat)
    return keras.Model(i, out), {**inside(base, i), "base": features, "flat": flat, "out": out}


def functional_in_functional() -> tuple[keras.Model, Tensors]:
    j = keras.Input((28, 28, 1))
    hidden = L.Conv2D(2, 5, 3, activation="relu", name="conv")(j)
    base = keras.Model(j, L.Add(name="twice")([hidden, hidden]), name="base")
    i = keras.Input((28, 28, 1))
    features = base(i)
    flat = L.Flatten(name="flat")(features)
    out = L.Dense(3, name="out")(flat)
    found = {key: value for key, value in inside(base, i).items() if "input" not in key}
    return keras.Model(i, out), {**found, "base": features, "flat": flat, "out": out}


def two_levels() -> tuple[keras.Model, Tensors]:
    inner = _convolutions("inner")
    j = keras.Input((28, 28, 1))
    outer = keras.Model(j, L.ReLU(name="relu")(inner(j)), name="outer")
    i = keras.Input((28, 28, 1))
    features = outer(i)
    flat = L.Flatten(name="flat")(features)
    out = L.Dense(3, name="out")(flat)
    deep = {f"outer/{key}": value for key, value in inside(inner, i).items()}
    middle = {"outer/inner": inner(i), "outer/relu": outer(i)}
    return keras.Model(i, out), {**deep, **middle, "outer": features, "flat": flat, "out": out}


def nested_used_twice() -> tuple[keras.Model, Tensors]:
    base = keras.Sequential([keras.Input((9,)), L.Dense(9, "tanh", name="step")], name="base")
    i = keras.Input((9,))
    once = base(i)
    twice = base(once)
    out = L.Dense(2, name="out")(twice)
    again = {f"{key}#2": value for key, value in inside(base, once).items()}
    return keras.Model(i, out), {**inside(base, i), "base": once, **again, "base#2": twice, "out": out}


BUILDS: dict[str, Callable[[], tuple[keras.Model, Tensors]]] = {
    build.__name__: build
    for build in (
        sequential_vector,
        sequential_matrix,
        functional_convolution,
        branches,
        bare_operations,
        layer_used_twice,
        sequential_in_functional,
        functional_in_functional,
        two_levels,
        nested_used_twice,
    )
}
