"""Claims about letters drawn anew from their strokes."""

import cv2
import numpy as np
import pytest

from lib.training.data import Labelled
from lib.training.letters_data import fitted_unipen, read_letters
from lib.training.normal_form import normal_form, normal_forms
from lib.training.redrawn import SIDE, redrawn, redrawn_letters
from tests.training.test_letters_data import save_unipen

ELL = [np.array([[0, 0], [0, 500], [0, 1000], [350, 1000], [700, 1000]], np.int16)]
TEE = [np.array([[0, 0], [900, 0]], np.int16), np.array([[450, 0], [450, 500], [450, 1000]], np.int16)]


def pieces(image):
    return cv2.connectedComponents((image > 100).astype(np.uint8))[0] - 1


def test_a_drawing_fills_the_frame_but_for_its_margin_and_is_another_every_time():
    random = np.random.default_rng(0)
    first, second = redrawn(ELL, random), redrawn(ELL, random)
    assert first.shape == (SIDE, SIDE) and first.dtype == np.uint8
    assert (first != second).any()
    for image in (first, second):
        ink = image > 100
        extent = max(np.ptp(np.flatnonzero(ink.any(axis))) + 1 for axis in (0, 1))
        # The strokes span 64 - 2 * 5 px between their middles; half a pen of 3 to 6 px stands out at either end.
        assert 54 <= extent <= 62
        assert not ink[[0, -1]].any() and not ink[:, [0, -1]].any()


def test_the_same_generator_gives_the_same_drawing_whatever_the_unit_and_place():
    far = [(stroke.astype(np.float64) * 0.01 + 7) for stroke in TEE]
    first, second = (redrawn(letter, np.random.default_rng(3)) for letter in (TEE, far))
    np.testing.assert_allclose(first.astype(int), second.astype(int), atol=40)


@pytest.mark.parametrize("letter", [ELL, TEE])
def test_a_copy_resembles_its_letter_more_than_the_other(letter):
    random = np.random.default_rng(1)
    copies = normal_forms([redrawn(letter, random) for _ in range(40)]).reshape(40, -1).astype(float)
    plain = {}
    for name, strokes in (("ell", ELL), ("tee", TEE)):
        image = np.zeros((64, 64), np.uint8)
        for stroke in strokes:
            cv2.polylines(image, [(5 + stroke * 0.054).astype(np.int32)[:, None]], False, 255, 4)
        plain[name] = cv2.GaussianBlur(normal_form(image), (5, 5), 0).ravel().astype(float)
    own, other = (plain["ell"], plain["tee"]) if letter is ELL else (plain["tee"], plain["ell"])
    nearer = copies @ own / np.linalg.norm(own) > copies @ other / np.linalg.norm(other)
    assert nearer.mean() > 0.9


def test_strokes_that_are_dots_and_letters_that_are_one_point_are_drawn():
    dot = np.array([[5, 5]], np.int16)
    alone = redrawn([dot], np.random.default_rng(0))
    assert alone.max() == 255 and pieces(alone) == 1
    assert redrawn([*ELL, dot], np.random.default_rng(0)).max() == 255


def with_strokes(folder, letters=(ELL, TEE)):
    """The file of `save_unipen` with strokes: `letters` in turn."""
    save_unipen(folder)
    path = folder / "unipen_upper.npz"
    with np.load(path) as file:
        arrays = dict(file)
    drawn = [letters[index % len(letters)] for index in range(len(arrays["labels"]))]
    strokes = [stroke for letter in drawn for stroke in letter]
    arrays["pts"] = np.concatenate(strokes)
    arrays["stroke_off"] = np.cumsum([0, *(len(stroke) for stroke in strokes)])
    arrays["char_off"] = np.cumsum([0, *(len(letter) for letter in drawn)])
    np.savez(path, **arrays)
    return path


def test_only_fitted_letters_are_copied_with_their_labels(tmp_path):
    path = with_strokes(tmp_path)
    copies = redrawn_letters(path, 2, np.random.default_rng(0))
    with np.load(path) as arrays:
        fitted = fitted_unipen(arrays)
        labels = arrays["labels"][fitted]
    assert 0 < fitted.sum() < len(fitted)
    np.testing.assert_array_equal(copies.labels, np.tile(labels, 2))
    assert copies.images.shape == (2 * fitted.sum(), 28, 28)
    assert fitted.sum() == len(read_letters(tmp_path).fit)


def test_a_file_without_strokes_gives_no_copies(tmp_path):
    save_unipen(tmp_path)
    none = redrawn_letters(tmp_path / "unipen_upper.npz", 2, np.random.default_rng(0))
    assert isinstance(none, Labelled) and len(none) == 0 and none.images.shape == (0, 28, 28)
