"""Lines for somebody's own code are run here: they must compute what the pipeline's step computes."""

from __future__ import annotations

import cv2
import numpy as np
import PIL.Image
import PIL.ImageOps
import pytest

from lib.autopsy.causes import CAUSES
from lib.autopsy.own_code import own_code
from lib.contract import Contract
from lib.pipeline import Background, Frame, Invert, Orientation, SigmoidContrast, Stroke, ValueRange
from tests.autopsy.examination.pictures import COLOUR, letter_h, letters, on_paper

LETTERS = letters()
PIPELINE = LETTERS.pipeline()
GRAY = letter_h().pixels[..., 0]


def run(code: str, img: np.ndarray) -> np.ndarray:
    names: dict = {"img": img, "np": np, "cv2": cv2}
    exec(code, names)
    return np.asarray(names["img"], np.float64)


def test_every_line_is_python() -> None:
    for cause in CAUSES:
        for contract in (LETTERS, COLOUR):
            compile(own_code(cause, contract), cause, "exec")


@pytest.mark.parametrize("cause", ["polarity", "uint8-wrap", "one-minus-float"])
def test_the_inversion(cause: str) -> None:
    np.testing.assert_array_equal(run(own_code(cause, LETTERS), GRAY), Invert(method="255 - x").apply(GRAY))


@pytest.mark.parametrize("mode", ["0..1", "-1..1"])
def test_the_range_is_the_contracts(mode: str) -> None:
    contract = Contract((28, 28), (28, 28), ("a", "b"), value_range=mode)
    wanted = ValueRange(mode=mode).apply(GRAY.astype(np.float32))
    for cause in ("range-too-large", "preprocess-twice", "row-normalised", "imagenet-mode"):
        np.testing.assert_allclose(run(own_code(cause, contract), GRAY), wanted, atol=1e-6)


@pytest.mark.parametrize(("mode", "module"), [("caffe", "resnet50"), ("torch", "densenet")])
def test_the_modes_of_imagenet_call_their_own_modules(mode: str, module: str) -> None:
    contract = Contract((8, 8, 3), (8, 8), ("a", "b"), 3, value_range=mode)
    assert f"keras.applications.{module}.preprocess_input" in own_code("imagenet-mode", contract)


def test_plain_pixels_need_no_line() -> None:
    assert own_code("row-normalised", LETTERS).startswith("#")
    assert run(own_code("range-too-small", LETTERS), GRAY / 255).max() == 255


@pytest.mark.parametrize(
    "turn", ["rotate 90°", "rotate 270°", "transpose", "anti-transpose", "flip top-bottom"]
)
def test_turning_back(turn: str) -> None:
    right = PIPELINE.with_step("orientation", turn=turn, on=True)
    wanted = Orientation(turn=turn).apply(GRAY[:100])
    np.testing.assert_array_equal(run(own_code("orientation", LETTERS, right), GRAY[:100]), wanted)


def test_a_turn_too_many_is_left_out() -> None:
    assert own_code("mirrored", LETTERS).startswith("#")


def test_paper_comes_off_as_in_the_pipeline() -> None:
    right = PIPELINE.with_step("background", on=True, window=30.0).with_step(
        "sigmoid", on=True, slope=20.0, b=100.0
    )
    photo = on_paper().pixels[..., 0]
    wanted = Background(method="subtract", window=30.0).apply(photo.astype(np.float32))
    wanted = SigmoidContrast(slope=20.0, b=100.0).apply(Invert(method="255 - x").apply(wanted))
    got = run(own_code("background-not-flat", LETTERS, right), photo)
    # The step looks at a smaller copy of the picture, which is quicker.
    assert np.abs(got - wanted).mean() < 2 and np.corrcoef(got.ravel(), wanted.ravel())[0, 1] > 0.99


def test_cropped_scaled_and_centred_as_in_training() -> None:
    bright = np.zeros((200, 300), np.uint8)
    bright[20:80, 30:70] = 255
    got = run(own_code("size-and-centring", LETTERS), bright)
    np.testing.assert_allclose(got.shape, Frame(mode="crop to ink", margin=1 / 7).apply(bright).shape, atol=1)
    y, x = np.nonzero(got > 128)
    middle = (len(got) - 1) / 2
    assert abs(y.mean() - middle) <= 1 and abs(x.mean() - middle) <= 1


@pytest.mark.parametrize("mode", ["pad to square", "centre crop"])
def test_the_shape_is_kept(mode: str) -> None:
    wide = np.random.default_rng(0).integers(0, 256, (31, 60, 3), np.uint8)
    wide[0], wide[-1], wide[:, 0], wide[:, -1] = [200] * 4
    right = COLOUR.pipeline().with_step("frame", mode=mode)
    got = run(own_code("aspect-ratio", COLOUR, right), wide)
    np.testing.assert_array_equal(got, Frame(mode=mode).apply(wide))


@pytest.mark.parametrize("amount", [2.0, -2.0])
def test_the_stroke_is_widened_and_thinned(amount: float) -> None:
    right = PIPELINE.with_step("stroke", on=True, amount=amount)
    wanted = Stroke(amount=amount).apply(GRAY.astype(np.float32))
    np.testing.assert_array_equal(run(own_code("stroke-width", LETTERS, right), GRAY), wanted)


def test_a_transparent_picture_is_laid_on_white() -> None:
    names: dict = {"PIL": PIL, "image": PIL.Image.fromarray(np.zeros((4, 4, 4), np.uint8))}
    exec(own_code("alpha-channel", LETTERS), names)
    assert np.asarray(names["image"])[..., :3].min() == 255


def test_the_paper_is_taken_away_by_the_method_that_the_fix_uses() -> None:
    gray = on_paper().pixels[..., 0]
    for values in ({"method": "adaptive", "window": 20.0, "offset": 20.0}, {"method": "otsu"}):
        right = PIPELINE.with_step("background", on=True, **values).with_step("invert", on=False)
        wanted = Background(on=True, **values).apply(gray.astype(np.float32))
        code = own_code("background-not-flat", LETTERS, right)
        np.testing.assert_array_equal(run(code, gray), wanted)
