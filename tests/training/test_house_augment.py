"""Claims about the changes to real crops."""

import numpy as np
import pytest

from lib.training.house_augment import recrop, relight, soften


@pytest.fixture
def crops():
    images = np.full((60, 32, 32, 3), 60, np.uint8)
    images[:, 6:26, 13:19] = (200, 180, 160)
    return images


@pytest.mark.parametrize("change", [recrop, relight, soften])
def test_a_change_is_a_new_array_of_the_same_kind_and_follows_the_seed(change, crops):
    before = crops.copy()
    first, again, other = (change(crops, np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert first.shape == crops.shape and first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()
    np.testing.assert_array_equal(crops, before)


def test_a_recropped_picture_has_no_black_edge_and_keeps_the_bar_inside(crops):
    changed = recrop(crops, np.random.default_rng(0))
    assert changed.min() >= 60
    centre = (changed[..., 0] > 130).mean((0, 1))
    assert centre[14:18].min() > 0.5
    assert centre[:5].max() == 0


def test_recropping_moves_the_bar_by_a_few_pixels_at_most(crops):
    bright = recrop(crops, np.random.default_rng(0))[..., 0] > 130
    columns = np.array([np.flatnonzero(picture.any(0)).mean() for picture in bright])
    assert columns.std() > 0.5
    assert np.abs(columns - 15.5).max() < 6


def test_a_fifth_of_the_pictures_become_negatives(crops):
    many = np.concatenate([crops] * 10)
    changed = relight(many, np.random.default_rng(0)).astype(float)
    darker = changed[:, 10:20, 14:18].mean((1, 2, 3)) < changed[:, 10:20, :8].mean((1, 2, 3))
    assert 0.14 < darker.mean() < 0.26


def test_a_third_of_the_pictures_stay_sharp(crops):
    many = np.concatenate([crops] * 10)
    same = (soften(many, np.random.default_rng(0)) == many).all((1, 2, 3))
    assert 0.27 < same.mean() < 0.4
