"""A small network that has learned upright and lying bars, with its Reference."""

import functools

import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.network import Network
from lib.reference import build_reference


def bars(count, seed):
    """Noisy bars, upright (class 0) or lying (class 1), float32 (N, 12, 12, 1) in 0..1, with labels."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    images = np.zeros((count, 12, 12, 1), np.float32)
    for image, label in zip(images, labels, strict=True):
        place = random.integers(2, 9)
        lines = image.swapaxes(0, 1) if label == 0 else image
        lines[place : place + 2, 2:10] = random.uniform(0.7, 1.0)
    return images + random.uniform(0, 0.05, images.shape).astype(np.float32), labels


def contract(names=("upright", "lying", "neither")):
    return Contract((12, 12, 1), (12, 12), names, value_range="0..1")


@functools.cache
def trained():
    """A model that names bars, and noise "neither"."""
    keras.utils.set_random_seed(0)
    layers = [
        keras.layers.Input((12, 12, 1)),
        keras.layers.Conv2D(4, 3, activation="relu", name="conv"),
        keras.layers.Flatten(),
        keras.layers.Dense(8, activation="relu", name="hidden"),
        keras.layers.Dense(3, name="logits"),
    ]
    model = keras.Sequential(layers, name="bars")
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    images, labels = bars(300, 0)
    dark = np.random.default_rng(9).random((60, 12, 12, 1)).astype(np.float32)
    everything, named = np.concatenate([images, dark]), np.concatenate([labels, np.full(60, 2)])
    model.fit(everything, named, epochs=8, batch_size=20, verbose=0)
    return model


@pytest.fixture(scope="session")
def network():
    """Three classes, of which the Reference knows two."""
    reference = build_reference(trained(), *bars(300, 0), *bars(300, 1), "0..1")
    return Network(trained(), contract(), reference)
