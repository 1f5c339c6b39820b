"""A network that can be worked out by hand: which half of an 8 x 8 picture is brighter. No test lives here."""

from __future__ import annotations

from functools import cache

import keras
import numpy as np

from lib.contract import Contract
from lib.dataset import Dataset
from lib.evaluate import Answers
from lib.network import Network

NAMES = ("left", "right")


@cache
def halves() -> Network:
    """Logits are the mean brightness (0..1) of the left and of the right half, times 8."""
    columns = np.arange(64) % 8
    kernel = np.stack([columns < 4, columns >= 4], 1).astype(np.float32) / 32 * 8 / 255
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(2, use_bias=False)])
    model.layers[0].set_weights([kernel])
    return Network(model, Contract((64,), (8, 8), NAMES), name="halves")


def pictures(n: int = 40, wrong: int = 0, seed: int = 0) -> Dataset:
    """8 x 8 pictures, left and right in turn; the first `wrong` of them are labelled as the other side."""
    random = np.random.default_rng(seed)
    side = np.arange(n) % 2
    images = random.integers(0, 40, (n, 8, 8)).astype(np.uint8)
    for image, s in zip(images, side, strict=True):
        image[:, 4 * s : 4 * s + 4] += 160
    labels = side.copy()
    labels[:wrong] = 1 - labels[:wrong]
    return Dataset(images, labels.astype(np.int64), NAMES, name="halves.npz", total=n)


def answers(
    labels: list[int], predicted: list[int], sure: list[float] | None = None, classes: int = 3
) -> Answers:
    """Answers with these predictions; `sure` gives each the probability of its predicted class."""
    n = len(labels)
    sure = sure or [0.9] * n
    probabilities = np.empty((n, classes))
    for row, (k, p) in enumerate(zip(predicted, sure, strict=True)):
        probabilities[row] = (1 - p) / (classes - 1)
        probabilities[row, k] = p
    names = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:classes])
    return Answers(np.log(probabilities).astype(np.float32), np.array(labels, np.int64), np.arange(n), names)
