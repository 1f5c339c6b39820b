"""The Dataset: labelled images as arrays, or as pictures where their sizes differ. Reading one lives beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np

from lib.picture import Picture, decode


@dataclass(frozen=True)
class Encoded:
    """A picture kept as the bytes of its file, because they are fewer than its pixels."""

    data: bytes
    name: str

    def decode(self) -> Picture:
        return decode(self.data, self.name)


class Pictures(Sequence[Picture]):
    """Pictures of various sizes. Each was decoded once when it was read; large ones are decoded again on access."""

    def __init__(self, entries: Iterable[Picture | Encoded]) -> None:
        self._entries = tuple(entries)

    def __len__(self) -> int:
        return len(self._entries)

    @overload
    def __getitem__(self, index: int) -> Picture: ...
    @overload
    def __getitem__(self, index: slice) -> Pictures: ...
    def __getitem__(self, index: int | slice) -> Picture | Pictures:
        if isinstance(index, slice):
            return Pictures(self._entries[index])
        entry = self._entries[index]
        return entry if isinstance(entry, Picture) else entry.decode()

    @property
    def memory_bytes(self) -> int:
        """Of the pixels, or of the files where these are kept."""
        return sum(len(e.data) if isinstance(e, Encoded) else e.pixels.nbytes for e in self._entries)

    def take(self, positions: np.ndarray) -> Pictures:
        """The pictures at these positions, in this order."""
        return Pictures(self._entries[int(i)] for i in positions)


@dataclass(frozen=True, eq=False)
class Dataset:
    """N labelled images.

    Attributes:
        images: uint8 (N, H, W) gray or (N, H, W, 3) RGB, 0..255; or `Pictures` where sizes differ.
        labels: int64 (N,), indices into `class_names`.
        class_names: one per class. Labels that are numbers name their class: 3 is the class "3" with index 3, also
            when no image of class 2 was there. Other names are sorted as Python sorts text.
        name: of the file, cleaned for the screen; still untrusted, escape it.
        notes: sentences on how the file was understood.
        bad_rows: sentences on the first twenty rows or files that were left out, with line number or name.
        bad_count: how many were left out.
        total: how many usable images the file had; more than N if this is a sample.
    """

    images: np.ndarray | Pictures
    labels: np.ndarray
    class_names: tuple[str, ...]
    name: str = ""
    notes: tuple[str, ...] = ()
    bad_rows: tuple[str, ...] = ()
    bad_count: int = 0
    total: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.images, np.ndarray):
            shape = self.images.shape
            if self.images.dtype != np.uint8 or not (len(shape) == 3 or (len(shape) == 4 and shape[3] == 3)):
                raise ValueError(
                    f"A data set's images are uint8 (N, H, W) or (N, H, W, 3), not {self.images.dtype} {shape}."
                )
        if self.labels.shape != (len(self.images),):
            raise ValueError(f"{len(self.images)} images cannot have labels of shape {self.labels.shape}.")
        if len(self.labels) and not 0 <= self.labels.min() <= self.labels.max() < len(self.class_names):
            raise ValueError("A label of this data set has no class name.")

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def size(self) -> tuple[int, int] | None:
        """(height, width) if all images have it, else None."""
        if isinstance(self.images, np.ndarray):
            return self.images.shape[1], self.images.shape[2]
        return None

    @property
    def memory_bytes(self) -> int:
        """What its images take."""
        return self.images.memory_bytes if isinstance(self.images, Pictures) else int(self.images.nbytes)

    @property
    def counts(self) -> np.ndarray:
        """int64 (classes,): how many images each class has."""
        return np.bincount(self.labels, minlength=len(self.class_names))

    def picture(self, index: int) -> Picture:
        """One image as a Picture."""
        if isinstance(self.images, Pictures):
            return self.images[index]
        return Picture.from_array(self.images[index], f"{self.name} {index}".strip())

    def take(self, positions: np.ndarray) -> Dataset:
        """The images at these positions, in this order."""
        chosen = self.images.take(positions) if isinstance(self.images, Pictures) else self.images[positions]
        return replace(self, images=chosen, labels=self.labels[positions])
