"""Strong changes of a glyph's geometry and pen: affine, elastic, thinner, thicker, in one pass at twofold resolution."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

_FINE = 2
_BLOCK = 512
_DISCS = {
    radius: cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1,) * 2)
    if radius > 0
    else np.ones((2, 2), np.uint8)
    for radius in (0, 1, 2)
}


@dataclass(frozen=True)
class Distortion:
    """How far the geometry is changed; lengths in pixels of the image, angles in degrees.

    Attributes:
        rotation, shear: uniform up to this, either way.
        scale: uniform between these two, for the whole glyph.
        aspect: each side's own factor, uniform within 1 +- this.
        shift: uniform up to this in each direction.
        small: share of the images that are shrunk to `small_scale` (uniform between the two) instead.
        astray: share of the images that are shifted up to `astray_shift` instead.
        elastic: largest standard deviation of a smooth random displacement (Simard et al. 2003), uniform from 0.
        thin, thick: shares of the images whose strokes lose 0.5 or 1 px or gain 0.5, 1 or 2 px in width.
    """

    rotation: float = 0.0
    shear: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    aspect: float = 0.0
    shift: float = 0.0
    small: float = 0.0
    small_scale: tuple[float, float] = (0.45, 0.8)
    astray: float = 0.0
    astray_shift: float = 0.0
    elastic: float = 0.0
    thin: float = 0.0
    thick: float = 0.0


def distort(images: np.ndarray, random: np.random.Generator, how: Distortion) -> np.ndarray:
    """Each image changed on its own; black comes in from outside.

    Args:
        images: uint8 (N, S, S), white on black.
        random: source of the draws.
        how: the bounds.

    Returns:
        uint8 (N, S, S), a new array.
    """
    result = np.empty_like(images)
    for start in range(0, len(images), _BLOCK):
        block = images[start : start + _BLOCK]
        for index, places in enumerate(_maps(len(block), images.shape[1], random, how)):
            result[start + index] = _redrawn(block[index], places, random, how)
    return result


def thinned(image: np.ndarray, radius: int) -> np.ndarray:
    """A fine image (twofold resolution) whose strokes lose 0.5 px of width (radius 0), 1 px (1) or 2 px (2).

    A stroke too thin for it would vanish; then less is taken, or nothing.
    """
    total = int(image.sum())
    for less in range(radius, -1, -1):
        eroded = cv2.erode(image, _DISCS[less])
        if int(eroded.sum()) * 4 >= total:
            stretched = eroded.astype(np.float32) * (float(image.max()) / max(1.0, float(eroded.max())))
            return np.minimum(np.rint(stretched), 255).astype(np.uint8)
    return image


def thickened(image: np.ndarray, radius: int) -> np.ndarray:
    """A fine image (twofold resolution) whose strokes gain 0.5 px of width (radius 0), 1 px (1) or 2 px (2)."""
    return cv2.dilate(image, _DISCS[radius])


def fine(image: np.ndarray) -> np.ndarray:
    """uint8 (S, S) at twofold resolution."""
    return cv2.resize(image, None, fx=_FINE, fy=_FINE, interpolation=cv2.INTER_CUBIC)


def coarse(image: np.ndarray) -> np.ndarray:
    """Back from twofold resolution, by the mean of four pixels."""
    return cv2.resize(image, None, fx=1 / _FINE, fy=1 / _FINE, interpolation=cv2.INTER_AREA)


def _maps(count: int, side: int, random: np.random.Generator, how: Distortion) -> np.ndarray:
    """float32 (count, 2, S * 2, S * 2): for every fine pixel, the x and y of the fine image that it shows."""
    large = side * _FINE
    factor = random.uniform(*how.scale, count)
    factor = np.where(random.random(count) < how.small, random.uniform(*how.small_scale, count), factor)
    shift = random.uniform(-how.shift, how.shift, (count, 2))
    far = random.uniform(-how.astray_shift, how.astray_shift, (count, 2))
    shift = np.where((random.random(count) < how.astray)[:, None], far, shift) * _FINE
    angle = np.deg2rad(random.uniform(-how.rotation, how.rotation, count))
    shear = random.uniform(-how.shear, how.shear, count)
    sides = factor[:, None] * random.uniform(1 - how.aspect, 1 + how.aspect, (count, 2))

    cosine, sine = np.cos(angle), np.sin(angle)
    turn = np.stack([np.stack([cosine, -sine], 1), np.stack([sine, cosine], 1)], 1)
    lean = np.repeat(np.eye(2)[None], count, 0)
    lean[:, 0, 1] = shear
    back = np.linalg.inv(turn @ lean * sides[:, None, :])

    middle = (large - 1) / 2
    x, y = np.meshgrid(np.arange(large) - middle, np.arange(large) - middle)
    grid = np.stack([x, y], -1).reshape(-1, 2).astype(np.float32)
    offset = middle - np.einsum("nij,nj->ni", back, shift)
    places = np.matmul(grid[None], back.transpose(0, 2, 1).astype(np.float32)) + offset[:, None].astype(
        np.float32
    )
    places = np.ascontiguousarray(places.transpose(0, 2, 1)).reshape(count, 2, large, large)
    if how.elastic:
        strength = random.uniform(0, how.elastic * _FINE, count)
        knots = (random.normal(size=(count, 2, 6, 6)) * strength[:, None, None, None]).astype(np.float32)
        for index in range(count):
            for axis in range(2):
                places[index, axis] += cv2.resize(
                    knots[index, axis], (large, large), interpolation=cv2.INTER_CUBIC
                )
    return places


def _redrawn(
    image: np.ndarray, places: np.ndarray, random: np.random.Generator, how: Distortion
) -> np.ndarray:
    drawn = cv2.remap(fine(image), places[0], places[1], cv2.INTER_LINEAR)
    pen, radius = random.random(), int(random.integers(3))
    if pen < how.thin:
        drawn = thinned(drawn, min(radius, 1))
    elif pen < how.thin + how.thick:
        drawn = thickened(drawn, radius)
    return coarse(drawn)
