"""Surfaces and pieces of scenes: noise of several spectra, gratings, checks, gradients, cells, shapes, blank sheets."""

from __future__ import annotations

import cv2
import numpy as np

from lib.training.outsiders.pen import SIDE


def blank(random: np.random.Generator) -> np.ndarray:
    """One gray value, black and white most of all."""
    level = random.choice([0, 0, 0, 255, int(random.integers(256))])
    return np.full((SIDE, SIDE), level, np.uint8)


def faint_noise(random: np.random.Generator) -> np.ndarray:
    """Nearly blank: a little noise on one level, as of an empty sheet."""
    return _as_pixels(random.uniform(0, 200) + random.normal(0, random.uniform(1, 12), (SIDE, SIDE)))


def white_noise(random: np.random.Generator) -> np.ndarray:
    """Independent values, coarse or fine, uniform or binary of any density."""
    side = int(random.choice([14, 28, 28, SIDE]))
    noise = random.random((side, side))
    if random.random() < 0.5:
        noise = (noise < random.uniform(0.02, 0.6)).astype(np.float64)
    return cv2.resize(_as_pixels(255 * noise), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)


def coloured_noise(random: np.random.Generator) -> np.ndarray:
    """Power falling with frequency as 1 / f ** beta, beta 0.5 to 4, sometimes cut at a level."""
    frequency = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
    frequency[0, 0] = 1
    spectrum = np.fft.fft2(random.normal(size=(SIDE, SIDE))) / frequency ** random.uniform(0.25, 2)
    field = _stretched(np.fft.ifft2(spectrum).real)
    return (
        _as_pixels(255 * (field > np.quantile(field, random.uniform(0.3, 0.85))))
        if random.random() < 0.4
        else _as_pixels(255 * field)
    )


def band_noise(random: np.random.Generator) -> np.ndarray:
    """Noise of one scale: spots or worms."""
    fine = random.uniform(1, 4)
    noise = random.normal(size=(SIDE, SIDE)).astype(np.float32)
    field = cv2.GaussianBlur(noise, (0, 0), fine) - cv2.GaussianBlur(
        noise, (0, 0), fine * random.uniform(1.5, 3)
    )
    return _as_pixels(255 * (field > 0)) if random.random() < 0.4 else _as_pixels(255 * _stretched(field))


def grating(random: np.random.Generator) -> np.ndarray:
    """Stripes, soft or hard, of any direction and width."""
    return _as_pixels(255 * _stripes(random))


def plaid(random: np.random.Generator) -> np.ndarray:
    """Two gratings, added, multiplied or the larger of both."""
    first, second = _stripes(random), _stripes(random)
    return _as_pixels(
        255 * [(first + second) / 2, first * second, np.maximum(first, second)][random.integers(3)]
    )


def checks(random: np.random.Generator) -> np.ndarray:
    """A checkerboard, turned."""
    x, y = _turned_grid(random.uniform(0, np.pi) if random.random() < 0.6 else 0.0)
    size = random.uniform(0.06, 0.35)
    shift = random.random(2)
    return _as_pixels(255.0 * ((np.floor(x / size + shift[0]) + np.floor(y / size + shift[1])) % 2))


def gradient(random: np.random.Generator) -> np.ndarray:
    """Light falling off to one side or from a point."""
    x, y = _turned_grid(random.uniform(0, 2 * np.pi))
    field = x if random.random() < 0.5 else np.hypot(x - random.uniform(-0.5, 0.5), y)
    low, high = np.sort(random.uniform(0, 255, 2))
    return _as_pixels(
        low + (high - low) * _stretched(field) ** random.uniform(0.5, 2) + random.normal(0, 4, x.shape)
    )


def half_plane(random: np.random.Generator) -> np.ndarray:
    """An edge, a corner or a band: part of something much larger."""
    x, y = _turned_grid(random.uniform(0, 2 * np.pi))
    inside = x > random.uniform(-0.3, 0.3)
    if random.random() < 0.5:
        inside &= y > random.uniform(-0.3, 0.3)
    elif random.random() < 0.5:
        inside = np.abs(x) < random.uniform(0.12, 0.3)
    return cv2.GaussianBlur(_as_pixels(255.0 * inside), (0, 0), random.uniform(0.3, 2))


def automaton(random: np.random.Generator) -> np.ndarray:
    """Rows of an elementary cellular automaton from random cells."""
    side = int(random.choice([16, 28]))
    rule = (int(random.integers(1, 255)) >> np.arange(8)) & 1
    rows = [random.integers(0, 2, side)]
    for _ in range(side - 1):
        last = rows[-1]
        rows.append(rule[4 * np.roll(last, 1) + 2 * last + np.roll(last, -1)])
    return cv2.resize(_as_pixels(255.0 * np.array(rows)), (SIDE, SIDE), interpolation=cv2.INTER_NEAREST)


def dead_leaves(random: np.random.Generator) -> np.ndarray:
    """Discs and boxes of all sizes and grays covering each other: the statistics of natural scenes (Lee et al. 2001)."""
    image = np.full((SIDE, SIDE), random.integers(256), np.uint8)
    for _ in range(int(random.integers(8, 60))):
        size = int(np.clip(3 / random.uniform(0.05, 1), 3, 40))
        x, y = (int(v) for v in random.integers(-5, SIDE + 5, 2))
        level = int(random.integers(256))
        if random.random() < 0.5:
            cv2.circle(image, (x, y), size, level, -1, cv2.LINE_AA)
        else:
            box = cv2.boxPoints(((x, y), (2.0 * size, size * random.uniform(0.5, 2)), random.uniform(0, 180)))
            cv2.fillPoly(image, [np.rint(box).astype(np.int32)], level, cv2.LINE_AA)
    soft = cv2.GaussianBlur(image, (0, 0), random.uniform(0.3, 2))
    return _as_pixels(soft + random.normal(0, random.uniform(0, 12), soft.shape))


def halftone(random: np.random.Generator) -> np.ndarray:
    """A lattice of dots or rings, all of one size or growing to one side."""
    x, y = _turned_grid(random.uniform(0, np.pi))
    pitch = random.uniform(0.1, 0.34)
    distance = np.hypot((x / pitch) % 1 - 0.5, (y / pitch) % 1 - 0.5)
    size = random.uniform(0.15, 0.45) * (1 + random.choice([0, 0.8]) * x)
    inside = distance < size if random.random() < 0.7 else np.abs(distance - size) < 0.1
    return cv2.GaussianBlur(_as_pixels(255.0 * inside), (3, 3), 0)


def bricks(random: np.random.Generator) -> np.ndarray:
    """A wall: rows of joints, each shifted by half a brick."""
    x, y = _turned_grid(random.choice([0.0, np.pi / 2, random.uniform(0, np.pi)]))
    high, long, joint = random.uniform(0.12, 0.3), random.uniform(0.25, 0.6), random.uniform(0.02, 0.06)
    row = np.floor(y / high)
    gap = ((y / high) % 1 < joint / high) | ((x / long + 0.5 * (row % 2)) % 1 < joint / long)
    field = gap if random.random() < 0.7 else ~gap
    return cv2.GaussianBlur(_as_pixels(255.0 * field), (3, 3), 0)


def cells(random: np.random.Generator) -> np.ndarray:
    """The Voronoi cells of random points: their walls, or each cell in its gray."""
    points = random.random((int(random.integers(5, 26)), 2)) * SIDE
    rows, columns = np.indices((SIDE, SIDE))
    distance = np.hypot(rows[..., None] - points[:, 0], columns[..., None] - points[:, 1])
    if random.random() < 0.5:
        nearest = np.partition(distance, 1, axis=-1)
        return _as_pixels(255.0 * (nearest[..., 1] - nearest[..., 0] < random.uniform(1.5, 4)))
    return _as_pixels(random.uniform(0, 255, len(points))[distance.argmin(-1)])


def wood(random: np.random.Generator) -> np.ndarray:
    """Warped rings, as of wood or water."""
    x, y = _turned_grid(random.uniform(0, np.pi))
    warp = cv2.GaussianBlur(random.normal(size=(SIDE, SIDE)), (0, 0), random.uniform(6, 14))
    warp = warp / warp.std() * random.uniform(0.02, 0.1)
    field = np.hypot(x * random.uniform(0.2, 1), y - random.uniform(-1, 1)) + warp
    rings = 0.5 + 0.5 * np.sin(2 * np.pi * random.uniform(3, 10) * field)
    return _as_pixels(255 * rings ** random.uniform(0.5, 3))


def _stripes(random: np.random.Generator) -> np.ndarray:
    x, _ = _turned_grid(random.uniform(0, np.pi))
    wave = 0.5 + 0.5 * np.sin(2 * np.pi * (random.uniform(1.5, 12) * x + random.random()))
    hard = random.random()
    if hard < 0.4:
        return (wave > random.uniform(0.2, 0.8)).astype(np.float64)
    return wave ** random.uniform(0.5, 4) * random.uniform(0.3, 1)


def _turned_grid(angle: float) -> tuple[np.ndarray, np.ndarray]:
    """Coordinates -0.5..0.5 of the pixels, turned by an angle."""
    rows, columns = np.indices((SIDE, SIDE)) / (SIDE - 1) - 0.5
    return np.cos(angle) * columns + np.sin(angle) * rows, np.cos(angle) * rows - np.sin(angle) * columns


def _stretched(field: np.ndarray) -> np.ndarray:
    """To 0..1."""
    low, high = float(field.min()), float(field.max())
    stretched: np.ndarray = (field - low) / (high - low + 1e-9)
    return stretched


def _as_pixels(field: np.ndarray) -> np.ndarray:
    return np.clip(np.rint(field), 0, 255).astype(np.uint8)
