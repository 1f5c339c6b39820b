"""Letters drawn anew from their pen strokes, as another hand might have drawn them. Changing finished images is `distort`.

A file of letters holds the strokes in three arrays: `pts` (P, 2), x to the right and y down; stroke j has the points
`stroke_off[j]` up to `stroke_off[j + 1]`, and letter i the strokes `char_off[i]` up to `char_off[i + 1]`.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np

from lib.training.data import Labelled
from lib.training.letters_data import fitted_unipen
from lib.training.normal_form import SIDE as NORMAL_SIDE
from lib.training.normal_form import normal_forms

SIDE = 64
_MARGIN = 5
_LARGEST_POINTS = 48


def redrawn_letters(path: Path, copies: int, random: np.random.Generator) -> Labelled:
    """So many new drawings of each fitted letter of a file, in normal form; none if the file holds no strokes."""
    with np.load(path, allow_pickle=False) as arrays:
        if not {"pts", "stroke_off", "char_off"} <= set(arrays.files):
            return Labelled(np.zeros((0, NORMAL_SIDE, NORMAL_SIDE), np.uint8), np.zeros(0, np.int64))
        chosen = np.flatnonzero(fitted_unipen(arrays))
        labels = arrays["labels"][chosen].astype(np.int64)
        points, strokes, letters = arrays["pts"], arrays["stroke_off"], arrays["char_off"]
    images = [
        normal_forms(
            [
                redrawn(
                    [points[strokes[j] : strokes[j + 1]] for j in range(letters[i], letters[i + 1])], random
                )
                for i in chosen
            ]
        )
        for _ in range(copies)
    ]
    return Labelled(np.concatenate(images), np.tile(labels, copies))


def redrawn(letter: Sequence[np.ndarray], random: np.random.Generator) -> np.ndarray:
    """uint8 (SIDE, SIDE), white on black: the letter with each stroke moved, turned, stretched and bent a little.

    Then the whole letter leans, is stretched and bulges, and is drawn with a round pen of 3 to 6 px. All sizes are drawn
    from normal distributions whose spread, a few percent of the letter, was set by eye: the copies still read as the letter.

    Args:
        letter: its strokes in order, each int or float (P, 2) with x to the right and y down, in any unit, P >= 1.
        random: source of the draws.
    """
    everything = np.concatenate(letter).astype(np.float64)
    low, high = everything.min(0), everything.max(0)
    size = max(float((high - low).max()), 1e-9)
    middle = (low + high) / 2
    strokes = [_other_stroke((_thinned_out(stroke) - middle) / size, random) for stroke in letter]
    whole = np.concatenate(strokes)
    whole = _other_hand(whole, random)
    ends = np.cumsum([len(stroke) for stroke in strokes])[:-1]
    return _drawn(np.split(whole, ends), int(random.integers(3, 7)))


def _thinned_out(stroke: np.ndarray) -> np.ndarray:
    """At most some of its points, evenly chosen: tablets give hundreds."""
    chosen = np.unique(np.linspace(0, len(stroke) - 1, min(len(stroke), _LARGEST_POINTS)).round().astype(int))
    thin: np.ndarray = stroke[chosen].astype(np.float64)
    return thin


def _other_stroke(stroke: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """One stroke (P, 2) of a letter of size 1 about the origin, turned, stretched, bent and moved."""
    middle = stroke.mean(0)
    angle = np.deg2rad(random.normal(0, 5))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    result = (stroke - middle) @ turn.T * (1 + random.normal(0, 0.07, 2)) + middle
    way = np.linspace(0, 1, len(stroke))[:, None]
    for waves in (1, 2, 3):
        result += random.normal(0, 0.02 / waves, 2) * np.sin(np.pi * waves * way + random.uniform(0, np.pi))
    moved: np.ndarray = result + random.normal(0, 0.025, 2)
    return moved


def _other_hand(points: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """All points (P, 2) of a letter of size 1 about the origin, leaning, stretched and bulging."""
    x, y = points[:, 0] + random.normal(0, 0.12) * points[:, 1], points[:, 1]
    stretch = np.exp(random.normal(0, 0.12))
    bulge = random.normal(0, 0.2, 4)
    return np.stack(
        [
            x * stretch + bulge[0] * (y**2 - 0.08) + bulge[1] * x * y,
            y / stretch + bulge[2] * (x**2 - 0.04) + bulge[3] * x * y,
        ],
        1,
    )


def _drawn(strokes: Sequence[np.ndarray], width: int) -> np.ndarray:
    """The strokes as large as the frame allows."""
    everything = np.concatenate(strokes)
    low, high = everything.min(0), everything.max(0)
    scale = (SIDE - 2 * _MARGIN) / max(float((high - low).max()), 1e-9)
    image = np.zeros((SIDE, SIDE), np.uint8)
    for stroke in strokes:
        places = (stroke - (low + high) / 2) * scale + SIDE / 2
        # A single point is drawn only as a line from itself to itself.
        fixed = np.rint(np.concatenate([places, places[-1:]]) * 16).astype(np.int32)
        cv2.polylines(image, [fixed[:, None]], False, 255, width, cv2.LINE_AA, 4)
    return image
