"""The first steps: transparency, working size, orientation, colour; every value computed by hand."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.pipeline import ChannelOrder, Grayscale, Orientation, Transparency, WorkingSize

TURNS = Orientation.parameters()["turn"].options
F = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
COLOUR = np.array([[[10, 20, 90], [200, 100, 50]]], np.float32)


# ---- transparency --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("background", "expected"), [("white", 177), ("black", 50), ("ignore", 100)])
def test_a_half_transparent_pixel_on_each_background(background: str, expected: int) -> None:
    # 128/255 of level 100 and 127/255 of the paper: 50.2 on black, 177.2 on white.
    image = np.full((1, 1, 4), 100, np.float32)
    image[..., 3] = 128
    assert Transparency(background=background).apply(image).tolist() == [[[expected] * 3]]


def test_an_opaque_picture_passes_whatever_the_background() -> None:
    for background in ("white", "black", "ignore"):
        np.testing.assert_array_equal(Transparency(background=background).apply(COLOUR), COLOUR)


# ---- working size --------------------------------------------------------------------------------------------------------


def test_a_small_picture_is_never_enlarged() -> None:
    image = np.random.default_rng(0).uniform(0, 255, (64, 40)).astype(np.float32)
    np.testing.assert_array_equal(WorkingSize(longest=64).apply(image), image)


@pytest.mark.parametrize("shape", [(128, 96, 3), (96, 128, 3), (128, 96)])
def test_shrinking_to_half_averages_blocks_of_four_and_rounds_to_levels(shape: tuple[int, ...]) -> None:
    image = np.random.default_rng(0).integers(0, 256, shape).astype(np.float32)
    height, width = shape[0] // 2, shape[1] // 2
    blocks = image.reshape(height, 2, width, 2, *shape[2:]).mean(axis=(1, 3))
    small = WorkingSize(longest=64).apply(image)
    np.testing.assert_array_equal(small, np.rint(blocks))


def test_the_longest_side_becomes_the_limit_and_a_thin_picture_keeps_a_pixel() -> None:
    assert WorkingSize(longest=100).apply(np.zeros((300, 200), np.float32)).shape == (100, 67)
    assert WorkingSize(longest=64).apply(np.zeros((6400, 3), np.float32)).shape == (64, 1)


# ---- orientation ---------------------------------------------------------------------------------------------------------

BY_HAND = {
    "as is": [[1, 2, 3], [4, 5, 6]],
    "rotate 90°": [[3, 6], [2, 5], [1, 4]],
    "rotate 180°": [[6, 5, 4], [3, 2, 1]],
    "rotate 270°": [[4, 1], [5, 2], [6, 3]],
    "mirror left-right": [[3, 2, 1], [6, 5, 4]],
    "flip top-bottom": [[4, 5, 6], [1, 2, 3]],
    "transpose": [[1, 4], [2, 5], [3, 6]],
    "anti-transpose": [[6, 3], [5, 2], [4, 1]],
}


@pytest.mark.parametrize("turn", TURNS)
def test_each_turn_of_a_hand_written_picture(turn: str) -> None:
    assert Orientation(turn=turn).apply(F).tolist() == BY_HAND[turn]


def test_the_eight_turns_are_a_group_so_any_two_make_a_third() -> None:
    image = np.random.default_rng(0).uniform(0, 255, (5, 5, 3)).astype(np.float32)
    results = {turn: Orientation(turn=turn).apply(image).tobytes() for turn in TURNS}
    assert len(set(results.values())) == 8
    for first, second in itertools.product(TURNS, TURNS):
        both = Orientation(turn=second).apply(Orientation(turn=first).apply(image))
        assert both.tobytes() in results.values(), (first, second)


# ---- grayscale -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("recipe", "expected"),
    [
        # 0.299 R + 0.587 G + 0.114 B = 24.99 and 124.2
        ("luma", [25, 124]),
        ("mean", [40, 350 / 3]),
        ("darkest channel", [10, 50]),
        ("red", [10, 200]),
        ("green", [20, 100]),
        ("blue", [90, 50]),
    ],
)
def test_every_recipe_for_gray(recipe: str, expected: list[float]) -> None:
    np.testing.assert_allclose(Grayscale(recipe=recipe).apply(COLOUR)[0], expected, rtol=1e-6)


@given(level=st.integers(0, 255), recipe=st.sampled_from(Grayscale.parameters()["recipe"].options))
@settings(deadline=None)
def test_a_gray_pixel_stays_at_its_level_in_every_recipe(level: int, recipe: str) -> None:
    image = np.full((2, 2, 3), level, np.float32)
    assert (Grayscale(recipe=recipe).apply(image) == level).all()


def test_luma_is_the_one_of_pillow_up_to_rounding() -> None:
    from PIL import Image

    colours = np.random.default_rng(0).integers(0, 256, (64, 64, 3), np.uint8)
    expected = np.asarray(Image.fromarray(colours).convert("L"), np.int64)
    found = Grayscale(recipe="luma").apply(colours.astype(np.float32))
    assert np.abs(found - expected).max() <= 1
    assert (found == np.rint(found)).all()


def test_a_picture_that_is_gray_already_passes() -> None:
    np.testing.assert_array_equal(Grayscale(recipe="red").apply(F), F)


# ---- channel order -------------------------------------------------------------------------------------------------------


def test_bgr_swaps_red_and_blue_and_twice_is_nothing() -> None:
    swapped = ChannelOrder(order="BGR").apply(COLOUR)
    assert swapped.tolist() == [[[90, 20, 10], [50, 100, 200]]]
    np.testing.assert_array_equal(ChannelOrder(order="BGR").apply(swapped), COLOUR)


def test_rgb_and_gray_pictures_pass() -> None:
    np.testing.assert_array_equal(ChannelOrder(order="RGB").apply(COLOUR), COLOUR)
    np.testing.assert_array_equal(ChannelOrder(order="BGR").apply(F), F)
