"""read_dataset(): finds out which format a file has and hands it to that format's reader."""

from __future__ import annotations

import gzip
import io
import os
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from lib.dataset.archive import members, open_archive
from lib.dataset.csv_rows import read_csv
from lib.dataset.dataset import Dataset
from lib.dataset.folders import EXTENSIONS, read_folders
from lib.dataset.guards import (
    Cancelled,
    DatasetError,
    DatasetLimits,
    Progress,
    Request,
    Watch,
)
from lib.dataset.idx import GZIP, Source, axes_of, read_idx
from lib.dataset.npz import read_npz
from lib.dataset.packing import Unfinished
from lib.picture.guards import called, shown_name

File = str | os.PathLike[str] | BinaryIO | bytes

# What damaged zip and gzip streams raise in the middle of reading; ValueError for impossible offsets and names.
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    struct.error,
    NotImplementedError,
    RuntimeError,
    ValueError,
)
_FOREIGN = (
    (b"\x80\x02", "is a pickle, which is a program: it is never opened. Save the arrays with numpy.savez"),
    (b"\x80\x03", "is a pickle, which is a program: it is never opened. Save the arrays with numpy.savez"),
    (b"\x80\x04", "is a pickle, which is a program: it is never opened. Save the arrays with numpy.savez"),
    (b"\x80\x05", "is a pickle, which is a program: it is never opened. Save the arrays with numpy.savez"),
    (
        b"\x93NUMPY",
        "is one array without labels. Save both in one file: numpy.savez(path, images=..., labels=...)",
    ),
    (b"\x89HDF", "is an HDF5 file. Save its arrays with numpy.savez(path, images=..., labels=...)"),
    (b"MATLAB", "is a MATLAB file. Save its arrays with numpy.savez(path, images=..., labels=...)"),
    (b"PAR1", "is a Parquet file. Save it as CSV: a label and its pixels a row"),
    (b"7z\xbc\xaf", "is a 7-Zip archive. Pack the folders as a zip"),
    (b"Rar!", "is a RAR archive. Pack the folders as a zip"),
    (b"\x89PNG", "is a single picture. Put the pictures of each class in a folder and zip the folders"),
    (b"\xff\xd8\xff", "is a single picture. Put the pictures of each class in a folder and zip the folders"),
)


@dataclass(frozen=True)
class Wanted:
    """What to read out of a file, and who is told.

    Attributes:
        name: what to call it on screen; by default the file's own name.
        limits: by default those of `DatasetLimits.from_environment`.
        most: keep a random sample of at most so many images, in memory for these only; None keeps all.
        seed: of the sample; the same images for the same data, in whatever format.
        balanced: as many of each class as possible, instead of uniformly.
        part: "train" or "test", for files that hold both.
        progress: called with (done, total) now and then, in bytes or images.
        cancelled: asked now and then; reading ends with DatasetCancelled when it says True.
    """

    name: str = ""
    limits: DatasetLimits | None = None
    most: int | None = None
    seed: int = 0
    balanced: bool = False
    part: str = "train"
    progress: Progress | None = None
    cancelled: Cancelled | None = None

    def __post_init__(self) -> None:
        if self.part not in ("train", "test"):
            raise ValueError(f"part must be 'train' or 'test', not {self.part!r}.")
        if self.most is not None and self.most < 1:
            raise ValueError(f"A sample has at least one image, not {self.most}.")

    def request(self, own_name: str) -> Request:
        """The same for the readers of the formats; `own_name` is the file's."""
        name, limits = shown_name(self.name) or own_name, self.limits or DatasetLimits.from_environment()
        watch = Watch(name, limits, self.progress, self.cancelled)
        return Request(name, limits, watch, self.most, self.seed, self.balanced, self.part)


def read_dataset(source: File | Sequence[File], name: str = "", **wanted: Any) -> Dataset:
    """Read a labelled data set from a hostile file.

    CSV rows (plain, gzipped, or alone in a zip), IDX (two files, plain or gzipped, or both in a zip), `.npz`, or a zip
    with a folder of pictures for each class; the content decides which, not the name.

    Args:
        source: a path, a seekable binary file (left open), the bytes, or a list of two of these for IDX.
        name: what to call it on screen; by default the file's own name.
        wanted: the other attributes of `Wanted`.

    Raises:
        DatasetError: the file is not usable, or a limit is met; a sentence that says what to do.
    """
    found = begin_dataset(source, Wanted(name, **wanted))
    return found.finish() if isinstance(found, Unfinished) else found


def begin_dataset(source: File | Sequence[File], wanted: Wanted) -> Dataset | Unfinished:
    """`read_dataset` as far as the file is needed: who holds it in memory lets it go before the images are unpacked."""
    files = list(source) if isinstance(source, Sequence) and not isinstance(source, str | bytes) else [source]
    sources = [_source(file, wanted.name) for file in files]
    request = wanted.request(sources[0].name if sources else "")
    if not sources:
        raise DatasetError("No file was given. Load a CSV, IDX files, an .npz or a zip of pictures.")
    try:
        request.watch.at(0, 1)
        dataset = _read(sources, request)
        request.watch.at(1, 1)
        return dataset
    except DatasetError:
        raise
    except FileNotFoundError as error:
        raise DatasetError(f"{request.called} does not exist.") from error
    except _DAMAGED as error:
        raise DatasetError(
            f"{request.called} could not be read to its end: it is damaged or incomplete. Make or download it again."
        ) from error
    except MemoryError as error:
        raise DatasetError(
            f"{request.called} needs more memory than there is. Take a smaller sample."
        ) from error


def _read(sources: list[Source], request: Request) -> Dataset | Unfinished:
    size = sum(_size(source) for source in sources)
    if size > request.limits.bytes:
        raise DatasetError(
            f"{request.called} has {size / 1e6:,.0f} MB; the limit is {request.limits.bytes / 1e6:,.0f} MB. Load a part of "
            "it, or raise MISREAD_DATASET_BYTES."
        )
    if len(sources) > 1:
        others = [source for source in sources if axes_of(source.head()) is None]
        if others:
            raise DatasetError(
                f"{called(others[0].name)} is not an IDX file. Only IDX images and labels are loaded as two files; anything "
                "else as one."
            )
        return read_idx(sources, request)
    (source,) = sources
    with source.open() as file:
        start = file.read(8)
        if not start:
            raise DatasetError(
                f"{request.called} is empty (0 bytes). Save or download it again, then load it."
            )
        if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _read_zip(file, size, request)
    for signature, what in _FOREIGN:
        if start.startswith(signature):
            raise DatasetError(f"{request.called} {what}, then load that.")
    if axes_of(source.head()) is not None:
        return read_idx(sources, request)
    with source.open() as file:
        if start.startswith(GZIP):
            with gzip.GzipFile(fileobj=file) as unpacked:
                return read_csv(unpacked, 0, request)  # type: ignore[arg-type]
        return read_csv(file, size, request)


def _read_zip(file: BinaryIO, size: int, request: Request) -> Dataset | Unfinished:
    with open_archive(file, size, request) as archive:
        found = members(archive)
        kinds = [Path(entry.filename).suffix.lower() for entry in found]
        if found and all(kind == ".npy" for kind in kinds):
            return read_npz(archive, request)
        if any(kind in EXTENSIONS for kind in kinds):
            return read_folders(archive, request)
        idx = list(_idx_members(archive, found))
        if idx:
            return read_idx(idx, request)
        rows = [entry for entry, kind in zip(found, kinds, strict=True) if kind in (".csv", ".txt", ".tsv")]
        if len(rows) == 1:
            with archive.open(rows[0]) as stream:
                return read_csv(stream, rows[0].file_size, request)  # type: ignore[arg-type]
    if len(rows) > 1:
        raise DatasetError(
            f"{request.called} holds {len(rows):,} CSV files. Load the one that is meant, by itself or in a zip of its own."
        )
    raise DatasetError(
        f"{request.called} holds no pictures (PNG, JPEG, ...), no IDX files, no arrays and no CSV. Zip a folder of pictures "
        "for each class, such as A/1.png and B/1.png."
    )


def _idx_members(archive: zipfile.ZipFile, found: list[zipfile.ZipInfo]) -> Iterator[Source]:
    """The IDX files of a zip. A zip with more than a few files is not one of these."""
    for entry in found[:16]:
        source = Source(shown_name(entry.filename), partial(_opened, archive, entry))
        if axes_of(source.head()) is not None:
            yield source


def _opened(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> BinaryIO:
    return archive.open(entry)  # type: ignore[return-value]


def _source(file: File, name: str) -> Source:
    if isinstance(file, bytes | bytearray):
        return Source(shown_name(name), lambda: io.BytesIO(file))
    if isinstance(file, str | os.PathLike):
        path = Path(file)
        return Source(shown_name(name) or shown_name(path.name), lambda: path.open("rb"))
    own = getattr(file, "name", "")
    return Source(shown_name(own if isinstance(own, str) and own else name), lambda: _rewound(file))


@contextmanager
def _rewound(file: BinaryIO) -> Iterator[BinaryIO]:
    """Somebody else's open file, from its beginning; it stays open."""
    file.seek(0)
    yield file


def _size(source: Source) -> int:
    context: AbstractContextManager[BinaryIO] = source.open()
    with context as file:
        return file.seek(0, io.SEEK_END)
