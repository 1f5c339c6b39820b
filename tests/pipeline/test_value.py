"""The numbers that reach the network, computed by hand and by Keras's own functions."""

import numpy as np
import pytest

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
