"""Claims about the normal form of a capital."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra.numpy import array_shapes, arrays

from lib.training.normal_form import normal_form, normal_forms


def mass_centre(image):
    rows, columns = np.indices(image.shape)
    weights = image.astype(float)
    return (rows * weights).sum() / weights.sum(), (columns * weights).sum() / weights.sum()


def test_a_full_bar_becomes_twenty_pixels_long_and_is_centred():
    image = np.zeros((64, 64), np.uint8)
    image[3:43, 50:60] = 255
    expected = np.zeros((28, 28), np.uint8)
    expected[4:24, 12:17] = 255
    np.testing.assert_array_equal(normal_form(image), expected)


def test_a_glyph_of_the_right_size_is_moved_to_its_centre_of_mass_unchanged():
    image = np.zeros((28, 28), np.uint8)
    image[0:20, 0:2] = 200
    image[18:20, 0:10] = 200
    result = normal_form(image)
    # Its 56 pixels have their middle in row 12.07 and column 1.93 of the glyph; the frame's is at 13.5.
    np.testing.assert_array_equal(result[1:21, 12:22], image[0:20, 0:10])
    assert result.sum() == image.sum()


def test_a_small_glyph_is_enlarged_to_the_box():
    image = np.zeros((9, 9), np.uint8)
    image[2:6, 3:5] = 255
    result = normal_form(image)
    assert (result > 0).any(1).sum() == 20
    assert (result > 0).any(0).sum() == 10


def test_faint_noise_is_not_ink():
    clean = np.zeros((40, 40), np.uint8)
    clean[10:30, 18:22] = 255
    noisy = clean.copy()
    noisy[0, 0] = noisy[39, 39] = 40
    np.testing.assert_array_equal(normal_form(noisy), normal_form(clean))


def test_a_glyph_heavy_on_one_end_is_not_pushed_out_of_the_frame():
    image = np.zeros((20, 20), np.uint8)
    image[0, :] = 60
    image[0:20, 0:1] = 60
    image[0:3, 0:3] = 255
    result = normal_form(image)
    assert result.astype(int).sum() == image.astype(int).sum()


def test_a_blank_image_stays_blank():
    assert not normal_form(np.zeros((5, 9), np.uint8)).any()


@given(arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=40)))
def test_any_ink_fills_the_box_and_has_its_mass_in_the_middle(image):
    result = normal_form(image)
    assert result.shape == (28, 28)
    if not result.any():
        return
    rows, columns = np.flatnonzero(result.any(1)), np.flatnonzero(result.any(0))
    assert max(np.ptp(rows), np.ptp(columns)) < 20
    for centre, ink in zip(mass_centre(result), (rows, columns), strict=True):
        assert abs(centre - 13.5) <= 0.5 + 1e-9 or ink[0] == 0 or ink[-1] == 27


def test_the_forms_of_a_batch_are_the_forms_of_its_images():
    images = np.random.default_rng(0).integers(0, 256, (3, 34, 34)).astype(np.uint8)
    np.testing.assert_array_equal(normal_forms(images), np.stack([normal_form(image) for image in images]))


def test_other_arrays_and_boxes_are_refused():
    with pytest.raises(ValueError, match=r"float64 \(3, 3\)"):
        normal_form(np.zeros((3, 3)))
    with pytest.raises(ValueError, match="must fit"):
        normal_form(np.ones((3, 3), np.uint8), side=10, box=11)
