"""What a phone photo of handwriting leaves in the tensor after `255 - x`: gray paper, shading, grain, neighbours, JPEG.

The default ranges were measured on 695 crops of ten photographed pages of handwriting (phone, room light, white and
coloured sheets), brought to 28x28. From the 1st to the 99th percentile the paper is at 164 to 213, the ink 78 to 162
levels darker and never black, the corners differ by 1 to 35 levels, fine noise has a standard deviation of 3.4 to 7.4, and
23 % show a part of a neighbour or a ruled line at the border.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np


@dataclass(frozen=True)
class Paper:
    """Bounds of a sheet and its photo, in gray levels of 0..255; all draws are uniform.

    Attributes:
        level: of the paper in the middle of the image.
        ink: how much darker than the paper full ink is.
        shade: the paper's largest change from one side to the other.
        grain: standard deviation of the fine noise.
        stain: standard deviation of the smooth unevenness.
        neighbours: share of the images that show a part of another glyph at the border, up to 5 px wide.
        ruled: share of the images with a thin ruled line in the outer quarter.
        jpeg: share of the images that went through JPEG, at `quality`.
        quality: of JPEG.
    """

    level: tuple[float, float] = (150.0, 225.0)
    ink: tuple[float, float] = (80.0, 150.0)
    shade: float = 40.0
    grain: tuple[float, float] = (2.0, 7.0)
    stain: tuple[float, float] = (0.0, 4.0)
    neighbours: float = 0.25
    ruled: float = 0.05
    jpeg: float = 0.5
    quality: tuple[int, int] = (40, 90)


def on_paper(
    images: np.ndarray, random: np.random.Generator, how: Paper, others: np.ndarray | None = None
) -> np.ndarray:
    """Write glyphs on paper, photograph them, and take `255 - x`: what the network gets without any cleaning.

    Args:
        images: uint8 (N, S, S), white on black; 255 is full ink.
        random: source of the draws.
        how: the bounds.
        others: uint8 (M, S, S), glyphs to take neighbours from; the images themselves by default.

    Returns:
        uint8 (N, S, S): bright ink on dark gray paper.
    """
    count, side = images.shape[:2]
    if count == 0:
        return images.copy()
    ink = images.astype(np.float32) / 255
    _add_neighbours(ink, images if others is None else others, random, how.neighbours)
    _add_ruled_lines(ink, random, how.ruled)

    paper = _drawn(random, how.level, count) + _shading(count, side, random, how)
    photo = paper - ink * _drawn(random, how.ink, count)
    photo += random.standard_normal(photo.shape, np.float32) * _drawn(random, how.grain, count)
    pixels = np.clip(np.rint(photo), 0, 255).astype(np.uint8)
    for index in np.flatnonzero(random.random(count) < how.jpeg):
        quality = int(random.integers(how.quality[0], how.quality[1] + 1))
        _, code = cv2.imencode(".jpg", pixels[index], [cv2.IMWRITE_JPEG_QUALITY, quality])
        pixels[index] = cv2.imdecode(code, cv2.IMREAD_GRAYSCALE)
    inverted: np.ndarray = 255 - pixels
    return inverted


def _add_neighbours(ink: np.ndarray, others: np.ndarray, random: np.random.Generator, share: float) -> None:
    side = ink.shape[1]
    if len(others) == 0:
        return
    for index in np.flatnonzero(random.random(len(ink)) < share):
        for _ in range(int(random.integers(1, 3))):
            other = others[random.integers(len(others))]
            away = int(random.integers(side - 9, side - 4)) * int(random.choice([-1, 1]))
            across = int(random.integers(-5, 6))
            moved = _moved(other, away, across) if random.random() < 0.75 else _moved(other, across, away)
            np.maximum(ink[index], moved.astype(np.float32) / 255, out=ink[index])


def _add_ruled_lines(ink: np.ndarray, random: np.random.Generator, share: float) -> None:
    side = ink.shape[1]
    for index in np.flatnonzero(random.random(len(ink)) < share):
        place = int(random.choice([random.integers(0, side // 5), random.integers(side - side // 5, side)]))
        line = ink[index, place] if random.random() < 0.7 else ink[index, :, place]
        np.maximum(line, np.float32(random.uniform(0.2, 0.8)), out=line)


def _shading(count: int, side: int, random: np.random.Generator, how: Paper) -> np.ndarray:
    """float32 (N, S, S): a slope of light, bent a little, and smooth stains."""
    x, y = np.meshgrid(
        np.linspace(-0.5, 0.5, side, dtype=np.float32), np.linspace(-0.5, 0.5, side, dtype=np.float32)
    )
    angle = _column(random.uniform(0, 2 * np.pi, count))
    along = np.cos(angle) * x + np.sin(angle) * y
    slope = _column(random.uniform(0, how.shade, count)) * (
        along + _column(random.uniform(-1, 1, count)) * along**2
    )
    knots = random.standard_normal((count, 7, 7), np.float32) * _drawn(random, how.stain, count)
    stains = np.stack([cv2.resize(k, (side, side), interpolation=cv2.INTER_CUBIC) for k in knots])
    shaded: np.ndarray = slope + stains
    return shaded


def _moved(image: np.ndarray, right: int, down: int) -> np.ndarray:
    """Shifted by whole pixels, black where nothing comes in."""
    side = image.shape[0]
    result = np.zeros_like(image)
    to_x, from_x = slice(max(right, 0), side + min(right, 0)), slice(max(-right, 0), side - max(right, 0))
    to_y, from_y = slice(max(down, 0), side + min(down, 0)), slice(max(-down, 0), side - max(down, 0))
    result[to_y, to_x] = image[from_y, from_x]
    return result


def _drawn(random: np.random.Generator, bounds: tuple[float, float], count: int) -> np.ndarray:
    return _column(random.uniform(*bounds, count))


def _column(values: np.ndarray) -> np.ndarray:
    return values.astype(np.float32)[:, None, None]
