"""Claims about finding outsiders that look like capitals."""

import numpy as np

from lib.training.data import Labelled
from lib.training.outsiders.look_alikes import look_alikes


def bars(angle_in_columns, count=10):
    """Upright bars that lean by so many columns."""
    images = np.zeros((count, 28, 28), np.uint8)
    for row in range(4, 24):
        left = 13 + round(angle_in_columns * (14 - row) / 10)
        images[:, row, left : left + 2] = 255
    return images


LETTERS = Labelled(np.concatenate([bars(0), bars(1)]), np.zeros(20, np.int64))


def test_what_is_drawn_like_a_letter_is_found_thick_or_thin_and_what_is_not_is_not():
    thick = bars(0, 1)
    thick[:, 4:24, 12:16] = 255
    ring = np.zeros((1, 28, 28), np.uint8)
    ring[:, 4:24, 4:24] = 255
    ring[:, 6:22, 6:22] = 0
    lying = bars(0, 1).transpose(0, 2, 1)
    images = np.concatenate([bars(0, 1), bars(1, 1), thick, ring, lying])
    assert look_alikes(images, LETTERS).tolist() == [True, True, True, False, False]


def test_brightness_does_not_matter_and_a_blank_image_is_like_nothing():
    images = np.concatenate([bars(0, 1) // 3, np.zeros((1, 28, 28), np.uint8)])
    assert look_alikes(images, LETTERS).tolist() == [True, False]


def test_one_odd_letter_is_not_enough():
    odd = np.zeros((1, 28, 28), np.uint8)
    odd[:, 4:24, 4:24] = 255
    letters = Labelled(np.concatenate([LETTERS.images, odd]), np.zeros(21, np.int64))
    assert not look_alikes(odd, letters).any()


def test_a_higher_threshold_finds_fewer():
    leaning = np.concatenate([bars(lean, 1) for lean in np.linspace(0, 6, 13)])
    counts = [look_alikes(leaning, LETTERS, threshold).sum() for threshold in (0.5, 0.8, 0.95)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1] > 0
