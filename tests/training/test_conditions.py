"""Claims about the conditions that the letter networks are compared under."""

import numpy as np
import pytest

from lib.training.conditions import CONDITIONS

BY_NAME = {condition.name: condition.change for condition in CONDITIONS}


def letters(count=16):
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = 255
    images[:, 20:24, 8:20] = 200
    return images


def extent(image):
    rows, columns = np.flatnonzero((image > 30).any(1)), np.flatnonzero((image > 30).any(0))
    return int(np.ptp(rows)) + 1, int(np.ptp(columns)) + 1


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda c: c.name)
def test_a_condition_gives_as_many_images_and_the_same_ones_every_time(condition):
    images = letters()
    before = images.copy()
    first, second = condition.change(images), condition.change(images)
    assert first.shape == images.shape and first.dtype == np.uint8
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(images, before)
    assert (first != images).any()
    assert condition.words
    assert condition.change(images[:0]).shape == (0, 28, 28)


def test_contrast_is_the_threads_curve():
    gray = np.arange(256, dtype=np.uint8).repeat(784).reshape(256, 28, 28)[:, :28]
    expected = 255 / (1 + np.exp(-25 * (np.arange(256) / 255 - 0.5)))
    np.testing.assert_allclose(BY_NAME["contrast"](gray)[:, 0, 0], expected, atol=0.5)


def test_hard_edges_are_cut_at_128():
    gray = np.array([0, 127, 128, 255], np.uint8).reshape(1, 2, 2)
    assert BY_NAME["hard edges"](gray).ravel().tolist() == [0, 0, 255, 255]


def test_off_centre_moves_every_letter_by_four_pixels_in_eight_directions():
    moved = BY_NAME["off-centre"](letters(8)).astype(int)
    ways = set()
    for image in moved:
        rows, columns = np.nonzero(image == 255)
        ways.add((int(rows.min()) - 4, int(columns.min()) - 12))
    assert ways == {(a, b) for a in (-4, 0, 4) for b in (-4, 0, 4)} - {(0, 0)}


def test_small_letters_are_twelve_pixels_high_in_the_middle():
    shrunk = BY_NAME["small"](letters(1))[0]
    assert extent(shrunk)[0] in (12, 13)
    assert not shrunk[:5].any() and not shrunk[-5:].any()


def test_thin_loses_and_thick_gains_width():
    plain, thin, thick = (
        images[0, 10].astype(float).sum() / 255
        for images in (letters(1), BY_NAME["thin"](letters(1)), BY_NAME["thick"](letters(1)))
    )
    assert plain - thin == pytest.approx(1, abs=0.3)
    assert thick - plain == pytest.approx(2, abs=0.3)


def test_noisy_paper_is_gray_and_the_letter_is_brighter_than_it():
    photo = BY_NAME["noisy paper"](letters(50)).astype(int)
    paper = np.median(photo, axis=(1, 2))
    assert paper.min() > 15 and paper.max() < 120
    assert (photo[:, 12, 13] - paper > 40).mean() > 0.9
