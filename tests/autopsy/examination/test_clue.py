"""The View: the image behind the tensor, whatever slipped on the way."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.autopsy.examination.clue import centre_off
from lib.pipeline import Pipeline
from tests.autopsy.examination.pictures import COLOUR, colours, letter_h, letters, view

OWN = letters().pipeline()


@pytest.mark.parametrize(
    "pipeline",
    [
        OWN.with_step("invert", method="255 - x"),
        OWN.with_step("invert", method="1 - x as float"),
        OWN.with_step("invert", on=False),
        OWN.with_step("value_range", mode="-1..1"),
        OWN.with_step("value_range", mode="standardise"),
    ],
)
def test_the_ink_is_the_same_whatever_slipped(pipeline: Pipeline) -> None:
    right = view(letter_h()).ink
    np.testing.assert_allclose(view(letter_h(), pipeline).ink, right, atol=1)


def test_a_sigmoid_without_its_factor_is_stretched() -> None:
    curve = OWN.with_step("sigmoid", on=True, output="0..1")
    times = OWN.with_step("sigmoid", on=True, output="0..255")
    np.testing.assert_allclose(view(letter_h(), curve).meant, view(letter_h(), times).meant, atol=0.1)


def test_without_a_value_range_step_the_levels_come_from_the_tensor() -> None:
    steps = Pipeline(tuple(step for step in COLOUR.pipeline() if step.name != "value_range"))
    looked = view(colours(), steps, COLOUR, value_range="0..255")
    np.testing.assert_allclose(looked.levels, looked.tensor, atol=0.51)


def test_the_framed_ink_is_as_large_as_before_the_resize_but_not_larger_than_160() -> None:
    assert view(letter_h()).framed_ink.shape == (160, 160)
    small = OWN.with_step("working_size", longest=100)
    assert 64 <= view(letter_h(), small).framed_ink.shape[0] <= 100
    squashed = (
        OWN.with_step("frame", mode="squash").with_step("resize", on=False).with_step("layout", on=False)
    )
    assert view(letter_h(), squashed).framed_ink.shape == (280, 280)


@given(row=st.integers(0, 8), column=st.integers(0, 12))
def test_the_centre_of_one_pixel_is_where_it_is(row: int, column: int) -> None:
    weight = np.zeros((9, 13))
    weight[row, column] = 2.5
    assert centre_off(weight) == pytest.approx(((row - 4) / 13, (column - 6) / 13))


def test_nothing_has_no_centre() -> None:
    assert centre_off(np.zeros((4, 4))) is None
