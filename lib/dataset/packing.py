"""Images of one size, packed while the file that they come from still fills the memory. Nothing is lost by packing.

A CSV of 700 MB holds 290 MB of pixels, and a web server keeps an uploaded file in memory until it is read. Packed, drawings
take a quarter of that; they are unpacked when the file is gone.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lib.dataset.dataset import Dataset
from lib.dataset.guards import DatasetError

# Large enough for the C library to give each slab back to the system at once (glibc: above 32 MB), so that unpacking does
# not need its memory twice. What is not filled costs nothing.
SLAB = 48_000_000
_LEVEL = 1
# Photographs hardly get smaller: they are kept as they are.
_WORTH_WHILE = 0.8


class Packed:
    """uint8 (N, D), added row by row and given back once.

    Args:
        slab: bytes that are packed at once.

    Attributes:
        largest: the largest value so far; 0 without any.
    """

    def __init__(self, slab: int | None = None) -> None:
        self._slab = slab or SLAB
        self._full: list[np.ndarray | bytes] = []
        self._open = np.zeros((0, 0), np.uint8)
        self._filled, self._count = 0, 0
        self.largest = 0

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """What it holds now."""
        full = sum(len(part) if isinstance(part, bytes) else part.nbytes for part in self._full)
        return full + self._filled * self._open.shape[1]

    def add(self, images: np.ndarray) -> None:
        """Copies images, uint8 (n, D); D is the same every time."""
        self._count += len(images)
        self.largest = max(self.largest, int(images.max(initial=0)))
        while len(images):
            if self._filled == len(self._open):
                self._close()
                self._open = np.empty((max(1, self._slab // images.shape[1]), images.shape[1]), np.uint8)
            count = min(len(images), len(self._open) - self._filled)
            self._open[self._filled : self._filled + count] = images[:count]
            self._filled += count
            images = images[count:]

    def unpacked(self) -> np.ndarray:
        """All images. Each part is let go as soon as it is unpacked; afterwards there is nothing here."""
        width = self._open.shape[1]
        result, end = np.empty((self._count, width), np.uint8), self._count
        last = self._open[: self._filled]
        self._open, self._filled, self._count = self._open[:0], 0, 0
        result[end - len(last) :] = last
        end -= len(last)
        del last
        while self._full:
            part = self._full.pop()
            rows = (
                np.frombuffer(zlib.decompress(part), np.uint8).reshape(-1, width)
                if isinstance(part, bytes)
                else part
            )
            result[end - len(rows) : end] = rows
            end -= len(rows)
        return result

    def _close(self) -> None:
        """Packs the slab that is full."""
        if self._filled:
            packed = zlib.compress(self._open.data, _LEVEL)
            self._full.append(packed if len(packed) < _WORTH_WHILE * self._open.nbytes else self._open)
        self._filled = 0


@dataclass(frozen=True, eq=False)
class Unfinished:
    """All of a file that is needed, so that the file can go; what remains is to unpack it, once.

    Attributes:
        images: N of them.
        build: makes the data set of uint8 (N, D).
        called: how a sentence about the file begins.
    """

    images: Packed
    build: Callable[[np.ndarray], Dataset]
    called: str

    def finish(self) -> Dataset:
        """Raises DatasetError where memory ends."""
        try:
            return self.build(self.images.unpacked())
        except MemoryError as error:
            raise DatasetError(
                f"{self.called} needs more memory than there is. Take a smaller sample."
            ) from error
