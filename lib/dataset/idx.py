"""Reads IDX files, the format of MNIST: a file of images and a file of labels, plain or gzipped.

The format: yann.lecun.com/exdb/mnist. Two zero bytes, a type (8: unsigned byte), the number of axes, the length of
each axis as a big-endian 32-bit number, then the values in row order.
"""

from __future__ import annotations

import gzip
import struct
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np

from lib.dataset.dataset import Dataset
from lib.dataset.guards import DatasetError, Request
from lib.dataset.labels import from_array
from lib.dataset.levels import image_layout
from lib.dataset.sampling import choose
from lib.picture.guards import called

GZIP = b"\x1f\x8b"
_BLOCK = 1 << 22


@dataclass(frozen=True)
class Source:
    """A file that can be opened from its beginning, as often as needed."""

    name: str
    open: Callable[[], AbstractContextManager[BinaryIO]]

    def head(self, count: int = 64) -> bytes:
        """Its first bytes, unpacked if it is gzipped."""
        with self.open() as file:
            start = file.read(count)
        if not start.startswith(GZIP):
            return start
        with self.open() as file, gzip.GzipFile(fileobj=file) as unpacked:
            return unpacked.read(count)


def axes_of(head: bytes) -> int | None:
    """The number of axes if a file that begins like this is IDX of bytes, else None."""
    if len(head) >= 8 and head[:3] == b"\0\0\x08" and 1 <= head[3] <= 4:
        return head[3]
    return None


def read_idx(sources: list[Source], request: Request) -> Dataset:
    """Read the images with their labels; of a `train` and a `t10k` pair, the one asked for.

    Raises:
        DatasetError: one of the two is missing, they do not belong together, or a header declares what is not there.
    """
    found = [(source, axes_of(source.head())) for source in sources]
    images = [source for source, axes in found if axes is not None and axes >= 2]
    labels = [source for source, axes in found if axes == 1]
    if not images or not labels:
        missing = "labels" if images else "images"
        raise DatasetError(
            f"{request.called} has IDX {'images' if images else 'labels'}, but the {missing} are a file of their own, such "
            f"as train-{missing}-idx{1 if images else 3}-ubyte. Load both files together, or one zip with both."
        )
    image_file, label_file = _asked_for(images, request.part), _asked_for(labels, request.part)
    values, class_names = from_array(_labels(label_file, request), request)
    pixels, chosen, total = _images(image_file, values, request)
    notes = []
    if len(images) > 1:
        notes.append(f"{called(image_file.name)} was read; there are other images as well.")
    if pixels.max() == 1:
        np.multiply(pixels, 255, out=pixels)
        notes.append("All pixels are 0 or 1: they were taken times 255.")
    return Dataset(pixels, values[chosen], class_names, name=request.name, notes=tuple(notes), total=total)


def _asked_for(sources: list[Source], part: str) -> Source:
    words = ("t10k", "test") if part == "test" else ("train",)
    return next((s for s in sources if any(word in s.name.lower() for word in words)), sources[0])


def _labels(source: Source, request: Request) -> np.ndarray:
    with _Opened(source, request) as file:
        (count,) = file.shape
        if count > 100 * request.limits.images:
            raise DatasetError(
                f"{called(source.name)} declares {count:,} labels, which cannot be right. It is damaged."
            )
        return np.frombuffer(file.exactly(count), np.uint8)


def _images(source: Source, labels: np.ndarray, request: Request) -> tuple[np.ndarray, np.ndarray, int]:
    """uint8 images of the chosen rows, the rows, and how many there are."""
    with _Opened(source, request) as file:
        layout = image_layout(file.shape, request)
        total = file.shape[0]
        if total != len(labels):
            raise DatasetError(
                f"{called(source.name)} has {total:,} images, but there are {len(labels):,} labels. Load the two files that "
                "belong together."
            )
        if total == 0:
            raise DatasetError(f"{called(source.name)} has no images.")
        most = request.sample_size(layout.values)
        if most is None:
            request.check_images(total, layout.values)
        chosen = choose(labels, most, request.seed, request.balanced)
        result = np.empty((len(chosen), *layout.shape), np.uint8)
        at_once = max(1, _BLOCK // layout.values)
        for first in range(0, total, at_once):
            request.watch.at(first, total)
            count = min(at_once, total - first)
            block = np.frombuffer(file.exactly(count * layout.values), np.uint8).reshape(
                count, *file.shape[1:]
            )
            low, high = np.searchsorted(chosen, (first, first + count))
            result[low:high] = layout.images(block[chosen[low:high] - first])
        return result, chosen, total


class _Opened:
    """An IDX file behind its header."""

    def __init__(self, source: Source, request: Request) -> None:
        self._source, self._limit = source, request.limits
        self._read = 0

    def __enter__(self) -> _Opened:
        self._context = self._source.open()
        file = self._context.__enter__()
        packed = file.read(2) == GZIP
        file.seek(0)
        self._file = gzip.GzipFile(fileobj=file) if packed else file
        axes = axes_of(head := self._file.read(4) + b"\0" * 4)
        assert axes is not None, head
        self.shape = struct.unpack(f">{axes}I", self.exactly(4 * axes))
        return self

    def __exit__(self, *error: object) -> None:
        self._context.__exit__(None, None, None)

    def exactly(self, count: int) -> bytes:
        """The next bytes, all of them."""
        self._read += count
        if self._read > self._limit.unpacked:
            raise DatasetError(
                f"{called(self._source.name)} unpacks to more than {self._limit.unpacked / 1e6:,.0f} MB. Load a part of "
                "it, or raise MISREAD_DATASET_UNPACKED."
            )
        data = self._file.read(count)
        if len(data) != count:
            raise DatasetError(
                f"{called(self._source.name)} ends before the {self.shape if hasattr(self, 'shape') else 'size'} that "
                "its header declares. It is damaged or incomplete; download it again."
            )
        return data
