"""Training a Compass: it learns which way up two shapes are, and what held-out pictures usually get is kept."""

from __future__ import annotations

import numpy as np
import pytest

from lib.reference.compass import SIDE, eight, small
from lib.training.compass import (
    OTHERS,
    _tower,
    compass_of,
    crop_views,
    share_upright,
    some_views,
    train_compass,
)
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


def test_the_right_view_stays_first_and_the_others_are_drawn_each_at_most_once() -> None:
    views = np.arange(50 * 8, dtype=np.float32).reshape(50, 8, 1, 1)
    found = some_views(views, np.random.default_rng(0))[..., 0, 0]
    assert found.shape == (50, 1 + OTHERS)
    np.testing.assert_array_equal(found[:, 0], views[:, 0, 0, 0])
    ways = found - views[:, 0, 0]
    assert all(len(set(row)) == 1 + OTHERS and row.max() <= 7 for row in ways)
    assert set(ways[:, 1:].ravel()) == set(range(1, 8)), "none is left out for good"


def test_the_compass_scores_as_the_tower_that_learned() -> None:
    random = np.random.default_rng(0)
    tower = _tower(2)
    # As after training: every statistic of the BatchNorm layers is something else than 0 or 1.
    tower.set_weights([w + random.uniform(0.01, 0.1, w.shape) for w in tower.get_weights()])
    images = random.uniform(size=(6, SIDE, SIDE)).astype(np.float32)
    expected = np.asarray(tower(small(images)[..., None], training=False))
    found = compass_of(tower, np.array([0.0, 1.0])).scores(images)
    assert np.ptp(expected) > 0.05
    np.testing.assert_allclose(found, expected, rtol=0.01, atol=0.01 * np.ptp(expected))
