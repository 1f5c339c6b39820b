"""The Compass: which way up, by layers that can be computed by hand; hostile files are refused."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import zoo
from lib.reference.compass import SIDE, Compass, Convolution, eight, small
from lib.samples import sample


def made(first: np.ndarray, classes: int = 2) -> Compass:
    """One channel all the way; the hidden unit adds up what the convolutions leave and is passed on to class 0."""
    left = ((SIDE - len(first)) // 2 + 1 - 1) // 2 + 1
    output = np.zeros((1, classes), np.float16)
    output[0, 0] = 1
    return Compass(
        (
            Convolution(first.astype(np.float16)[..., None, None], np.zeros(1, np.float16), 2),
            Convolution(np.ones((1, 1, 1, 1), np.float16), np.zeros(1, np.float16), 2),
        ),
        hidden=np.ones((left * left, 1), np.float16),
        hidden_bias=np.zeros(1, np.float16),
        output=output,
        output_bias=np.zeros(classes, np.float16),
        usual=np.array([0.0, 1.0]),
    )


def test_scores_are_the_layers_one_after_the_other() -> None:
    # Two below each other: the upper one counts, the lower one counts against it.
    compass = made(np.array([[1.0, 0.0], [-1.0, 0.0]]))
    image = np.zeros((1, 28, 28))
    image[0, 0] = 200
    # Rows 0 and 1 meet the first kernel; of its 14 places across, stride 2 leaves seven to the second.
    np.testing.assert_allclose(compass.scores(image), [[7.0, 0.0]])
    upside_down = image[:, ::-1]
    np.testing.assert_allclose(compass.scores(upside_down), [[0.0, 0.0]])
    upright = compass.upright(compass.scores(np.concatenate([image, upside_down])))
    np.testing.assert_allclose(upright, [np.log(np.exp(7) + 1), np.log(2)])


def test_a_convolution_takes_every_other_place_with_stride_two_and_all_with_stride_one() -> None:
    maps = np.arange(16, dtype=np.float32).reshape(1, 4, 4, 1)
    kernel, bias = np.ones((2, 2, 1, 1), np.float16), np.array([-20.0], np.float16)
    # The sums of the four corners' squares of two by two are 10, 18, 42 and 50; ReLU keeps what is above 20.
    np.testing.assert_array_equal(Convolution(kernel, bias, 2)(maps)[0, ..., 0], [[0, 0], [22, 30]])
    middle = Convolution(kernel, bias, 1)(maps)[0, ..., 0]
    np.testing.assert_array_equal(middle, [[0, 0, 0], [6, 10, 14], [22, 26, 30]])


def test_scores_are_those_of_keras() -> None:
    import keras

    random = np.random.default_rng(0)
    strides = (2, 2, 1)
    network = keras.Sequential(
        [
            keras.Input((SIDE, SIDE, 1)),
            *(
                keras.layers.Conv2D(channels, kernel, strides=stride, activation="relu")
                for channels, kernel, stride in zip((3, 4, 2), (5, 4, 3), strides, strict=True)
            ),
            keras.layers.Flatten(),
            keras.layers.Dense(6, activation="relu"),
            keras.layers.Dense(2),
        ]
    )
    network.set_weights(
        [random.normal(0, 0.3, w.shape).astype(np.float16).astype(np.float32) for w in network.get_weights()]
    )
    weights = [w.astype(np.float16) for w in network.get_weights()]
    layers = [Convolution(*weights[2 * n : 2 * n + 2], stride) for n, stride in enumerate(strides)]
    compass = Compass(tuple(layers), *weights[6:], usual=np.array([0.0, 1.0]))
    images = random.uniform(size=(5, SIDE, SIDE)).astype(np.float32)
    expected = network(small(images)[..., None]).numpy()
    np.testing.assert_allclose(compass.scores(images), expected, rtol=1e-4, atol=1e-4)


@given(st.floats(0.01, 100), st.floats(-50, 50))
def test_contrast_and_range_do_not_matter(factor: float, offset: float) -> None:
    image = np.random.default_rng(0).uniform(0, 255, (1, 28, 28))
    np.testing.assert_allclose(small(image * factor + offset), small(image), atol=2e-3)


def test_small_is_from_black_to_white_and_of_one_size() -> None:
    wide = np.tile(np.linspace(-1, 1, 30), (20, 1))[None]
    for found in (small(wide), small(np.random.default_rng(0).normal(size=(1, 28, 28)))):
        assert found.shape == (1, SIDE, SIDE) and found.min() >= 0 and found.max() <= 1
    assert not small(np.full((1, 28, 28), 7.0)).any(), "one value has no contrast"


def test_the_eight_orientations_are_all_different_and_the_first_is_the_picture() -> None:
    image = np.arange(9.0).reshape(1, 3, 3)
    found = eight(image)
    assert found.shape == (1, 8, 3, 3)
    np.testing.assert_array_equal(found[0, 0], image[0])
    np.testing.assert_array_equal(found[0, 4], image[0, :, ::-1])
    assert len({turned.tobytes() for turned in found[0]}) == 8


def test_a_letter_points_the_right_way() -> None:
    network = zoo.load("letters-mlp")
    assert network.reference is not None and network.reference.compass is not None
    compass = network.reference.compass
    tensor = network.contract.pipeline().run(sample("r-clean").picture()).final.reshape(1, 28, 28)
    scores = [compass.scores(turned[None]) for turned in eight(tensor)[0]]
    upright = [float(compass.upright(s)[0]) for s in scores]
    assert int(np.argmax(upright)) == 0 and upright[0] > -2
    assert network.contract.class_names[int(scores[0].argmax())] == "R"


def test_it_is_read_as_it_was_written(tmp_path: Path) -> None:
    compass = made(np.random.default_rng(0).normal(size=(3, 3)))
    compass.save(tmp_path / "compass.npz")
    again = Compass.load(tmp_path / "compass.npz")
    image = np.random.default_rng(1).uniform(size=(3, 28, 28))
    np.testing.assert_array_equal(again.scores(image), compass.scores(image))


def test_a_file_of_the_format_before_gives_the_same_scores(tmp_path: Path) -> None:
    compass = made(np.random.default_rng(0).normal(size=(3, 3)))
    first, second = compass.convolutions
    dense = {name: values for name, values in vars(compass).items() if name != "convolutions"}
    np.savez(
        tmp_path / "compass.npz",
        format=np.int64(2),
        first=first.kernel,
        first_bias=first.bias,
        second=second.kernel,
        second_bias=second.bias,
        **dense,
    )
    image = np.random.default_rng(1).uniform(size=(3, 28, 28))
    np.testing.assert_array_equal(Compass.load(tmp_path / "compass.npz").scores(image), compass.scores(image))


def test_what_does_not_fit_together_is_refused(tmp_path: Path) -> None:
    good = made(np.ones((2, 2)))
    first, second = good.convolutions
    for wrong in (
        {"convolutions": (dataclasses.replace(first, kernel=np.ones((2, 3, 1, 1))), second)},
        {"convolutions": (dataclasses.replace(first, kernel=np.full((2, 2, 1, 1), np.nan)), second)},
        {"convolutions": (dataclasses.replace(first, stride=0), second)},
        {"convolutions": (first, dataclasses.replace(second, kernel=np.ones((1, 1, 2, 1))))},
        {"convolutions": (first, dataclasses.replace(second, bias=np.zeros(2)))},
        {"convolutions": (first,)},
        {"hidden": np.ones((7, 1))},
        {"output_bias": np.zeros(3)},
        {"usual": np.zeros(3)},
    ):
        with pytest.raises(ValueError, match="do not fit"):
            dataclasses.replace(good, **wrong)  # type: ignore[arg-type]
    np.savez(tmp_path / "other.npz", format=np.int64(1), hidden=np.zeros((7, 1)))
    with pytest.raises(ValueError, match="not a Compass"):
        Compass.load(tmp_path / "other.npz")
    good.save(tmp_path / "good.npz")
    with np.load(tmp_path / "good.npz") as file:
        arrays = dict(file)
    # A gap in the convolutions' numbers is not passed over in silence.
    arrays = {name.replace("_1", "_2"): values for name, values in arrays.items()}
    np.savez(tmp_path / "gap.npz", **arrays)
    with pytest.raises(ValueError, match="not a Compass"):
        Compass.load(tmp_path / "gap.npz")


def test_a_house_number_that_was_cut_out_too_wide_is_less_like_training() -> None:
    network = zoo.load("house-numbers")
    assert network.reference is not None and network.reference.compass is not None
    compass = network.reference.compass
    image = np.full((32, 32), 60, np.uint8)
    cv2.putText(image, "4", (4, 28), cv2.FONT_HERSHEY_SIMPLEX, 1.15, 200, 3)
    wide = cv2.resize(
        cv2.copyMakeBorder(image, 0, 0, 16, 16, cv2.BORDER_REPLICATE), (32, 32), interpolation=cv2.INTER_AREA
    )
    scores = compass.scores(np.stack([image, wide, image[::-1]]))
    right, too_wide, upside_down = compass.upright(scores)
    assert scores[0].argmax() == 4
    assert right > too_wide + 0.3 and right > upside_down + 0.3
