"""What is made of letters without being one: mirrored and turned ones, cut ones, several at once, crossed out ones, text.

All functions take letters in normal form and give as many 28x28 images as asked for.
"""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from lib.training.data import Labelled
from lib.training.normal_form import SIDE, normal_form
from lib.training.outsiders.pen import smooth

# Mirrored or turned, these are no longer a letter. Left out are symmetric ones and those that become another letter
# or come too near to one: a mirrored S reads as Z or 2, a lying N as Z, an upside-down M as W, an upside-down U as n.
MIRRORED = "BEFKPR"
UPSIDE_DOWN = "AFGRTY"
QUARTER_TURN = "AFKPRTY"
# Side by side or on top of each other these stay two letters: narrow ones would only add a stroke to the other.
_BROAD = "ABDEGHKMQRSW"


def turned(letters: Labelled, count: int, random: np.random.Generator) -> np.ndarray:
    """uint8 (count, 28, 28): mirrored, upside-down and lying letters."""
    changes: tuple[tuple[str, Callable[[np.ndarray], np.ndarray]], ...] = (
        (MIRRORED, np.fliplr),
        (UPSIDE_DOWN, np.flipud),
        (QUARTER_TURN, np.rot90),
        (QUARTER_TURN, lambda image: np.rot90(image, -1)),
    )
    result = np.zeros((count, SIDE, SIDE), np.uint8)
    for index in range(count):
        allowed, change = changes[random.integers(len(changes))]
        result[index] = normal_form(np.ascontiguousarray(change(_one_of(letters, allowed, random))))
    return result


def cut(letters: Labelled, count: int, random: np.random.Generator) -> np.ndarray:
    """uint8 (count, 28, 28): letters so far out of the frame that at most 45 % of their ink is left."""
    result = np.zeros((count, SIDE, SIDE), np.uint8)
    for index in range(count):
        letter = letters.images[random.integers(len(letters))]
        angle = random.uniform(0, 2 * np.pi)
        for reach in range(8, SIDE):
            moved = _moved(letter, reach * np.cos(angle), reach * np.sin(angle))
            if moved.sum() <= 0.45 * letter.sum():
                break
        result[index] = moved
    return result


def several(letters: Labelled, count: int, random: np.random.Generator) -> np.ndarray:
    """uint8 (count, 28, 28): two to four letters side by side, in one frame or cut by it, or on top of each other."""
    result = np.zeros((count, SIDE, SIDE), np.uint8)
    for index in range(count):
        number = int(random.integers(2, 5))
        chosen = [_one_of(letters, _BROAD, random) for _ in range(number)]
        what = random.random()
        if what < 0.25:
            first, second = chosen[:2]
            shift = random.uniform(-4, 4, 2)
            result[index] = np.maximum(first, _moved(second, shift[0], shift[1]))
            continue
        gap = int(random.integers(-5, 3))
        row = np.zeros((SIDE, number * (SIDE + gap) + SIDE), np.uint8)
        for place, letter in enumerate(chosen):
            part = row[:, place * (SIDE + gap) : place * (SIDE + gap) + SIDE]
            np.maximum(part, letter, out=part)
        if what < 0.75:
            result[index] = normal_form(row)
        else:
            # The middle of the frame falls between two letters.
            start = SIDE + gap // 2 - SIDE // 2 + int(random.integers(-2, 3))
            result[index] = row[:, start : start + SIDE]
    return result


def text(letters: Labelled, count: int, random: np.random.Generator) -> np.ndarray:
    """uint8 (count, 28, 28): two to four rows of three to seven small letters, or one row in the middle."""
    result = np.zeros((count, SIDE, SIDE), np.uint8)
    for index in range(count):
        rows, columns = int(random.integers(1, 5)), int(random.integers(3, 8))
        page = np.zeros((rows * 26, columns * 22), np.uint8)
        for row in range(rows):
            for column in range(columns):
                letter = letters.images[random.integers(len(letters))]
                page[row * 26 : row * 26 + 26, column * 22 : column * 22 + 22] = letter[1:27, 3:25]
        side = int(random.integers(18, SIDE + 1))
        scale = side / max(page.shape)
        size = (max(3, round(page.shape[1] * scale)), max(3, round(page.shape[0] * scale)))
        small = cv2.resize(page, size, interpolation=cv2.INTER_AREA)
        top, left = ((SIDE - length) // 2 for length in small.shape)
        bright = small.astype(np.float32) * (255 / max(1, int(small.max())))
        result[index, top : top + small.shape[0], left : left + small.shape[1]] = bright.astype(np.uint8)
    return result


def crossed_out(letters: Labelled, count: int, random: np.random.Generator) -> np.ndarray:
    """uint8 (count, 28, 28): letters under a scribble of many strokes."""
    result = np.zeros((count, SIDE, SIDE), np.uint8)
    for index in range(count):
        image = letters.images[random.integers(len(letters))].copy()
        teeth = int(random.integers(6, 12))
        points = np.stack([np.linspace(3, 25, teeth), 14 + 9 * np.where(np.arange(teeth) % 2, 1, -1)], 1)
        points += random.normal(0, 1.5, points.shape)
        if random.random() < 0.5:
            points = points[:, ::-1]
        fixed = np.rint(smooth(points) * 16).astype(np.int32)
        cv2.polylines(image, [fixed[:, None]], False, 255, int(random.integers(1, 3)), cv2.LINE_AA, 4)
        result[index] = image
    return result


MAKERS: tuple[Callable[[Labelled, int, np.random.Generator], np.ndarray], ...] = (
    turned,
    cut,
    several,
    text,
    crossed_out,
)


def _one_of(letters: Labelled, allowed: str, random: np.random.Generator) -> np.ndarray:
    wanted = [ord(letter) - ord("A") for letter in allowed]
    while True:
        index = random.integers(len(letters))
        if letters.labels[index] in wanted:
            image: np.ndarray = letters.images[index]
            return image


def _moved(image: np.ndarray, right: float, down: float) -> np.ndarray:
    return cv2.warpAffine(image, np.array([[1.0, 0, right], [0, 1.0, down]]), (SIDE, SIDE))
