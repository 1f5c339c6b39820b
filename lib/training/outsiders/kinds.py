"""Which generated kinds of outsiders are trained on, chosen by and only measured, and how a drawing gets its 28x28 frame."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import cv2
import numpy as np

from lib.training.normal_form import SIDE, normal_form
from lib.training.outsiders import doodles, scribbles, textures

Generator = Callable[[np.random.Generator], np.ndarray]

LINES: tuple[Generator, ...] = (
    scribbles.scribble,
    scribbles.tangle,
    scribbles.zigzag,
    scribbles.spiral,
    scribbles.hatching,
    scribbles.wave,
    scribbles.polygon,
    scribbles.crossed_box,
    scribbles.random_strokes,
    scribbles.random_strokes,
    scribbles.invented_sign,
    scribbles.invented_sign,
    scribbles.invented_sign,
    scribbles.invented_sign,
    doodles.face,
    doodles.house,
    doodles.sun,
    doodles.arrow,
    doodles.heart,
    doodles.dots,
    doodles.blobs,
    doodles.tick_or_crossed_circle,
)
SURFACES: tuple[Generator, ...] = (
    textures.blank,
    textures.faint_noise,
    textures.white_noise,
    textures.coloured_noise,
    textures.band_noise,
    textures.grating,
    textures.plaid,
    textures.checks,
    textures.gradient,
    textures.half_plane,
    textures.automaton,
    textures.dead_leaves,
    textures.halftone,
)
VALIDATION_LINES: tuple[Generator, ...] = (scribbles.square_spiral, doodles.tree, doodles.flower)
VALIDATION_SURFACES: tuple[Generator, ...] = (textures.bricks, textures.wood)
TEST_LINES: tuple[Generator, ...] = (scribbles.loops, doodles.fish, doodles.stick_figure)
TEST_SURFACES: tuple[Generator, ...] = (textures.cells,)


def drawn(kinds: Sequence[Generator], each: int, random: np.random.Generator) -> np.ndarray:
    """uint8 (len(kinds) * each, 28, 28): `each` drawings of every kind in normal form."""
    return np.stack([normal_form(kind(random)) for kind in kinds for _ in range(each)])


def surfaces(kinds: Sequence[Generator], each: int, random: np.random.Generator) -> np.ndarray:
    """uint8 (len(kinds) * each, 28, 28): `each` surfaces of every kind, filling the frame."""
    return np.stack(
        [
            cv2.resize(kind(random), (SIDE, SIDE), interpolation=cv2.INTER_AREA)
            for kind in kinds
            for _ in range(each)
        ]
    )


def photographs(count: int, random: np.random.Generator) -> np.ndarray:
    """uint8 (count, 28, 28): gray pieces of two photographs, of 28 to 200 px, every second one as a negative.

    The photographs, of a temple and of a flower (CC BY, see their README), come with scikit-learn.
    """
    from sklearn.datasets import load_sample_images

    sheets = [cv2.cvtColor(image, cv2.COLOR_RGB2GRAY) for image in load_sample_images().images]
    result = np.zeros((count, SIDE, SIDE), np.uint8)
    for index in range(count):
        sheet = sheets[index % len(sheets)]
        side = int(random.integers(SIDE, 201))
        top, left = (int(random.integers(0, length - side + 1)) for length in sheet.shape)
        piece = cv2.resize(
            sheet[top : top + side, left : left + side], (SIDE, SIDE), interpolation=cv2.INTER_AREA
        )
        result[index] = 255 - piece if index // 2 % 2 else piece
    return result
