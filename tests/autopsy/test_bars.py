"""A bar says nothing about the way up; every letter with a corner, a branch or a curve does."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from lib.autopsy.bars import is_bar
from tests.autopsy.examination.pictures import letters

CONTRACT = letters()


def drawn(*points: tuple[int, int], width: int = 2) -> np.ndarray:
    image = np.zeros((28, 28), np.uint8)
    cv2.polylines(image, [np.array(points, np.int32)], False, 255, width)
    return image.reshape(CONTRACT.input_shape).astype(np.float32)


@pytest.mark.parametrize("end", [(14, 24), (24, 14), (22, 24), (20, 5)])
def test_one_straight_stroke_is_a_bar_at_any_slant_and_in_either_polarity(end: tuple[int, int]) -> None:
    stroke = drawn((28 - end[0], 28 - end[1]), end)
    assert is_bar(stroke, CONTRACT) and is_bar(255 - stroke, CONTRACT)


@pytest.mark.parametrize(
    "points", [((8, 4), (8, 24), (20, 24)), ((4, 4), (24, 4), (14, 4), (14, 24)), ((6, 24), (14, 4), (22, 24))]
)  # fmt: skip
def test_an_l_a_t_and_a_caret_are_not(points: tuple) -> None:
    assert not is_bar(drawn(*points), CONTRACT)


def test_nothing_is_no_bar() -> None:
    assert not is_bar(np.zeros(CONTRACT.input_shape, np.float32), CONTRACT)
