"""Slips of arithmetic: each is found by its numbers, and right arithmetic is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from lib.autopsy.examination.arithmetic import one_minus_float, sigmoid_range, value_range, wrap_around
from lib.contract import Contract
from lib.pipeline import Pipeline
from tests.autopsy.examination.pictures import (
    COLOUR,
    clue,
    colours,
    found,
    letter_h,
    letters,
    on_paper,
    pixels,
    reference,
    view,
)


def steps(name: str, **values: object) -> Pipeline:
    return letters().pipeline().with_step(name, on=True, **values)


WRAP = steps("invert", method="1 - x as uint8")
FLOAT = steps("invert", method="1 - x as float")


# ---- 1 - x -------------------------------------------------------------------------------------------------------------


def test_the_wrap_is_proved_by_values_of_0_1_and_2() -> None:
    one = clue(wrap_around, view(letter_h(), WRAP))
    assert one is not None and (one.cause, one.level) == ("uint8-wrap", "proof")
    tiny, ruined = (witness.value for witness in one.witnesses)
    assert tiny > 0.95 and ruined > 0.8
    assert one.sentence and one.code == "img = 255 - img"


def test_on_gray_paper_the_same_line_is_a_right_inversion() -> None:
    one = clue(wrap_around, view(on_paper(), WRAP))
    assert one is not None and one.sentence == "" and one.witnesses[1].value == 0


def test_gray_ink_on_white_survives_the_wrap() -> None:
    gray = pixels(np.maximum(letter_h().pixels[..., 0].astype(float), 60))
    assert found(wrap_around, view(gray, WRAP)) == ""


@pytest.mark.parametrize("method", ["auto", "255 - x", "1 - x as float"])
def test_other_inversions_do_not_wrap(method: str) -> None:
    assert found(wrap_around, view(letter_h(), steps("invert", method=method))) == ""


def test_a_picture_that_was_saved_after_the_wrap() -> None:
    wrapped = (1 - letter_h().pixels[..., 0].astype(int)) % 256
    assert found(wrap_around, view(pixels(wrapped))) == "uint8-wrap"


def test_white_on_black_is_no_wrapped_picture() -> None:
    assert found(wrap_around, view(letter_h(paper="black"))) == ""


def test_one_minus_float_reaches_minus_254() -> None:
    one = clue(one_minus_float, view(letter_h(), FLOAT))
    assert one is not None and one.sentence and one.level == "proof"
    assert [w.value for w in one.witnesses] == [-254, 1]


@pytest.mark.parametrize("pipeline", [None, WRAP])
def test_one_minus_float_is_silent_otherwise(pipeline: Pipeline | None) -> None:
    assert found(one_minus_float, view(letter_h(), pipeline)) == ""


# ---- sigmoid ---------------------------------------------------------------------------------------------------------


def test_the_curve_in_0_to_1() -> None:
    one = clue(sigmoid_range, view(letter_h(), steps("sigmoid", output="0..1")))
    assert one is not None and one.sentence and one.level == "proof"
    assert [w.value for w in one.witnesses] == pytest.approx([1, 1 / 255], abs=1e-3)


def test_the_curve_times_255() -> None:
    assert found(sigmoid_range, view(letter_h(), steps("sigmoid", output="0..255"))) == ""
    assert clue(sigmoid_range, view(letter_h())) is None


def test_the_curve_in_0_to_1_is_right_for_a_network_of_that_range_that_divides_no_more() -> None:
    curve = steps("sigmoid", output="0..1")
    right = curve.with_step("value_range", mode="0..255")
    assert found(sigmoid_range, view(letter_h(), right, value_range="0..1")) == ""
    assert found(value_range, view(letter_h(), right, value_range="0..1")) == ""
    wrong = curve.with_step("value_range", mode="0..1")
    assert found(sigmoid_range, view(letter_h(), wrong, value_range="0..1")) == "contrast-range"


def test_the_curve_explains_the_small_range_by_itself() -> None:
    assert found(value_range, view(letter_h(), steps("sigmoid", output="0..1"))) == ""


# ---- value range -----------------------------------------------------------------------------------------------------

INK_RANGES = {
    ("0..255", "0..1"): "range-too-small",
    ("0..255", "-1..1"): "range-too-small",
    ("0..255", "standardise"): "row-normalised",
    ("0..1", "0..255"): "range-too-large",
    ("0..1", "-1..1"): "range-signed-expected",
    ("-1..1", "0..1"): "range-signed-expected",
    ("-1..1", "0..255"): "range-too-large",
    ("standardise", "0..1"): "row-normalised",
    ("standardise", "0..255"): "row-normalised",
}


@pytest.mark.parametrize(("ranges", "cause"), INK_RANGES.items())
def test_another_range_than_the_contracts(ranges: tuple[str, str], cause: str) -> None:
    wanted, given = ranges
    wrong = letters().pipeline().with_step("value_range", mode=given)
    assert found(value_range, view(letter_h(), wrong, value_range=wanted)) == cause


@pytest.mark.parametrize("wanted", ["0..255", "0..1", "-1..1", "standardise"])
def test_the_contracts_range_is_silent(wanted: str) -> None:
    right = letters().pipeline().with_step("value_range", mode=wanted)
    assert found(value_range, view(letter_h(), right, value_range=wanted)) == ""


@pytest.mark.parametrize("wanted", ["0..1", "-1..1"])
def test_twice(wanted: str) -> None:
    twice = letters().pipeline().with_step("value_range", mode=wanted, times="twice")
    one = clue(value_range, view(letter_h(), twice, value_range=wanted))
    assert one is not None and one.sentence and one.cause == "preprocess-twice"


def test_dividing_twice_is_seen_without_knowing_the_step() -> None:
    hidden = letters().pipeline().with_step("value_range", mode="0..1", times="twice")
    looked = view(letter_h(), hidden, value_range="0..1")
    once = looked.stages.pipeline.with_step("value_range", times="once")
    object.__setattr__(looked.stages, "pipeline", once)
    assert found(value_range, looked) == "preprocess-twice"


COLOUR_RANGES = {
    ("-1..1", "caffe"): "imagenet-mode",
    ("-1..1", "torch"): "imagenet-mode",
    ("caffe", "0..255"): "imagenet-mode",
    ("caffe", "-1..1"): "range-too-small",
    ("torch", "0..1"): "imagenet-mode",
    ("torch", "-1..1"): "imagenet-mode",
    ("-1..1", "0..255"): "range-too-large",
    ("-1..1", "0..1"): "range-signed-expected",
    ("0..255", "0..1"): "range-too-small",
    ("torch", "torch"): "",
    ("caffe", "caffe"): "",
    ("-1..1", "-1..1"): "",
}


@pytest.mark.parametrize(("ranges", "cause"), COLOUR_RANGES.items())
def test_the_modes_of_imagenet(ranges: tuple[str, str], cause: str) -> None:
    wanted, given = ranges
    wrong = COLOUR.pipeline().with_step("value_range", mode=given)
    assert found(value_range, view(colours(), wrong, COLOUR, value_range=wanted)) == cause


def test_a_picture_without_contrast_says_nothing_about_the_range() -> None:
    wrong = letters().pipeline().with_step("value_range", mode="0..1")
    assert clue(value_range, view(pixels(np.full((50, 50), 200.0)), wrong)) is None


def test_the_level_is_the_training_sample_where_its_band_is_left() -> None:
    wrong = letters().pipeline().with_step("value_range", mode="0..1")
    with_sample = clue(value_range, view(letter_h(), wrong, reference=reference()))
    without = clue(value_range, view(letter_h(), wrong))
    assert with_sample is not None and with_sample.level == "training sample"
    assert without is not None and without.level == "model card"


def test_the_numbers_are_those_of_the_tensor_and_of_the_right_range() -> None:
    contract = Contract((28, 28), (28, 28), ("a", "b"), value_range="-1..1", polarity="any", frame="squash")
    wrong = contract.pipeline().with_step("value_range", mode="0..1")
    one = clue(value_range, view(letter_h(), wrong, contract))
    assert one is not None
    smallest, largest = one.witnesses
    assert (smallest.value, largest.value) == (0, 1)
    assert (smallest.low, smallest.high) == (-1, 1)
