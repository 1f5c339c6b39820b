"""The Compass: which way up, by matrices that can be computed by hand; hostile files are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import zoo
from lib.reference.compass import SIDE, Compass, eight, small
from lib.samples import sample

PIXELS = SIDE * SIDE


def made(hidden: np.ndarray, classes: int = 2) -> Compass:
    """One hidden unit that is passed on to class 0 as it is."""
    output = np.zeros((1, classes), np.float16)
    output[0, 0] = 1
    return Compass(
        hidden.astype(np.float16),
        np.zeros(1, np.float16),
        output,
        np.zeros(classes, np.float16),
        np.array([0.0, 1.0]),
    )


def test_scores_are_the_two_matrices_one_after_the_other() -> None:
    top = np.zeros((SIDE, SIDE))
    top[0] = 1
    compass = made(top.reshape(PIXELS, 1))
    image = np.zeros((1, 28, 28))
    image[0, :2] = 200
    # The top row of the small picture is white: fourteen ones, which class 0 gets and class 1 does not.
    np.testing.assert_allclose(compass.scores(image), [[14.0, 0.0]])
    upside_down = image[:, ::-1]
    np.testing.assert_allclose(compass.scores(upside_down), [[0.0, 0.0]])
    upright = compass.upright(compass.scores(np.concatenate([image, upside_down])))
    np.testing.assert_allclose(upright, [np.log(np.exp(14) + 1), np.log(2)])


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
    compass = made(np.random.default_rng(0).normal(size=(PIXELS, 1)))
    compass.save(tmp_path / "compass.npz")
    again = Compass.load(tmp_path / "compass.npz")
    image = np.random.default_rng(1).uniform(size=(3, 28, 28))
    np.testing.assert_array_equal(again.scores(image), compass.scores(image))


def test_what_does_not_fit_together_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="do not fit"):
        made(np.zeros((7, 1)))
    with pytest.raises(ValueError, match="do not fit"):
        made(np.full((PIXELS, 1), np.nan))
    np.savez(tmp_path / "other.npz", format=np.int64(1), hidden=np.zeros((PIXELS, 1)))
    with pytest.raises(ValueError, match="not a Compass"):
        Compass.load(tmp_path / "other.npz")
