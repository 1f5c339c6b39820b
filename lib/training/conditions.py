"""The conditions under which the letter networks are compared, each a change of 28x28 capitals in normal form.

They act on the tensor before a model's value range, so that no cropping or centring undoes them. They are for
measuring; what a recipe trains on is drawn anew by `distort`, `tones` and `paper` within wider bounds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from lib.pipeline.tone import sigmoid
from lib.training.distort import coarse, fine, thickened, thinned
from lib.training.paper import Paper, on_paper

_SMALL = 0.6
_AWAY = 4
_SEED = 73817788


@dataclass(frozen=True)
class Condition:
    """One change, in words and as a function of uint8 (N, 28, 28) to the same; the same images give the same result."""

    name: str
    words: str
    change: Callable[[np.ndarray], np.ndarray]


def contrast(images: np.ndarray) -> np.ndarray:
    """The curve of the question's answer with its s and b, times 255."""
    return np.rint(sigmoid(images, slope=25.0, b=50.0, output="0..255")).astype(np.uint8)


def hard_edges(images: np.ndarray) -> np.ndarray:
    """Every pixel 0 or 255."""
    return np.where(images >= 128, 255, 0).astype(np.uint8)


def off_centre(images: np.ndarray) -> np.ndarray:
    """Shifted by four pixels in one of the eight directions, in turn from image to image."""
    result = np.zeros_like(images)
    ways = [(-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1)]
    for index, image in enumerate(images):
        down, right = ways[index % len(ways)]
        matrix = np.array([[1.0, 0, _AWAY * right], [0, 1.0, _AWAY * down]])
        result[index] = cv2.warpAffine(image, matrix, image.shape[::-1])
    return result


def small(images: np.ndarray) -> np.ndarray:
    """Shrunk to 60 % about the middle."""
    side = images.shape[1]
    inner = round(_SMALL * side / 2) * 2
    start = (side - inner) // 2
    result = np.zeros_like(images)
    for index, image in enumerate(images):
        shrunk = cv2.resize(image, (inner, inner), interpolation=cv2.INTER_AREA)
        result[index, start : start + inner, start : start + inner] = shrunk
    return result


def thin(images: np.ndarray) -> np.ndarray:
    """One pixel less of stroke width where that leaves a quarter of the ink, else half a pixel; full brightness."""
    return np.stack([coarse(thinned(fine(image), 1)) for image in images]) if len(images) else images


def thick(images: np.ndarray) -> np.ndarray:
    """Two pixels more of stroke width."""
    return np.stack([coarse(thickened(fine(image), 2)) for image in images]) if len(images) else images


def noisy_paper(images: np.ndarray) -> np.ndarray:
    """A phone photo after `255 - x`, with the ranges measured on real ones (see `paper`)."""
    return on_paper(images, np.random.default_rng(_SEED), Paper()) if len(images) else images


CONDITIONS: tuple[Condition, ...] = (
    Condition(
        "contrast", "255 / (1 + exp(-25 (x / 255 - 25 / 50))), the question's curve in 0..255", contrast
    ),
    Condition("hard edges", "every pixel 0 or 255, cut at 128", hard_edges),
    Condition("off-centre", "shifted by 4 of 28 px in one of eight directions", off_centre),
    Condition("small", "shrunk to 60 % (a box of 12 px instead of 20)", small),
    Condition("thin", "1 px less of stroke width (half a pixel where little would be left)", thin),
    Condition("thick", "2 px more of stroke width", thick),
    Condition(
        "noisy paper",
        "255 - a phone photo: paper at 150 to 225 with shading, grain and stains, ink 80 to 150 darker, JPEG on every "
        "second, neighbours at the border of every fourth, nothing cleaned away",
        noisy_paper,
    ),
)
