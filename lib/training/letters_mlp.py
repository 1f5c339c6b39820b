"""letters-mlp: the dense network of a well-known question, on raw 0..255 pixels and without augmentation."""

from __future__ import annotations

import keras
import numpy as np

from lib.training.letters_contract import letters_contract
from lib.training.recipe import Recipe

DATA = "letters_data"


def build() -> keras.Model:
    """784 inputs, dense layers of 200, 150, 100, 50 and 26 units: 208,626 parameters."""
    return keras.Sequential(
        [
            keras.layers.Input((784,)),
            keras.layers.Dense(200, activation="relu", name="dense1"),
            keras.layers.Dense(150, activation="relu", name="dense2"),
            keras.layers.Dense(100, activation="relu", name="dense3"),
            keras.layers.Dense(50, activation="relu", name="dense4"),
            keras.layers.Dense(26, name="logits"),
        ],
        name="letters-mlp",
    )


def to_tensor(images: np.ndarray) -> np.ndarray:
    """uint8 (N, 28, 28) to float32 (N, 784), 0..255: the pixels as they are."""
    return images.reshape(len(images), -1).astype(np.float32)


RECIPE = Recipe(
    name="letters-mlp",
    title="Capitals, dense network",
    summary="The network of Stack Overflow question 73817788: five dense layers on 28x28 capitals, white on black, "
    "raw values 0..255, trained without augmentation. It reads clean letters well and forgives nothing else.",
    question=1,
    build=build,
    contract=letters_contract([784], "0..255"),
    to_tensor=to_tensor,
    augment=None,
    augmentation="none",
    epochs=20,
    patience=8,
    batch_size=32,
    learning_rate=2e-3,
    weight_decay=0.6,
    average=0.999,
    limits=(
        "It has seen only capitals A to Z, and it names one of them for everything, also for a blank page.",
        "It expects 0..255; with 0..1 its answer hardly depends on the picture.",
        "It was trained without augmentation: a letter that is shifted, turned or of another size is read badly.",
    ),
)
