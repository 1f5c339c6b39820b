"""The numbers that reach the network, computed by hand and by Keras's own functions."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.pipeline import Layout, PipelineError, ValueRange

GRAY = np.array([[0, 127.5, 255]], np.float32)
COLOUR = np.array([[[10, 20, 30], [200, 100, 50]]], np.float32)


@pytest.mark.parametrize(
    ("mode", "expected"), [("0..255", [0, 127.5, 255]), ("0..1", [0, 0.5, 1]), ("-1..1", [-1, 0, 1])]
)
def test_linear_ranges(mode: str, expected: list[float]) -> None:
    np.testing.assert_allclose(ValueRange(mode=mode).apply(GRAY)[0], expected)


def test_standardise_gives_mean_0_and_deviation_1() -> None:
    result = ValueRange(mode="standardise").apply(GRAY)
    assert result.mean() == pytest.approx(0, abs=1e-6)
    assert result.std() == pytest.approx(1)


def test_standardise_of_a_blank_picture_is_zero_not_nan() -> None:
    assert ValueRange(mode="standardise").apply(np.full((5, 5), 255, np.float32)).tolist() == [[0.0] * 5] * 5


@pytest.mark.parametrize("mode", ["caffe", "torch"])
def test_imagenet_modes_are_those_of_keras(mode: str) -> None:
    from keras.applications import imagenet_utils

    expected = imagenet_utils.preprocess_input(COLOUR.copy(), mode=mode)
    # Keras's caffe mode also swaps to BGR, which is a step of its own here: give it the swapped picture.
    image = COLOUR[..., ::-1] if mode == "caffe" else COLOUR
    np.testing.assert_allclose(ValueRange(mode=mode).apply(np.ascontiguousarray(image)), expected, rtol=1e-5)


# ---- twice: the range applied to what has it already ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        ("0..255", [0, 127.5, 255]),
        # 255 -> 1 -> 1/255
        ("0..1", [0, 0.5 / 255, 1 / 255]),
        # 255 -> 1 -> 1/127.5 - 1; 0 -> -1 -> -1/127.5 - 1
        ("-1..1", [-1 / 127.5 - 1, -1, 1 / 127.5 - 1]),
    ],
)
def test_linear_ranges_twice(mode: str, expected: list[float]) -> None:
    np.testing.assert_allclose(ValueRange(mode=mode, times="twice").apply(GRAY)[0], expected, rtol=1e-6)


@pytest.mark.parametrize("mode", ["caffe", "torch", "tf"])
def test_twice_is_keras_called_on_its_own_result(mode: str) -> None:
    from keras.applications import imagenet_utils

    expected = COLOUR.copy()
    for _ in range(2):
        expected = imagenet_utils.preprocess_input(expected, mode=mode)
    image = np.ascontiguousarray(COLOUR[..., ::-1]) if mode == "caffe" else COLOUR
    step = ValueRange(mode={"tf": "-1..1"}.get(mode, mode), times="twice")
    np.testing.assert_allclose(step.apply(image), expected, rtol=1e-5)


def test_caffe_twice_by_hand_red_loses_both_its_own_mean_and_blues() -> None:
    blue_green_red = np.ascontiguousarray(COLOUR[..., ::-1])  # as the channel order step gives it
    red, green, blue = ValueRange(mode="caffe", times="twice").apply(blue_green_red)[0, 1]
    assert red == pytest.approx(200 - 123.68 - 103.939, abs=1e-4)
    assert green == pytest.approx(100 - 2 * 116.779, abs=1e-4)
    assert blue == pytest.approx(50 - 103.939 - 123.68, abs=1e-4)


@given(mode=st.sampled_from(ValueRange.parameters()["mode"].options))
def test_once_is_the_default_and_twice_is_two_steps_except_for_caffes_order(mode: str) -> None:
    once = ValueRange(mode=mode)
    assert once.times == "once"
    again = once.apply(once.apply(COLOUR))
    twice = ValueRange(mode=mode, times="twice").apply(COLOUR)
    if mode == "caffe":
        again = once.apply(np.ascontiguousarray(once.apply(COLOUR)[..., ::-1]))
    np.testing.assert_array_equal(twice, again)


def test_vector_goes_row_by_row() -> None:
    image = np.arange(6, dtype=np.float32).reshape(2, 3)
    assert Layout(shape="vector").apply(image).tolist() == [0, 1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("shape", "channels", "expected"),
    [
        ("height x width x channels", 1, (2, 3, 1)),
        ("height x width x channels", 3, (2, 3, 3)),
        ("height x width", 1, (2, 3)),
        ("vector", 3, (18,)),
    ],
)
def test_layouts_of_a_gray_picture(shape: str, channels: int, expected: tuple[int, ...]) -> None:
    assert Layout(shape=shape, channels=channels).apply(np.zeros((2, 3), np.float32)).shape == expected


def test_a_colour_picture_for_one_channel_is_refused_with_the_remedy() -> None:
    with pytest.raises(PipelineError, match="turn Grayscale on"):
        Layout(channels=1).apply(COLOUR)
