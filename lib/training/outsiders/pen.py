"""A pen on a square sheet: the few drawing moves that scribbles, doodles and invented signs are made of."""

from __future__ import annotations

import cv2
import numpy as np

SIDE = 64
_SUBPIXEL = 4


class Sheet:
    """A black square of SIDE pixels and a white pen of one width; coordinates are (x, y) in 0..1, y down."""

    def __init__(self, random: np.random.Generator, width: int | None = None) -> None:
        self.image = np.zeros((SIDE, SIDE), np.uint8)
        self.width = int(random.integers(2, 6)) if width is None else width

    def line(self, points: np.ndarray, closed: bool = False) -> None:
        """Connect points float (N, 2) by straight lines."""
        fixed = np.rint(np.asarray(points) * (SIDE - 1) * 2**_SUBPIXEL).astype(np.int32)
        cv2.polylines(self.image, [fixed[:, None]], closed, 255, self.width, cv2.LINE_AA, _SUBPIXEL)

    def curve(self, points: np.ndarray, closed: bool = False) -> None:
        """A smooth line through points float (N, 2)."""
        self.line(smooth(points, closed), closed)

    def arc(
        self,
        middle: tuple[float, float],
        radii: tuple[float, float],
        start: float,
        end: float,
        tilt: float = 0.0,
    ) -> None:
        """Part of an ellipse, angles in radians."""
        angle = np.linspace(start, end, 40)
        x, y = radii[0] * np.cos(angle), radii[1] * np.sin(angle)
        cosine, sine = np.cos(tilt), np.sin(tilt)
        self.line(np.stack([middle[0] + cosine * x - sine * y, middle[1] + sine * x + cosine * y], 1))

    def dot(self, middle: tuple[float, float], radius: float) -> None:
        """A filled disc."""
        x, y, r = (round(v * (SIDE - 1) * 2**_SUBPIXEL) for v in (*middle, radius))
        cv2.circle(self.image, (x, y), max(r, 2**_SUBPIXEL), 255, -1, cv2.LINE_AA, _SUBPIXEL)

    def fill(self, points: np.ndarray) -> None:
        """A filled polygon."""
        fixed = np.rint(np.asarray(points) * (SIDE - 1) * 2**_SUBPIXEL).astype(np.int32)
        cv2.fillPoly(self.image, [fixed[:, None]], 255, cv2.LINE_AA, _SUBPIXEL)


def smooth(points: np.ndarray, closed: bool = False, steps: int = 10) -> np.ndarray:
    """A Catmull-Rom spline through points float (N, 2), `steps` points a piece."""
    points = np.asarray(points, np.float64)
    around = (
        np.concatenate([points[-1:], points, points[:2]])
        if closed
        else np.concatenate([points[:1], points, points[-1:]])
    )
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (around[i : len(around) - 3 + i, None] for i in range(4))
    pieces = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    line: np.ndarray = pieces.reshape(-1, 2)
    return line if closed else np.concatenate([line, points[-1:]])


def jitter(points: np.ndarray, random: np.random.Generator, amount: float = 0.02) -> np.ndarray:
    """The unsteady hand: every point moved a little."""
    moved: np.ndarray = np.asarray(points) + random.normal(0, amount, np.shape(points))
    return moved
