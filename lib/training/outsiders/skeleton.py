"""Printed glyphs as if drawn with a pen: their skeleton, in one stroke width."""

from __future__ import annotations

import cv2
import numpy as np


def skeletons(images: np.ndarray, level: int = 110) -> np.ndarray:
    """bool (N, H, W): the ink of uint8 (N, H, W) thinned to lines of one pixel (Zhang and Suen 1984).

    Ink is what is brighter than `level`; what touches the image's border is cut off there.
    """
    ink = images > level
    ink[:, [0, -1]] = False
    ink[:, :, [0, -1]] = False
    changed = True
    while changed:
        changed = False
        for first in (True, False):
            gone = ink & _removable(ink, first)
            changed |= bool(gone.any())
            ink &= ~gone
    return ink


def as_drawn(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """uint8 (N, H, W): each glyph's skeleton drawn with a round pen of 4 to 8 px."""
    result = np.zeros_like(images)
    for index, lines in enumerate(skeletons(images)):
        width = int(random.integers(4, 9))
        pen = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (width, width))
        result[index] = cv2.dilate(lines.astype(np.uint8) * np.uint8(255), pen)
    return result


def _removable(ink: np.ndarray, first: bool) -> np.ndarray:
    """Pixels on one side of the ink whose loss cuts nothing in two (a subiteration of the method)."""
    # Clockwise from the one above.
    ways = ((1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1))
    around = [np.roll(ink, way, (1, 2)) for way in ways]
    north, east, south, west = around[::2]
    count = sum(neighbour.astype(np.uint8) for neighbour in around)
    starts = sum((~around[i] & around[(i + 1) % 8]).astype(np.uint8) for i in range(8))
    corners = (
        ((north, east, south), (east, south, west)) if first else ((north, east, west), (north, south, west))
    )
    side = ~np.logical_and.reduce(corners[0]) & ~np.logical_and.reduce(corners[1])
    removable: np.ndarray = (count >= 2) & (count <= 6) & (starts == 1) & side
    return removable
