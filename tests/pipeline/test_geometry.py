"""Where the ink ends up: hand-computed positions and sizes."""

import numpy as np
import pytest

from lib.pipeline import Centre, Frame, Move, Resize
from lib.pipeline.ink import ink_box


def page(height: int, width: int, top: int, bottom: int, left: int, right: int) -> np.ndarray:
    """Black paper with one white block, its edges exclusive at bottom and right."""
    image = np.zeros((height, width), np.float32)
    image[top:bottom, left:right] = 255
    return image


def test_squash_leaves_the_picture_to_the_resize() -> None:
    image = page(30, 60, 5, 10, 5, 10)
    assert Frame(mode="squash").apply(image).shape == (30, 60)


def test_pad_to_square_adds_background_on_both_sides() -> None:
    image = page(30, 60, 5, 10, 5, 10)
    square = Frame(mode="pad to square").apply(image)
    assert square.shape == (60, 60)
    assert ink_box(square) == (20, 25, 5, 10)


def test_centre_crop_keeps_the_middle() -> None:
    image = page(30, 60, 5, 10, 20, 30)
    assert ink_box(Frame(mode="centre crop").apply(image)) == (5, 10, 5, 15)


def test_crop_to_ink_leaves_the_margin_on_each_side_of_the_longer_side() -> None:
    # 40 px of ink and a margin of 4/28 on each side make a frame of 40 * 28/20 = 56 px.
    square = Frame(mode="crop to ink", margin=4 / 28).apply(page(200, 300, 50, 90, 100, 120))
    assert square.shape == (56, 56)
    assert ink_box(square) == (8, 48, 18, 38)


def test_crop_to_ink_ignores_specks() -> None:
    image = page(200, 200, 80, 120, 80, 120)
    image[3, 3] = 255
    assert Frame(mode="crop to ink", margin=0.0).apply(image).shape == (40, 40)


def test_bounding_box_goes_to_the_middle() -> None:
    top, bottom, left, right = ink_box(Centre(mode="bounding box").apply(page(50, 50, 2, 12, 30, 34)))
    assert (top, bottom, left, right) == (20, 30, 23, 27)


def test_centre_of_mass_of_an_l_lies_where_mechanics_says() -> None:
    image = np.zeros((61, 61), np.float32)
    image[10:40, 10:14] = 255  # 120 px about row 24.5, column 11.5
    image[36:40, 14:34] = 255  # 80 px about row 37.5, column 23.5
    row, column = (120 * 24.5 + 80 * 37.5) / 200, (120 * 11.5 + 80 * 23.5) / 200
    moved = Centre(mode="centre of mass").apply(image)
    top, _, left, _ = ink_box(moved)
    assert (top - 10, left - 10) == (round(30 - row), round(30 - column))


def test_centring_moves_whole_pixels_and_changes_no_value() -> None:
    image = page(50, 50, 2, 12, 30, 34)
    image[5, 31] = 99
    moved = Centre().apply(image)
    assert sorted(moved[moved > 0]) == sorted(image[image > 0])


def test_shift_is_a_share_of_the_side_to_the_right_and_down() -> None:
    moved = Move(shift_x=10.0, shift_y=-20.0).apply(page(50, 50, 20, 30, 20, 30))
    assert ink_box(moved) == (10, 20, 25, 35)


def test_rotation_by_a_right_angle_is_counter_clockwise() -> None:
    image = page(51, 51, 0, 5, 23, 28)  # a mark at the top
    turned = Move(rotation=90.0).apply(image)
    expected = np.rot90(image)  # numpy turns counter-clockwise too: the mark is at the left
    np.testing.assert_allclose(turned, expected, atol=1e-2)


def test_half_scale_halves_the_ink() -> None:
    top, bottom, left, right = ink_box(Move(scale=0.5).apply(page(101, 101, 30, 71, 30, 71)))
    assert (bottom - top, right - left) == pytest.approx((21, 21), abs=1)


def test_area_averages_blocks() -> None:
    image = np.arange(16, dtype=np.float32).reshape(4, 4)
    assert Resize(height=2, width=2, filter="area").apply(image).tolist() == [[2.5, 4.5], [10.5, 12.5]]


@pytest.mark.parametrize("filter_name", ["nearest", "bilinear", "bicubic", "area", "lanczos"])
def test_no_filter_leaves_the_range_of_its_input(filter_name: str) -> None:
    image = page(40, 40, 10, 30, 10, 30)
    small = Resize(height=13, width=17, filter=filter_name).apply(image)
    assert small.shape == (13, 17)
    assert small.min() >= 0 and small.max() <= 255
