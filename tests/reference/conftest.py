"""A small model with training data, and the Reference made of them."""

import keras
import numpy as np
import pytest

from lib.reference import build_reference


@pytest.fixture(scope="module")
def training():
    """400 noisy bars, upright (class 0) or lying (class 1), float32 (N, 12, 12, 1) in 0..1, with labels."""
    random = np.random.default_rng(0)
    labels = np.arange(400) % 2
    images = np.zeros((400, 12, 12, 1), np.float32)
    for image, label in zip(images, labels, strict=True):
        place = random.integers(2, 9)
        lines = image.swapaxes(0, 1) if label == 0 else image
        lines[place : place + 2, 2:10] = random.uniform(0.7, 1.0)
    return images + random.uniform(0, 0.05, images.shape).astype(np.float32), labels


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.layers.Input((12, 12, 1)),
            keras.layers.Conv2D(3, 3, name="conv"),
            keras.layers.ReLU(name="relu"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(2, name="logits"),
        ]
    )


@pytest.fixture(scope="module")
def reference(model, training):
    images, labels = training
    return build_reference(model, images[:300], labels[:300], images[300:], labels[300:], "0..1")
