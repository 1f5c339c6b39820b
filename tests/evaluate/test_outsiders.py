"""Claims about made outsiders: how many, which shapes, and that no letter is among them."""

import numpy as np
import pytest

from lib.contract import Contract
from lib.dataset import Dataset
from lib.dataset.dataset import Pictures
from lib.evaluate.builtin import drawn_capitals
from lib.evaluate.outsiders import KINDS, other_script, upside_down
from lib.picture import Picture

LETTERS = Contract((28, 28, 1), (28, 28), tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
DIGITS = Contract((32, 32, 3), (32, 32), tuple("0123456789"), channels=3)
FRUIT = Contract((32, 32, 3), (32, 32), ("apple", "pear"), channels=3)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_gives_as_many_as_asked_for_and_the_same_ones_again(kind: str) -> None:
    made, again = (KINDS[kind].make(drawn_capitals(), LETTERS, 30) for _ in range(2))
    assert made is not None and again is not None and len(made) == 30
    np.testing.assert_array_equal(made.images, again.images)
    assert made.class_names == ("none of the classes",)


def test_noise_has_the_networks_size_and_colours() -> None:
    assert KINDS["noise"].make(drawn_capitals(), DIGITS, 3).images.shape == (3, 32, 32, 3)  # type: ignore[union-attr]


def test_upside_down_leaves_out_the_letters_that_stay_letters() -> None:
    dataset = drawn_capitals()
    turned = upside_down(dataset, LETTERS, 10_000)
    assert turned is not None and len(turned) == 20 * len("AFGJKLPQRTVY")
    upright = {image.tobytes() for image in dataset.images}
    assert all(np.ascontiguousarray(image[::-1]).tobytes() in upright for image in turned.images)


def test_upside_down_pictures_of_various_sizes() -> None:
    picture = Picture.from_array(np.arange(12, dtype=np.uint8).reshape(3, 4))
    turned = upside_down(Dataset(Pictures([picture]), np.array([0]), ("apple",)), FRUIT, 5)
    assert turned is not None and np.array_equal(turned.picture(0).pixels, picture.pixels[::-1])


def test_digits_are_outsiders_to_letters_and_letters_to_digits_where_they_look_different() -> None:
    digits = other_script(drawn_capitals(), LETTERS, 5_000)
    capitals = other_script(drawn_capitals(), DIGITS, 5_000)
    assert digits is not None and digits.size == (8, 8) and 800 < len(digits) < 1_000
    assert capitals is not None and len(capitals) == 20 * 13
    assert other_script(drawn_capitals(), FRUIT, 5) is None
