"""letters-mlp-augmented: the dense network of the question, trained as its answer recommends."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np

from lib.training.data import Labelled
from lib.training.distort import Distortion, distort
from lib.training.letters_mlp import RECIPE as PLAIN
from lib.training.letters_mlp import build as build_plain
from lib.training.tones import Tones, retone

DATA = "letters_data"

GEOMETRY = Distortion(
    scale=(0.85, 1.15),
    shift=2.0,
    small=0.12,
    small_scale=(0.5, 0.85),
    astray=0.33,
    astray_shift=4.5,
    thin=0.15,
    thick=0.2,
)
TONES = Tones(sigmoid=0.25, hard=0.2, blur=0.2)
# Every fourth letter stays as it is: the clean ones are what most people bring.
_UNCHANGED = 0.25


def build() -> keras.Model:
    """The same layers as letters-mlp: 208,626 parameters."""
    model = build_plain()
    model.name = "letters-mlp-augmented"
    return model


def changed_copies(letters: Labelled, random: np.random.Generator) -> Labelled:
    """The letters moved, scaled, thinned or thickened, blurred, contrast-enhanced or thresholded; a quarter unchanged."""
    images = retone(distort(letters.images, random, GEOMETRY), random, TONES)
    same = random.random(len(images)) < _UNCHANGED
    images[same] = letters.images[same]
    return Labelled(images, letters.labels)


RECIPE = dataclasses.replace(
    PLAIN,
    name="letters-mlp-augmented",
    title="Capitals, dense network, augmented",
    summary="The network of Stack Overflow question 73817788 with the remedy of its answer: the same five dense layers, "
    "trained on contrast-enhanced, hard-edged, blurred, shifted, scaled, thinned and thickened copies.",
    build=build,
    augment=changed_copies,
    augmentation="three of four letters, drawn anew each epoch: shifted up to 2 px (every third up to 4.5), scaled by "
    "0.85..1.15 (every eighth to 0.5..0.85), strokes thinned (15 %, up to 1 px) or thickened (20 %, up to 2 px), "
    "blurred (20 %), contrast-enhanced by a sigmoid (25 %) or thresholded (20 %)",
    epochs=60,
    patience=15,
    batch_size=64,
    learning_rate=2e-3,
    weight_decay=0.1,
    average=0.999,
    limits=(
        "It has seen only capitals A to Z, and it names one of them for everything, also for a blank page.",
        "It expects 0..255; with 0..1 its answer hardly depends on the picture.",
        "It was trained on a black background: gray paper and turned letters are read badly.",
    ),
)
