"""Where the ink lies, and how the picture was brought to the network's size."""

from __future__ import annotations

import numpy as np
import pytest

from lib.autopsy.examination.geometry import coarse_resize, size_and_place, swapped_channels
from lib.contract import Contract
from tests.autopsy.examination.pictures import (
    COLOUR,
    clue,
    colours,
    drawn,
    found,
    letter_h,
    letters,
    line,
    pixels,
    reference,
    view,
)

SQUASH = letters().pipeline().with_step("frame", mode="squash")
LOOSE = SQUASH.with_step("centre", on=False)


@pytest.mark.parametrize("sample", [None, "reference"])
def test_small_ink_in_a_corner(sample: str | None) -> None:
    corner = drawn(line((80, 80), (80, 300)), line((80, 80), (250, 80)))
    one = clue(size_and_place, view(corner, LOOSE, reference=reference() if sample else None))
    assert one is not None and one.cause == "size-and-centring" and one.sentence
    assert one.level == ("training sample" if sample else "model card")
    extent, right, down = (witness.value for witness in one.witnesses)
    assert extent == pytest.approx(0.3, abs=0.05)
    assert right == pytest.approx(-0.36, abs=0.05) and down == pytest.approx(-0.35, abs=0.06)


def test_ink_that_fills_the_whole_frame_is_too_large() -> None:
    tight = letters().pipeline().with_step("frame", margin=0.0)
    one = clue(size_and_place, view(letter_h(), tight, reference=reference()))
    assert one is not None and "fills" in one.sentence and one.witnesses[0].value > 0.95


@pytest.mark.parametrize("ground", ["white", "black"])
@pytest.mark.parametrize("sample", [None, "reference"])
def test_the_contracts_own_frame_is_silent(sample: str | None, ground: str) -> None:
    looked = view(letter_h(paper=ground), reference=reference() if sample else None)
    assert found(size_and_place, looked) == ""


def test_a_wrong_polarity_does_not_hide_where_the_ink_is() -> None:
    upright = letters().pipeline().with_step("invert", on=False)
    assert found(size_and_place, view(letter_h(), upright, reference=reference())) == ""


def test_without_a_recipe_or_a_reference_nothing_can_be_said() -> None:
    plain = Contract((28, 28), (28, 28), ("a", "b"), polarity="white on black", frame="squash")
    assert clue(size_and_place, view(letter_h(), contract=plain)) is None


def test_nearest_neighbour_drops_thin_strokes() -> None:
    nearest = letters().pipeline().with_step("resize", filter="nearest")
    one = clue(coarse_resize, view(letter_h(size=25), nearest))
    assert one is not None and one.cause == "resize-filter" and one.sentence


def test_the_contracts_filter_is_silent_and_so_is_one_that_changes_nothing() -> None:
    assert clue(coarse_resize, view(letter_h())) is None
    same = letters().pipeline().with_step("resize", filter="nearest").with_step("frame", mode="squash")
    assert clue(coarse_resize, view(pixels(np.zeros((28, 28))), same)) is None


def test_a_neighbouring_filter_hardly_matters() -> None:
    soft = pixels(np.outer(np.hanning(60), np.hanning(60)) * 255)
    linear = letters().pipeline().with_step("resize", filter="bilinear").with_step("frame", mode="squash")
    assert found(coarse_resize, view(soft, linear)) == ""


@pytest.mark.parametrize(
    ("wanted", "given", "cause"),
    [("RGB", "BGR", "channel-order"), ("BGR", "RGB", "channel-order"), ("BGR", "BGR", "")],
)
def test_red_and_blue(wanted: str, given: str, cause: str) -> None:
    pipeline = COLOUR.pipeline().with_step("channel_order", on=True, order=given)
    assert found(swapped_channels, view(colours(), pipeline, COLOUR, channel_order=wanted)) == cause


def test_gray_pictures_have_no_order() -> None:
    swapped = COLOUR.pipeline().with_step("channel_order", on=True, order="BGR")
    one = clue(swapped_channels, view(letter_h(), swapped, COLOUR))
    assert one is not None and one.sentence == "" and one.witnesses[0].value == 0


def test_one_channel_has_no_order_at_all() -> None:
    assert clue(swapped_channels, view(letter_h())) is None
