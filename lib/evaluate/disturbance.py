"""What happens to a picture before any pipeline sees it: noise and JPEG. Not steps: nobody preprocesses like that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from lib.pipeline import Number

_SMALL = 1_024  # pixels


@dataclass(frozen=True)
class Disturbance:
    """One kind.

    Attributes:
        name, title: in the code, on the screen.
        parameter: its range; the first of `values` changes nothing, or next to nothing (JPEG at 100 still rounds).
        values: a sensible sweep.
        apply: (uint8 image (H, W) or (H, W, 3), value, number of the picture) -> uint8 of the same shape. The picture's
            number seeds what is random, so that every value meets the same noise and the curve is smooth.
    """

    name: str
    title: str
    parameter: Number
    values: tuple[float, ...]
    apply: Callable[[np.ndarray, float, int], np.ndarray]


def noise(image: np.ndarray, deviation: float, seed: int) -> np.ndarray:
    """Gaussian noise of a standard deviation in gray levels, the same for all channels' brightness, clipped to 0..255."""
    if deviation == 0:
        return image
    field = (_known_field if image.shape[0] * image.shape[1] <= _SMALL else _field)(seed, *image.shape[:2])
    noisy = image + deviation * (field if image.ndim == 2 else field[..., None])
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def _field(seed: int, height: int, width: int) -> np.ndarray:
    """float32 (height, width) of unit variance."""
    return np.random.default_rng((7, seed)).standard_normal((height, width), np.float32)


_known_field = lru_cache(2_048)(_field)
"""A sweep meets the same two thousand small pictures at every one of its points: 8 MB keep their fields."""


def specks(image: np.ndarray, percent: float, seed: int) -> np.ndarray:
    """That many percent of the pixels become black or white, half of them each (salt and pepper)."""
    draw = np.random.default_rng((11, seed)).random(image.shape[:2])
    result = image.copy()
    result[draw < percent / 200] = 0
    result[draw > 1 - percent / 200] = 255
    return result


def jpeg(image: np.ndarray, quality: float, seed: int) -> np.ndarray:
    """Saved as JPEG of that quality, 1..100, and read again; 100 still rounds a little."""
    turned = image if image.ndim == 2 else np.ascontiguousarray(image[..., ::-1])
    _, data = cv2.imencode(".jpg", turned, [cv2.IMWRITE_JPEG_QUALITY, round(quality)])
    read = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE if image.ndim == 2 else cv2.IMREAD_COLOR))
    return read if image.ndim == 2 else np.ascontiguousarray(read[..., ::-1])


DISTURBANCES: dict[str, Disturbance] = {
    entry.name: entry
    for entry in (
        Disturbance(
            "noise",
            "Noise",
            Number("standard deviation", 0, 128, 1, "gray levels"),
            (0, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 90, 100, 120),
            noise,
        ),
        Disturbance(
            "specks",
            "Specks",
            Number("share of the pixels", 0, 60, 0.5, "%"),
            (0, 0.5, 1, 1.5, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, 25, 30, 35, 40),
            specks,
        ),
        Disturbance(
            "jpeg",
            "JPEG",
            Number("quality", 1, 100, 1),
            (100, 95, 90, 85, 80, 75, 70, 60, 50, 40, 30, 25, 20, 15, 10, 8, 6, 4, 2, 1),
            jpeg,
        ),
    )
}
