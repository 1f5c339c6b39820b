"""digits-cnn: a small convolutional network for handwritten digits, the measure of what a phone photo needs."""

from __future__ import annotations

import keras
import numpy as np

from lib.training.blocks import convolutions
from lib.training.data import Labelled
from lib.training.digits_data import DIGIT_NAMES
from lib.training.distort import Distortion, distort
from lib.training.letters_contract import letters_contract
from lib.training.recipe import Recipe
from lib.training.tones import Tones, retone

DATA = "digits_data"

GEOMETRY = Distortion(
    rotation=12,
    shear=0.15,
    scale=(0.88, 1.12),
    aspect=0.1,
    shift=2.0,
    elastic=0.5,
    thin=0.15,
    thick=0.25,
)
TONES = Tones(sigmoid=0.15, hard=0.1, blur=0.1, faint=0.1)
_CHANNELS = (16, 16, 32, 32, 64)
_POOL_AFTER = (2, 4, 5)
_EPOCH = 24_000


def build() -> keras.Model:
    """Five convolutions with BatchNorm in three pooled blocks, a dense layer of 64 and 10 logits."""
    layers: list[keras.Layer] = [
        keras.layers.Input((28, 28, 1)),
        keras.layers.Rescaling(1 / 255, name="rescaling"),
    ]
    layers += convolutions(_CHANNELS, _POOL_AFTER)
    layers += [
        keras.layers.Flatten(name="flatten"),
        keras.layers.Dense(64, activation="relu", name="dense"),
        keras.layers.Dense(len(DIGIT_NAMES), name="logits"),
    ]
    return keras.Sequential(layers, name="digits-cnn")


def to_tensor(images: np.ndarray) -> np.ndarray:
    """uint8 (N, 28, 28) to float32 (N, 28, 28, 1), 0..255; the network divides by 255 itself."""
    return images[..., None].astype(np.float32)


def one_epoch(digits: Labelled, random: np.random.Generator) -> Labelled:
    """Other 24,000 of the digits in each epoch, each moved, bent, with another pen and other tones."""
    some = digits.take(np.arange(min(_EPOCH, len(digits))))
    return Labelled(retone(distort(some.images, random, GEOMETRY), random, TONES), some.labels)


RECIPE = Recipe(
    name="digits-cnn",
    title="Digits, small convolutional network",
    summary="Handwritten digits of MNIST and UNIPEN, 28x28, values 0..255: five convolutions with BatchNorm, trained on "
    "clean ink only. It reads photos of paper once they are preprocessed as its training pictures were.",
    question=None,
    build=build,
    contract={**letters_contract([28, 28, 1], "0..255"), "class_names": list(DIGIT_NAMES)},
    to_tensor=to_tensor,
    augment=one_epoch,
    augmentation="24,000 digits an epoch, others in each: turned up to 12 degrees, sheared 0.15, scaled 0.88..1.12, "
    "each side by another 10 %, shifted 2 px, bent by up to 0.5 px, strokes thinned (15 %, up to 1 px) or thickened (25 %, "
    "up to 2 px), blurred (10 %), contrast-enhanced (15 %), thresholded (10 %), dimmed (10 %); never on paper",
    epochs=8,
    patience=6,
    batch_size=64,
    learning_rate=3e-3,
    weight_decay=0.05,
    average=None,
    limits=(
        "It has seen only single digits 0 to 9, and it names one of them for everything.",
        "It expects white ink on exact black, 0..255; with 0..1 it sees a black picture. Photos of paper were not "
        "trained on.",
        "BatchNorm's moving statistics are those of the changed copies, not of clean digits.",
    ),
    moments=False,
)
