"""Claims about what is made of letters without being one."""

import numpy as np
import pytest

from lib.training.data import Labelled
from lib.training.outsiders import letter_pieces
from lib.training.outsiders.letter_pieces import MAKERS, cut, several, text, turned


@pytest.fixture(scope="module")
def letters():
    """Each class is a box of its own width with a spur at the upper right, all 20 high."""
    images = np.zeros((260, 28, 28), np.uint8)
    labels = np.arange(260) % 26
    for image, label in zip(images, labels, strict=True):
        half = 3 + int(label) // 4
        image[4:24, 14 - half : 16 - half] = 255
        image[4:6, 14 - half : 14 + half] = 255
    return Labelled(images, labels.astype(np.int64))


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_every_maker_gives_as_many_as_asked_the_same_every_time_and_none_is_empty(make, letters):
    first, again = (make(letters, 30, np.random.default_rng(1)) for _ in range(2))
    assert first.shape == (30, 28, 28) and first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert (first.max((1, 2)) > 60).all()
    known = {image.tobytes() for image in letters.images}
    assert not known & {image.tobytes() for image in first}


def test_a_cut_letter_keeps_at_most_45_percent_of_its_ink(letters):
    most = letters.images.reshape(len(letters), -1).sum(1, dtype=int).max()
    pieces = cut(letters, 100, np.random.default_rng(0)).reshape(100, -1).sum(1, dtype=int)
    assert (pieces <= 0.45 * most + 1).all()
    assert (pieces > 0).all()


def test_only_letters_that_a_mirror_changes_are_mirrored():
    assert not set(letter_pieces.MIRRORED) & set("AHIMOTUVWXYSZNJL")
    assert not set(letter_pieces.UPSIDE_DOWN) & set("HIOXBCDEKMWNSZ")
    assert not set(letter_pieces.QUARTER_TURN) & set("HIONZXCUMSW")


def test_turned_letters_lie_or_stand_on_their_heads(letters):
    result = turned(letters, 60, np.random.default_rng(0))
    # The originals have their bar at the top and their stem at the left.
    upright = [
        image[4:6].sum() > image[22:24].sum() and image[:, :14].sum() > image[:, 14:].sum()
        for image in result
    ]
    assert np.mean(upright) < 0.5


def test_several_letters_side_by_side_lie_in_one_row(letters):
    result = several(letters, 60, np.random.default_rng(0))
    wide = (result > 60).any(1).sum(1) - (result > 60).any(2).sum(1)
    assert (wide > 0).mean() > 0.3


def test_text_is_small_letters_in_rows(letters):
    result = text(letters, 40, np.random.default_rng(0))
    assert ((result > 60).any((1, 2))).all()
    assert (result[:, 0].max(1) < 60).mean() > 0.3
