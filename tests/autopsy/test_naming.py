"""The name of a cause follows from which step has to be put right, and from what."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lib.autopsy.causes import CAUSES
from lib.autopsy.naming import differences
from lib.contract import Contract
from lib.picture import Picture
from lib.pipeline import Pipeline

LETTERS = Contract(
    (784,),
    (28, 28),
    ("A", "B"),
    polarity="white on black",
    frame="crop to ink",
    margin=0.1,
    centre="centre of mass",
)
UNIT = Contract(
    (28, 28, 1), (28, 28), ("A", "B"), value_range="0..1", polarity="white on black", frame="crop to ink"
)
PHOTOS = Contract((32, 32, 3), (32, 32), ("cat", "dog"), channels=3, value_range="caffe", channel_order="BGR")
SQUARE = Picture.from_array(np.full((40, 40, 3), 255, np.uint8))
WIDE = Picture.from_array(np.full((40, 90, 3), 255, np.uint8))


def named(contract: Contract, step: str, picture: Picture = SQUARE, **values: object) -> list[str]:
    """The causes when this one step differs from the contract's own pipeline."""
    right = contract.pipeline()
    return [part.cause for part in differences(right.with_step(step, **values), right, contract, picture)]


@pytest.mark.parametrize(
    ("contract", "step", "values", "cause"),
    [
        (LETTERS, "value_range", {"mode": "0..1"}, "range-too-small"),
        (LETTERS, "value_range", {"mode": "-1..1"}, "range-too-small"),
        (UNIT, "value_range", {"mode": "0..255"}, "range-too-large"),
        (UNIT, "value_range", {"mode": "-1..1"}, "range-signed-expected"),
        (UNIT, "value_range", {"mode": "standardise"}, "row-normalised"),
        (UNIT, "value_range", {"times": "twice"}, "preprocess-twice"),
        (PHOTOS, "value_range", {"mode": "torch"}, "imagenet-mode"),
        (PHOTOS, "channel_order", {"order": "RGB"}, "channel-order"),
        (LETTERS, "invert", {"on": False}, "polarity"),
        (LETTERS, "invert", {"method": "1 - x as uint8"}, "uint8-wrap"),
        (LETTERS, "invert", {"method": "1 - x as float"}, "one-minus-float"),
        (LETTERS, "sigmoid", {"on": True, "output": "0..1"}, "contrast-range"),
        (LETTERS, "sigmoid", {"on": True, "output": "0..255"}, "background-not-flat"),
        (LETTERS, "orientation", {"on": True, "turn": "rotate 90°"}, "orientation"),
        (LETTERS, "orientation", {"on": True, "turn": "transpose"}, "orientation"),
        (LETTERS, "orientation", {"on": True, "turn": "mirror left-right"}, "mirrored"),
        (LETTERS, "frame", {"mode": "squash"}, "size-and-centring"),
        (LETTERS, "centre", {"on": False}, "size-and-centring"),
        (LETTERS, "stroke", {"on": True, "amount": 3.0}, "stroke-width"),
        (LETTERS, "softness", {"on": True, "sigma": 2.0}, "edge-softness"),
        (LETTERS, "grayscale", {"recipe": "red"}, "grayscale-recipe"),
        (LETTERS, "transparency", {"background": "ignore"}, "alpha-channel"),
        (LETTERS, "resize", {"filter": "nearest"}, "resize-filter"),
    ],
)
def test_one_wrong_step_has_one_name(contract: Contract, step: str, values: dict, cause: str) -> None:
    assert named(contract, step, **values) == [cause]
    assert cause in CAUSES


def test_squashing_a_wide_picture_is_about_its_shape() -> None:
    assert named(LETTERS, "frame", WIDE, mode="squash") == ["aspect-ratio"]


def test_what_does_not_act_has_no_name() -> None:
    assert named(LETTERS, "working_size", longest=200) == []
    assert named(LETTERS, "sigmoid", on=False, slope=3.0) == []


def test_paper_is_put_right_as_one_thing() -> None:
    wrong = LETTERS.pipeline()
    right = (
        wrong.with_step("grayscale", recipe="darkest channel")
        .with_step("background", on=True)
        .with_step("sigmoid", on=True)
    )
    (part,) = differences(wrong, right, LETTERS, SQUARE)
    assert part.cause == "background-not-flat" and set(part.steps) == {"grayscale", "background", "sigmoid"}
    assert part.apply(wrong, right) == right


def test_on_gray_paper_one_minus_x_on_bytes_is_an_inversion_and_goes_with_the_paper() -> None:
    gray = Picture.from_array(np.full((40, 40, 3), 180, np.uint8))
    wrong = LETTERS.pipeline().with_step("invert", method="1 - x as uint8")
    right = LETTERS.pipeline().with_step("background", on=True)
    (part,) = differences(wrong, right, LETTERS, gray)
    assert part.cause == "background-not-flat" and set(part.steps) == {"background", "invert"}
    black = np.full((40, 40, 3), 255, np.uint8)
    black[10:20] = 0
    causes = [part.cause for part in differences(wrong, right, LETTERS, Picture.from_array(black))]
    assert causes == ["background-not-flat", "uint8-wrap"]


def test_every_difference_put_right_gives_the_right_pipeline() -> None:
    right = LETTERS.pipeline()
    wrong: Pipeline = (
        right.with_step("value_range", mode="0..1")
        .with_step("invert", on=False)
        .with_step("frame", mode="squash")
        .with_step("centre", on=False)
    )
    parts = differences(wrong, right, LETTERS, SQUARE)
    assert [part.cause for part in parts] == ["polarity", "size-and-centring", "range-too-small"]
    for part in parts:
        wrong = part.apply(wrong, right)
    assert wrong == right


def test_the_code_says_how_to_turn_it_back() -> None:
    wrong = LETTERS.pipeline()
    right = wrong.with_step("orientation", on=True, turn="rotate 90°")
    assert differences(wrong, right, LETTERS, SQUARE)[0].code == "img = np.rot90(img)"


def remedy(picture: Picture, **steps: dict[str, object]) -> list[str]:
    """The causes when these steps are the remedy that the contract's own pipeline lacks."""
    right = wrong = LETTERS.pipeline()
    for step, values in steps.items():
        right = right.with_step(step, on=True, **values)
    return [part.cause for part in differences(wrong, right, LETTERS, picture)]


def test_a_steep_curve_is_against_soft_edges_on_a_flat_page_and_against_paper_elsewhere() -> None:
    page = np.full((60, 60, 3), 255, np.uint8)
    page[20:40, 25:35] = 0
    flat, gray = Picture.from_array(page), Picture.from_array((page * 0.7 + 20).astype(np.uint8))
    assert remedy(flat, sigmoid={"output": "0..255"}) == ["edge-softness"]
    assert remedy(gray, sigmoid={"output": "0..255"}) == ["background-not-flat"]
    assert remedy(gray, background={}, sigmoid={"output": "0..255"}) == ["background-not-flat"]


def test_the_wide_halo_of_ink_that_is_out_of_focus_is_no_paper() -> None:
    page = np.full((240, 240), 255, np.uint8)
    page[80:160, 100:112] = 0
    blurred = np.asarray(cv2.GaussianBlur(page, (0, 0), 8.0))
    shaded = (blurred * np.linspace(0.7, 1.0, 240)).astype(np.uint8)
    flat, paper = (Picture.from_array(np.repeat(image[..., None], 3, axis=2)) for image in (blurred, shaded))
    steps: dict[str, dict] = {"background": {}, "sigmoid": {"output": "0..255"}}
    assert remedy(flat, **steps) == ["edge-softness"]
    assert remedy(paper, **steps) == ["background-not-flat"]
