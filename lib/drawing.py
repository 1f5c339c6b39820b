"""A drawing: strokes of a pen, brush or eraser, how they become a Picture, and how they travel in a link.

The browser sends strokes, not pixels: the same strokes give the same pixels on every machine, which is what makes a link to
a drawing show the same numbers. How the canvas looks in the browser is not decided here.
"""

from __future__ import annotations

import base64
import binascii
import math
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import cv2
import numpy as np

from lib.picture import Picture

UNITS = 1000  # coordinates run from 0 to UNITS on both axes, whatever the canvas measures on the screen
TOOLS = ("pen", "brush", "eraser")
PAPERS = ("white", "black")
SIDE = 280  # the picture's side in pixels: ten times the letters' 28

_VERSION = 1
# Far more than a letter needs, and few enough that any link is drawn in a second or two.
_MOST_POINTS = 20_000
_MOST_STROKES = 500
_MOST_BYTES = 5 * _MOST_POINTS + 4 * _MOST_STROKES + 4
_FULL_PRESSURE = 255
# Lines are drawn this many times finer than the picture and averaged: OpenCV's own smooth lines are 1.4 px too wide.
_FINE = 4
# OpenCV draws at fractions of a pixel when coordinates are given as integers with this many fractional bits.
_FRACTION_BITS = 4


class DrawingError(ValueError):
    """A drawing that cannot be read; the message says why."""


@dataclass(frozen=True)
class Stroke:
    """One movement of the pen.

    Attributes:
        tool: "pen" (hard edge), "brush" (soft edge) or "eraser".
        size: width of the line in units (1000 is the canvas's side), 1 to 255.
        points: (x, y, pressure) with x, y in 0..1000 and pressure in 0..255, of which 255 gives the full width.
    """

    tool: str
    size: int
    points: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Drawing:
    """Strokes on paper. The empty drawing is blank paper."""

    strokes: tuple[Stroke, ...] = ()
    paper: str = "white"

    def picture(self) -> Picture:
        """The drawing as a 280 x 280 Picture: black ink on white paper, or white on black."""
        return _picture(self)

    def encode(self) -> str:
        """URL-safe text; `decode` reads it."""
        return base64.urlsafe_b64encode(zlib.compress(self.to_bytes(), 9)).decode().rstrip("=")

    @staticmethod
    def decode(text: str) -> Drawing:
        """Reads what `encode` wrote.

        Raises:
            DrawingError: the text is damaged, or the drawing is larger than any that the canvas makes.
        """
        try:
            packed = base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
            opener = zlib.decompressobj()
            raw = opener.decompress(packed, _MOST_BYTES)
        except (ValueError, binascii.Error, zlib.error) as error:
            raise DrawingError("The drawing in this link is damaged and cannot be shown.") from error
        if opener.unconsumed_tail or not opener.eof:
            raise DrawingError("The drawing in this link is damaged or too large and cannot be shown.")
        return Drawing.from_bytes(raw)

    def to_bytes(self) -> bytes:
        """The uncompressed form; `from_bytes` reads it."""
        parts = [struct.pack("<BBH", _VERSION, PAPERS.index(self.paper), len(self.strokes))]
        for stroke in self.strokes:
            pressed = any(p != _FULL_PRESSURE for _, _, p in stroke.points)
            parts.append(
                struct.pack("<BBH", TOOLS.index(stroke.tool) | pressed << 7, stroke.size, len(stroke.points))
            )
            table = np.array(stroke.points, np.int32).reshape(-1, 3)
            steps = np.diff(table[:, :2], axis=0, prepend=0)
            parts.append(steps.astype("<i2").T.tobytes())
            if pressed:
                parts.append(table[:, 2].astype(np.uint8).tobytes())
        return b"".join(parts)

    @staticmethod
    def from_bytes(raw: bytes) -> Drawing:
        """Reads the uncompressed form, which the canvas sends (base64) and `encode` compresses.

        Raises:
            DrawingError: it is truncated, of another version, or larger than any that the canvas makes.
        """
        try:
            return _Reader(raw).drawing()
        except (struct.error, IndexError, ValueError) as error:
            if isinstance(error, DrawingError):
                raise
            raise DrawingError("The drawing is damaged and cannot be shown.") from error


class _Reader:
    """Reads the byte format: header, then per stroke tool, size, count, x steps, y steps, and pressures if any vary."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.at, self.points = raw, 0, 0

    def take(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(form, self.raw, self.at)
        self.at += struct.calcsize(form)
        return values

    def array(self, dtype: str, count: int) -> np.ndarray:
        values = np.frombuffer(self.raw, dtype, count, self.at)
        self.at += values.nbytes
        return values

    def drawing(self) -> Drawing:
        version, paper, strokes = self.take("<BBH")
        if version != _VERSION:
            raise DrawingError(f"This drawing has format {version}; {_VERSION} is supported.")
        if strokes > _MOST_STROKES:
            raise DrawingError(
                f"The drawing has {strokes:,} strokes; at most {_MOST_STROKES:,} can be shown."
            )
        return Drawing(tuple(self.stroke() for _ in range(strokes)), PAPERS[paper])

    def stroke(self) -> Stroke:
        tool, size, count = self.take("<BBH")
        self.points += count
        if self.points > _MOST_POINTS:
            raise DrawingError(
                f"The drawing has more than {_MOST_POINTS:,} points, which is too many to show."
            )
        xs, ys = np.clip(
            np.cumsum(self.array("<i2", 2 * count).reshape(2, count), axis=1, dtype=np.int32), 0, UNITS
        )
        pressure = self.array("u1", count) if tool & 128 else np.full(count, _FULL_PRESSURE)
        points = tuple(zip(xs.tolist(), ys.tolist(), pressure.tolist(), strict=True))
        return Stroke(TOOLS[tool & 127], max(1, size), points)


@lru_cache(maxsize=64)
def _picture(drawing: Drawing) -> Picture:
    ink = _ink(drawing.strokes)
    ink *= 255
    ink = np.rint(ink, out=ink).astype(np.uint8)
    return Picture.from_array(255 - ink if drawing.paper == "white" else ink, name="drawing.png")


def _ink(strokes: tuple[Stroke, ...]) -> np.ndarray:
    """float32 (280, 280): 0 is paper, 1 is ink. Ink does not add up where strokes cross; the eraser takes it away."""
    ink = np.zeros((SIDE, SIDE), np.float32)
    for stroke in strokes:
        place, cover = _cover(stroke)
        here = ink[place]
        if stroke.tool == "eraser":
            here *= 1 - cover
        else:
            np.maximum(here, cover, out=here)
    return ink


# While one stroke grows the earlier ones are found here: 128 covers are at most 40 MB for all sessions together.
@lru_cache(maxsize=128)
def _cover(stroke: Stroke) -> tuple[tuple[slice, slice], np.ndarray]:
    """Where on the 280 x 280 pixels a stroke lies, and float32: how much of each pixel there it covers. The brush's edge
    fades over a third of its width.
    """
    width = stroke.size * SIDE / UNITS
    soft = stroke.tool == "brush"
    line, sigma = (width * 0.7, max(0.4, width * 0.17)) if soft else (width, 0.0)
    (top, bottom), (left, right) = _rows_and_columns(stroke.points, line, sigma)
    mask = np.zeros((_FINE * (bottom - top), _FINE * (right - left)), np.uint8)
    corner = np.array([left, top], np.int32) * _FINE * 2**_FRACTION_BITS
    for pressure, run in _runs(stroke.points):
        # Half a pixel less, because OpenCV counts from the middle of the first pixel; one point is a line to itself.
        points = np.array(run * (2 if len(run) == 1 else 1), np.float64) * (_FINE * SIDE / UNITS) - 0.5
        fixed = (np.rint(points * 2**_FRACTION_BITS).astype(np.int32) - corner).reshape(-1, 1, 2)
        pixels = _FINE * max(1.0, line * pressure / _FULL_PRESSURE)
        # OpenCV draws a line of even thickness one pixel wider than it was told.
        cv2.polylines(mask, [fixed], False, 255, 2 * round((pixels - 1) / 2), cv2.LINE_8, _FRACTION_BITS)
    size = (right - left, bottom - top)
    cover = cv2.resize(mask, size, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    place = (slice(top, bottom), slice(left, right))
    return place, cv2.GaussianBlur(cover, (0, 0), sigma) if soft else cover


def _rows_and_columns(
    points: Sequence[tuple[int, int, int]], line: float, sigma: float
) -> tuple[tuple[int, int], tuple[int, int]]:
    """The first pixel and the one after the last, down and across, beyond which a stroke has no effect: nothing is drawn
    there, and nothing that the blur could bring there. `line` and `sigma` in pixels.
    """
    reach = max(1.0, line) / 2 + 4 * sigma + 2  # OpenCV's Gaussian of floats ends at four sigma
    xs, ys, _ = zip(*points or ((0, 0, 0),), strict=True)  # a stroke without points draws nothing
    return _range(ys, reach), _range(xs, reach)


def _range(coordinates: Sequence[int], reach: float) -> tuple[int, int]:
    first, last = min(coordinates) * SIDE / UNITS - reach, max(coordinates) * SIDE / UNITS + reach
    return max(0, math.floor(first)), min(SIDE, math.ceil(last))


def _runs(points: Sequence[tuple[int, int, int]]) -> Iterable[tuple[int, list[tuple[int, int]]]]:
    """Pieces of equal pressure, each beginning where the one before ended, so that the line has no gaps."""
    last: list[tuple[int, int]] = []
    for pressure, group in groupby(points, key=lambda point: point[2]):
        run = last + [(x, y) for x, y, _ in group]
        yield pressure, run
        last = run[-1:]
