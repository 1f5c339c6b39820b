"""Training a Compass: it learns which way up two shapes are, and what held-out pictures usually get is kept."""

from __future__ import annotations

import numpy as np
import pytest

from lib.reference.compass import SIDE, eight
from lib.training.compass import crop_views, share_upright, train_compass
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
    assert found.mean() == pytest.approx(0, abs=0.02) and found.std() == pytest.approx(
        compass.usual[1], rel=0.02
    )


def test_other_cuts_of_a_photograph_come_after_the_eight_orientations() -> None:
    images = np.random.default_rng(0).uniform(size=(3, SIDE, SIDE)).astype(np.float32)
    views = crop_views(images, np.random.default_rng(1))
    assert views.shape == (3, 10, SIDE, SIDE)
    np.testing.assert_array_equal(views[:, :8], eight(images))
    flat = views.reshape(3, 10, -1)
    assert not (flat[:, 8:, None] == flat[:, None, :8]).all(-1).any(), "a wrong cut is none of the eight"
