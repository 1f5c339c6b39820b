"""Small networks with BatchNorm for these tests. No test lives here."""

from __future__ import annotations

import keras
import numpy as np

from lib.contract import Contract
from lib.network import Network

L = keras.layers
SHAPE = (8, 8, 1)


def plain(momentum: float = 0.99) -> keras.Model:
    """Two BatchNorm layers, the first behind a convolution, the second behind a dense layer; with dropout between."""
    keras.utils.set_random_seed(3)
    return keras.Sequential(
        [
            keras.Input(SHAPE),
            L.Conv2D(4, 3, name="conv"),
            L.BatchNormalization(momentum=momentum, name="first"),
            L.ReLU(),
            L.Flatten(),
            L.Dropout(0.5),
            L.Dense(5, name="dense"),
            L.BatchNormalization(momentum=momentum, name="second"),
            L.Dense(3, "softmax", name="answer"),
        ]
    )


def nested() -> keras.Model:
    """A BatchNorm layer inside a nested model, and one that is used twice."""
    keras.utils.set_random_seed(4)
    inner_in = keras.Input(SHAPE)
    inner = keras.Model(inner_in, L.BatchNormalization(name="inside")(L.Conv2D(2, 3)(inner_in)), name="base")
    inputs = keras.Input(SHAPE)
    x = L.Flatten()(inner(inputs))
    shared = L.BatchNormalization(name="shared")
    x = shared(L.Dense(4)(x))
    x = shared(L.Dense(4)(x))
    return keras.Model(inputs, L.Dense(3, "softmax")(x))


def network(model: keras.Model, momentum: float = 0.99) -> Network:
    return Network(model, Contract(SHAPE, SHAPE[:2], ("a", "b", "c"), output="softmax"))


def pictures(count: int = 6, seed: int = 0) -> np.ndarray:
    """float32 (count, 8, 8, 1), 0..255."""
    return np.random.default_rng(seed).uniform(0, 255, (count, *SHAPE)).astype(np.float32)
