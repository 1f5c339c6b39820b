"""letters-cnn: the small convolutional sibling, on values 0..1, with a light affine augmentation."""

from __future__ import annotations

import keras
import numpy as np

from lib.training.augment import ROTATION, SCALE, SHEAR, SHIFT, affine_copies
from lib.training.blocks import convolutions
from lib.training.letters_contract import letters_contract
from lib.training.recipe import Recipe

DATA = "letters_data"

_CHANNELS = (16, 16, 32, 32, 64, 64)
_POOL_AFTER = (2, 4, 6)


def build() -> keras.Model:
    """Six convolutions with BatchNorm in three pooled blocks, a dense layer of 96 and 26 logits.

    44,000 activation values leave the convolutions for one image, few enough to show all of them.
    """
    layers: list[keras.Layer] = [keras.layers.Input((28, 28, 1))]
    layers += convolutions(_CHANNELS, _POOL_AFTER)
    layers += [
        keras.layers.Flatten(name="flatten"),
        keras.layers.Dense(96, activation="relu", name="dense"),
        keras.layers.Dense(26, name="logits"),
    ]
    return keras.Sequential(layers, name="letters-cnn")


def to_tensor(images: np.ndarray) -> np.ndarray:
    """uint8 (N, 28, 28) to float32 (N, 28, 28, 1), 0..1."""
    return images[..., None].astype(np.float32) / np.float32(255)


RECIPE = Recipe(
    name="letters-cnn",
    title="Capitals, small convolutional network",
    summary="The robust sibling of letters-mlp: six convolutions with BatchNorm on the same 28x28 capitals, values "
    "0..1, trained on slightly turned, scaled, sheared and shifted copies.",
    question=None,
    build=build,
    contract=letters_contract([28, 28, 1], "0..1"),
    to_tensor=to_tensor,
    augment=affine_copies,
    augmentation=f"affine, uniform: up to {ROTATION:g} degrees, {SCALE:.0%} in scale, {SHEAR:g} in shear and "
    f"{SHIFT:g} px either way, drawn anew each epoch",
    epochs=20,
    patience=8,
    batch_size=64,
    learning_rate=3e-3,
    weight_decay=0.05,
    average=None,
    limits=(
        "It has seen only capitals A to Z, and it names one of them for everything, also for a blank page.",
        "It expects 0..1; fed 0..255 it is often right by luck and always too sure.",
        "BatchNorm's moving statistics are those of the augmented copies: the variances of a few channels differ by up "
        "to 70 % from those of the unchanged letters.",
    ),
)
