"""Changes of an image's gray levels for training: contrast curves, hard and soft edges, faint ink, noise, specks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class Tones:
    """Shares of the images that are changed in each way; an image is changed in at most one of the first three.

    Attributes:
        sigmoid: contrast-enhanced, 255 / (1 + exp(-slope (x / 255 - middle))), slope 6..40, middle 0.3..0.65.
        hard: thresholded at 64..160: every pixel 0 or 255.
        power: raised to 0.5..2 (gamma).
        blur: blurred by a Gaussian of 0.4..1.1 px, before any of those.
        faint: dimmed afterwards, to 40..95 %.
        noise: with Gaussian noise of a standard deviation of 3..35 added in the end.
        specks: with up to 3 % of the pixels set to black or white in the end.
    """

    sigmoid: float = 0.0
    hard: float = 0.0
    power: float = 0.0
    blur: float = 0.0
    faint: float = 0.0
    noise: float = 0.0
    specks: float = 0.0


def retone(images: np.ndarray, random: np.random.Generator, how: Tones) -> np.ndarray:
    """Each image changed on its own: uint8 (N, H, W) to uint8 (N, H, W), a new array."""
    count = len(images)
    soft = images.copy()
    for index in np.flatnonzero(random.random(count) < how.blur):
        soft[index] = cv2.GaussianBlur(images[index], (0, 0), random.uniform(0.4, 1.1))
    level = soft.astype(np.float32) / 255
    kind = random.random(count)

    rows = kind < how.sigmoid
    slope = _each(random.uniform(6, 40, count))
    middle = _each(random.uniform(0.3, 0.65, count))
    level[rows] = 1 / (1 + np.exp(-slope[rows] * (level[rows] - middle[rows])))

    rows = (kind >= how.sigmoid) & (kind < how.sigmoid + how.hard)
    level[rows] = level[rows] >= _each(random.uniform(64, 160, count) / 255)[rows]

    rows = (kind >= how.sigmoid + how.hard) & (kind < how.sigmoid + how.hard + how.power)
    level[rows] **= _each(2.0 ** random.uniform(-1, 1, count))[rows]

    dim = np.where(random.random(count) < how.faint, random.uniform(0.4, 0.95, count), 1.0)
    pixels = level * _each(dim) * 255
    if how.noise:
        rows = random.random(count) < how.noise
        strength = _each(random.uniform(3, 35, count))[rows]
        pixels[rows] += random.standard_normal(pixels[rows].shape, np.float32) * strength
    if how.specks:
        rows = random.random(count) < how.specks
        half = _each(random.uniform(0, 0.015, count))[rows]
        draw = random.random(pixels[rows].shape, np.float32)
        pixels[rows] = np.where(draw < half, 0, np.where(draw > 1 - half, 255, pixels[rows]))
    return np.clip(np.rint(pixels), 0, 255).astype(np.uint8)


def _each(values: np.ndarray) -> np.ndarray:
    """One value for each image, as float32 (N, 1, 1)."""
    return values.astype(np.float32)[:, None, None]
