"""Training a Compass: it learns which way up two shapes are, and what held-out pictures usually get is kept."""

from __future__ import annotations

import numpy as np
import pytest

from lib.training.compass import share_upright, train_compass
from lib.training.data import Labelled, TrainingData

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def shapes(count: int, seed: int) -> Labelled:
    """An F and an R of bars, each a little elsewhere: uint8 (N, 28, 28), white on black; no orientation is another."""
    random = np.random.default_rng(seed)
    images = np.zeros((count, 28, 28), np.uint8)
    labels = np.arange(count) % 2
    for image, label in zip(images, labels, strict=True):
        top, left = random.integers(4, 7, 2)
        image[top : top + 18, left : left + 3] = 255
        image[top : top + 3, left : left + 14] = 255
        image[top + 8 : top + 11, left : left + 9] = 255
        if label:
            image[top : top + 11, left + 11 : left + 14] = 255
            image[top + 11 : top + 18, left + 6 : left + 9] = 255
    return Labelled(images, labels.astype(np.int64))


def test_it_learns_which_way_up() -> None:
    data = TrainingData(shapes(400, 0), shapes(60, 1), shapes(60, 2), {}, ())
    compass = train_compass(data, 2, epochs=6)
    assert share_upright(compass, data.validation.images) > 0.9
    found = compass.upright(compass.scores(data.held_out.images))
    assert found.mean() == pytest.approx(0, abs=0.02) and found.std() == pytest.approx(1, abs=0.02)
