"""Arrays of any layout and scale made into uint8 images: which shape they have, and what 1.0 means in them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.dataset.csv_format import image_shape
from lib.dataset.guards import DatasetError, Request


@dataclass(frozen=True)
class ImageLayout:
    """How one row of an array is an image: its (H, W) or (H, W, 3), whether channels come first, and a note."""

    shape: tuple[int, ...]
    channels_first: bool = False
    note: str = ""

    @property
    def values(self) -> int:
        """Numbers of one image."""
        return int(np.prod(self.shape))

    def images(self, block: np.ndarray) -> np.ndarray:
        """Rows of the array as images (n, H, W) or (n, H, W, 3)."""
        if self.channels_first:
            block = np.moveaxis(block, 1, -1)
        return block.reshape(len(block), *self.shape)


def image_layout(shape: tuple[int, ...], request: Request) -> ImageLayout:
    """The layout of an array's rows: (N, H, W), (N, H, W, 1 | 3), (N, 1 | 3, H, W) or (N, pixels of a square).

    Raises:
        DatasetError: they are no images.
    """
    row = shape[1:]
    if len(row) == 2 and min(row) >= 2:
        return ImageLayout(row)
    if len(row) == 3 and row[2] in (1, 3) and min(row[:2]) >= 2:
        return ImageLayout(row if row[2] == 3 else row[:2])
    if len(row) == 3 and row[0] in (1, 3) and min(row[1:]) >= 2:
        turned = (*row[1:], 3) if row[0] == 3 else row[1:]
        return ImageLayout(turned, True, "The images are stored channels first; the channels were put last.")
    if len(row) == 1:
        square = image_shape(row[0])
        if square is not None:
            note = ""
            if len(square) == 3:
                note = (
                    f"{row[0]:,} values an image were read as {square[0]} x {square[1]} in colour: red, green and blue of "
                    "each pixel one after the other."
                )
            return ImageLayout(square, False, note)
    raise DatasetError(
        f"{request.called}: images must have the shape (N, H, W), (N, H, W, 3) or (N, pixels of a square), not "
        f"{shape!r:.80}."
    )


@dataclass(frozen=True)
class Scale:
    """What the numbers of an array mean: 0..255 is `value * factor + offset`. `fine`: fractions may be rounded."""

    factor: float = 1.0
    offset: float = 0.0
    note: str = ""

    def levels(self, block: np.ndarray) -> tuple[np.ndarray, list[tuple[int, str]]]:
        """uint8 of the same shape; and (row, reason) of those that hold what is no pixel."""
        if block.dtype == np.uint8 and self.factor == 1:
            return block, []
        values = block.astype(np.float64) * self.factor + self.offset
        rows = values.reshape(len(values), -1)
        # A little beyond the ends is rounding, not another scale.
        wrong = ~((rows >= -0.5) & (rows <= 255.5))
        reasons = []
        for row in np.flatnonzero(wrong.any(1)):
            place = np.unravel_index(int(wrong[row].argmax()), block.shape[1:])
            value = block[row][place]
            reasons.append((int(row), f"a value of {value!s:.20} does not fit the others' range"))
            rows[row] = 0
        return np.rint(np.clip(values, 0, 255)).astype(np.uint8), reasons


def scale_of(first: np.ndarray) -> Scale:
    """The scale of an array, judged by its first images: booleans, 0..1 or -1..1 fractions, else 0..255."""
    if first.dtype == np.bool_:
        return Scale(255.0, 0.0, "The pixels are true or false: they were taken as 255 and 0.")
    if first.dtype.kind != "f" or first.size == 0:
        return Scale()
    finite = first[np.isfinite(first)]
    low, high = (float(finite.min()), float(finite.max())) if finite.size else (0.0, 0.0)
    if low < -1 or high > 1 or (low == high == 0):
        return Scale(
            note="The pixels are not whole numbers: they were rounded." if _fractions(finite) else ""
        )
    if low < 0:
        return Scale(127.5, 127.5, "The pixels lie between -1 and 1: they were taken as (x + 1) times 127.5.")
    return Scale(255.0, 0.0, "The pixels lie between 0 and 1: they were taken times 255.")


def _fractions(values: np.ndarray) -> bool:
    return bool((values != np.rint(values)).any())
