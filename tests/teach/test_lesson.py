"""Claims about changed copies: what is chosen is changed, a quarter stays, and the same seed gives the same copies."""

import dataclasses

import numpy as np
import pytest

from lib.evaluate.capitals import capitals
from lib.teach.lesson import KINDS, LessonSettings, changed_copies

IMAGES = capitals(4)[0]
NOTHING = LessonSettings(**dict.fromkeys(KINDS, False))


def copies(**kinds: bool) -> np.ndarray:
    return changed_copies(IMAGES, dataclasses.replace(NOTHING, **kinds), np.random.default_rng(0))


def test_nothing_chosen_changes_nothing() -> None:
    assert np.array_equal(copies(), IMAGES)


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_changes_some_and_leaves_a_quarter_and_never_the_originals(kind: str) -> None:
    before = IMAGES.copy()
    changed = (copies(**{kind: True}) != IMAGES).any((1, 2)).mean()
    assert 0.2 < changed < 0.85
    assert np.array_equal(IMAGES, before)


def test_the_same_seed_gives_the_same_copies() -> None:
    assert np.array_equal(copies(shift=True, noise=True), copies(shift=True, noise=True))


def test_contrast_leaves_fewer_gray_pixels_and_shifting_the_same_ink_elsewhere() -> None:
    def gray(images: np.ndarray) -> float:
        return float(((images > 25) & (images < 230)).mean())

    assert gray(copies(contrast=True)) < 0.8 * gray(IMAGES)
    moved = copies(shift=True)
    assert float(moved.sum()) == pytest.approx(float(IMAGES.sum()), rel=0.15)


def test_the_settings_in_words() -> None:
    assert LessonSettings().words == "contrast-enhanced, blurred, shifted and scaled"
    assert NOTHING.words == "the pictures as they are"
