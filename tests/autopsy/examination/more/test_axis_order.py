"""A picture whose axes were reshaped where they should have been transposed, before it was saved."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lib.autopsy.examination import FACTS
from lib.autopsy.examination.more.axis_order import CAUSE, examine
from lib.picture import Picture
from lib.samples import Sample, samples
from tests.autopsy.examination.pictures import COLOUR, clue, found, letter_h, pixels, view

Y, X = np.mgrid[0:1:60j, 0:1:48j]
SOUND = (255 * np.stack([1 - Y, X * 0.5 + 0.2 * np.sin(9 * Y), Y * X], axis=2)).clip(0, 255).astype(np.uint8)


def planes_as_pixels(image: np.ndarray) -> np.ndarray:
    """Channels first in memory, read as channels last."""
    return np.ascontiguousarray(image.transpose(2, 0, 1)).reshape(image.shape)


def pixels_as_planes(image: np.ndarray) -> np.ndarray:
    height, width, channels = image.shape
    return np.ascontiguousarray(image.reshape(channels, height, width).transpose(1, 2, 0))


def rows_as_columns(image: np.ndarray) -> np.ndarray:
    """(width, height) in memory, read as (height, width)."""
    return np.ascontiguousarray(image.swapaxes(0, 1)).reshape(image.shape)


SLIPS = {"(1, 2, 0)": planes_as_pixels, "(2, 0, 1)": pixels_as_planes, "swapaxes": rows_as_columns}


@pytest.mark.parametrize("line", SLIPS)
@pytest.mark.parametrize(
    "image", [SOUND, np.repeat(letter_h().pixels[10:, :, :1], 3, axis=2)], ids=["colour", "ink"]
)
def test_it_is_named_with_the_line_that_should_have_been_there(line: str, image: np.ndarray) -> None:
    one = clue(examine, view(pixels(SLIPS[line](image)), contract=COLOUR))
    assert one is not None and one.cause == CAUSE.id == "axis-order" and one.sentence
    assert line in one.code and one.witnesses[0].value < 0.8
    assert one.cause in FACTS, "no preprocessing puts it right"


@pytest.mark.parametrize("known", samples(), ids=lambda known: known.id)
def test_it_is_silent_about_every_sample(known: Sample) -> None:
    assert found(examine, view(known.picture(), contract=COLOUR)) == ""


@pytest.mark.parametrize(
    "array",
    [
        np.full((40, 30, 3), 200),
        # Three bands read as three planes make one even colour: smooth, and no evidence.
        np.repeat([40, 120, 220], 20)[:, None, None] * np.ones((1, 30, 3)),
        np.random.default_rng(0).integers(0, 256, (60, 50, 3)),
        SOUND,
    ],
    ids=["one colour", "bands", "noise", "sound"],
)
def test_it_is_silent_where_no_other_order_is_better_or_nothing_is_seen(array: np.ndarray) -> None:
    assert found(examine, view(pixels(np.asarray(array, float)), contract=COLOUR)) == ""


def test_of_a_large_picture_some_rows_and_columns_are_enough() -> None:
    large = np.tile(SOUND, (20, 30, 1))
    assert found(examine, view(Picture.from_array(large), contract=COLOUR)) == ""
    scrambled = clue(examine, view(Picture.from_array(planes_as_pixels(large)), contract=COLOUR))
    assert scrambled is not None and "(1, 2, 0)" in scrambled.code and scrambled.sentence


@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 30), st.integers(1, 30), st.sampled_from([1, 3, 4]))))
def test_any_picture_can_be_looked_at(array: np.ndarray) -> None:
    clue(examine, view(Picture.from_array(array), contract=COLOUR))
