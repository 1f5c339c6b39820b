"""Capitals A to Z drawn by the project itself: hand-placed points, a spline, and a hand that is never twice the same.

No font and no data set is behind them, so they may come with the app. They are easier and less various than people's
writing: what a network scores on them says that it works, not how good it is.
"""

from __future__ import annotations

import itertools

import numpy as np

from lib.training.normal_form import normal_form
from lib.training.outsiders.pen import Sheet, jitter

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# One text per stroke, "x y" in percent of the box, y down. "~" before the first point: a curve goes through the points.
_STROKES: dict[str, tuple[str, ...]] = {
    "A": ("50 0, 8 100", "50 0, 92 100", "24 64, 76 64"),
    "B": ("12 0, 12 100", "~12 2, 60 4, 76 24, 56 46, 12 48", "~12 48, 66 50, 86 74, 62 98, 12 99"),
    "C": ("~88 18, 62 2, 30 8, 10 36, 12 70, 36 96, 66 98, 90 80",),
    "D": ("14 0, 14 100", "~14 2, 56 6, 86 34, 84 70, 54 96, 14 99"),
    "E": ("14 0, 14 100", "14 2, 86 0", "14 49, 72 48", "14 99, 88 98"),
    "F": ("16 0, 16 100", "16 2, 88 0", "16 50, 70 48"),
    "G": ("~86 18, 60 2, 28 8, 9 38, 12 72, 40 98, 70 96, 88 78", "88 78, 88 54, 56 54"),
    "H": ("12 0, 12 100", "88 0, 88 100", "12 50, 88 50"),
    "I": ("50 0, 50 100", "26 1, 74 1", "26 99, 74 99"),
    "J": ("~76 0, 76 40, 74 80, 52 99, 24 94, 12 74", "48 1, 96 1"),
    "K": ("14 0, 14 100", "84 2, 14 58", "36 42, 90 100"),
    "L": ("18 0, 18 98", "18 98, 86 98"),
    "M": ("8 100, 14 0", "14 0, 50 70", "50 70, 86 0", "86 0, 93 100"),
    "N": ("12 100, 12 0", "12 0, 88 100", "88 100, 88 0"),
    "O": ("~50 0, 22 10, 8 48, 22 88, 50 100, 78 90, 92 50, 78 10, 48 0",),
    "P": ("14 0, 14 100", "~14 2, 62 3, 84 25, 62 52, 14 54"),
    "Q": ("~50 0, 22 10, 8 46, 22 82, 50 92, 78 82, 91 46, 78 10, 48 0", "58 66, 94 100"),
    "R": ("14 0, 14 100", "~14 2, 62 3, 82 24, 60 48, 14 50", "40 50, 90 100"),
    "S": ("~84 14, 60 1, 30 3, 14 24, 34 44, 66 54, 86 76, 66 98, 34 99, 10 84",),
    "T": ("50 0, 50 100", "6 1, 94 1"),
    "U": ("~12 0, 12 50, 22 90, 50 100, 78 90, 88 50, 88 0",),
    "V": ("6 0, 50 100", "50 100, 94 0"),
    "W": ("4 0, 26 100", "26 100, 50 30", "50 30, 74 100", "74 100, 96 0"),
    "X": ("10 0, 90 100", "90 0, 10 100"),
    "Y": ("8 0, 50 50", "92 0, 50 50", "50 50, 50 100"),
    "Z": ("10 2, 88 2", "88 2, 10 98", "10 98, 92 98"),
}


def capitals(each: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """`each` drawings of every letter, in normal form.

    Returns:
        uint8 (26 * each, 28, 28), white on black, and int64 labels, 0 = A; the letters one after the other.
    """
    random = np.random.default_rng(seed)
    images = np.stack([normal_form(capital(letter, random)) for letter in LETTERS for _ in range(each)])
    return images, np.repeat(np.arange(len(LETTERS)), each)


def capital(letter: str, random: np.random.Generator) -> np.ndarray:
    """One drawing, uint8 (64, 64), white on black; slant, proportions, pen and tremor are drawn anew each time."""
    sheet = Sheet(random, int(random.integers(3, 8)))
    angle, slant = random.normal(0, 0.12), random.normal(0, 0.16)
    narrow, low = random.uniform(0.5, 1.0), random.uniform(0.7, 1.0)
    haste = random.uniform(0.01, 0.1)
    for text in _STROKES[letter]:
        points = _points(text)
        # Ends overshoot or fall short, and curves are cut, as a hurried hand does it.
        points = jitter(points, random, haste) - 0.5
        points = points * [narrow, low] + slant * np.stack([-points[:, 1], 0 * points[:, 1]], 1)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        points = 0.5 + 0.8 * points @ turn
        if text.startswith("~"):
            sheet.curve(points)
        else:
            sheet.curve(_bent(points, random))
    return sheet.image


def _points(text: str) -> np.ndarray:
    """float64 (N, 2), 0..1."""
    return np.array([[float(n) for n in pair.split()] for pair in text.lstrip("~").split(",")]) / 100


def _bent(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Straight pieces with a slightly displaced middle: no hand draws a ruler's line."""
    bent = [points[0]]
    for start, end in itertools.pairwise(points):
        bent += [(start + end) / 2 + random.normal(0, 0.015, 2), end]
    return np.array(bent)
