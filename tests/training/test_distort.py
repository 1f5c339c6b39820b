"""Claims about the strong geometric changes."""

import numpy as np
import pytest

from lib.training.distort import Distortion, coarse, distort, fine, thickened, thinned


def bar(width=4, side=28):
    image = np.zeros((side, side), np.uint8)
    left = side // 2 - width // 2
    image[4:24, left : left + width] = 255
    return image


def centre(images):
    rows, columns = np.indices(images.shape[1:])
    values = images.astype(float)
    mass = values.sum((1, 2))
    return (values * rows).sum((1, 2)) / mass, (values * columns).sum((1, 2)) / mass


def test_without_any_change_asked_for_nothing_but_the_double_resampling_happens():
    images = np.repeat(bar()[None], 3, 0)
    same = distort(images, np.random.default_rng(0), Distortion())
    assert np.abs(same.astype(int) - images).max() < 60
    assert (
        np.abs(same.astype(int).sum((1, 2)) - images.astype(int).sum((1, 2))).max() < 0.02 * images[0].sum()
    )
    np.testing.assert_allclose(centre(same), centre(images), atol=1e-6)


def test_a_shift_moves_the_centre_as_far_as_allowed_and_no_further():
    images = np.repeat(bar()[None], 300, 0)
    moved = distort(images, np.random.default_rng(0), Distortion(shift=3.0))
    for axis in range(2):
        way = centre(moved)[axis] - centre(images)[axis]
        assert 2.5 < np.abs(way).max() < 3.05
        assert abs(way.mean()) < 0.4


def test_the_small_ones_are_as_small_as_asked_and_the_others_keep_their_size():
    images = np.repeat(bar()[None], 400, 0)
    how = Distortion(small=0.5, small_scale=(0.5, 0.5))
    changed = distort(images, np.random.default_rng(0), how)
    height = (changed > 100).any(2).sum(1)
    assert set(np.unique(height).tolist()) <= {9, 10, 11, 19, 20, 21}
    assert 0.4 < (height < 15).mean() < 0.6


def test_a_turned_bar_has_the_angle_that_was_drawn():
    images = np.repeat(bar(2)[None], 200, 0)
    turned = distort(images, np.random.default_rng(0), Distortion(rotation=30)).astype(float)
    rows, columns = np.indices((28, 28)) - 13.5
    mass = turned.sum((1, 2))
    both, down = ((turned * w).sum((1, 2)) / mass for w in (rows * columns, rows**2))
    angle = np.rad2deg(np.arctan(both / down))
    assert 25 < np.abs(angle).max() < 31
    assert abs(angle.mean()) < 4


def test_elastic_bending_keeps_the_ink_and_moves_it_by_about_the_strength():
    images = np.repeat(bar(4)[None], 200, 0)
    bent = distort(images, np.random.default_rng(0), Distortion(elastic=1.0))
    assert len({image.tobytes() for image in bent}) == 200
    ratio = bent.astype(float).sum((1, 2)) / images[0].sum()
    assert 0.97 < ratio.mean() < 1.03
    assert np.std(centre(bent)[1]) < 0.5


@pytest.mark.parametrize(("radius", "pixels"), [(0, 0.5), (1, 1.0), (2, 2.0)])
def test_a_stroke_gains_and_loses_what_the_radius_says(radius, pixels):
    image = bar(8)
    width = image[14].sum() / 255
    for change, sign in ((thickened, 1), (thinned, -1)):
        changed = coarse(change(fine(image), radius))
        assert changed[14].sum() / 255 - width == pytest.approx(sign * pixels, abs=0.35)


def test_thinning_never_makes_a_stroke_vanish():
    hair = np.zeros((28, 28), np.uint8)
    hair[4:24, 13] = 120
    result = coarse(thinned(fine(hair), 2))
    assert result.max() >= 50


def test_the_same_draws_give_the_same_images_and_the_input_is_left_alone():
    images = np.random.default_rng(1).integers(0, 256, (5, 28, 28)).astype(np.uint8)
    before = images.copy()
    how = Distortion(rotation=10, elastic=1, thin=0.3, thick=0.3, shift=2)
    first, second = (distort(images, np.random.default_rng(2), how) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(images, before)


def test_no_images_give_no_images():
    assert distort(np.zeros((0, 28, 28), np.uint8), np.random.default_rng(0), Distortion()).shape == (
        0,
        28,
        28,
    )
