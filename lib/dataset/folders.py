"""Reads a zip of pictures with one folder for each class, or with a list of labels (see `label_file`)."""

from __future__ import annotations

import zipfile
from pathlib import PurePosixPath

import numpy as np

from lib.dataset.archive import members
from lib.dataset.dataset import Dataset, Encoded, Pictures
from lib.dataset.guards import Complaints, DatasetError, Request
from lib.dataset.label_file import listed_labels
from lib.dataset.labels import clean, in_order
from lib.dataset.sampling import choose
from lib.picture import Limits, Picture, PictureError, decode

EXTENSIONS = frozenset(
    (
        ".png",
        ".jpg",
        ".jpeg",
        ".jpe",
        ".jfif",
        ".webp",
        ".bmp",
        ".dib",
        ".tif",
        ".tiff",
        ".gif",
        ".heic",
        ".heif",
    )
)
_PARTS = {
    "train": ("train", "training"),
    "test": ("test", "testing", "val", "valid", "validation"),
}
_PICTURE_LIMITS = Limits()


def read_folders(archive: zipfile.ZipFile, request: Request) -> Dataset:
    """Read the pictures; the first folder below the common ones names the class, as in Keras's
    `image_dataset_from_directory`.

    Pictures of one size become an array (gray if no picture has colour), others stay `Pictures`. Transparent ones are
    laid on white. A picture that cannot be read is left out and told. Of `train` and `test` folders, the one asked for.

    Raises:
        DatasetError: there is no class folder, no readable picture, or too much to keep.
    """
    paths = [entry for entry in members(archive) if _is_picture(entry.filename)]
    listed = listed_labels(archive, paths, request)
    folders, notes = listed or _class_folders(paths, request)
    inside = [(entry, clean(folder)) for entry, folder in zip(paths, folders, strict=True) if folder]
    if not inside:
        raise DatasetError(
            f"{request.called} has pictures, but none in a class folder. Put the pictures of each class in a folder that "
            "has the class's name, such as A/1.png and B/1.png, and zip these folders."
        )
    if len(inside) < len(paths) and listed is None:
        outside = sum(not folder for folder in folders)
        if outside:
            where = "no class folder of the part that was read" if notes else "no class folder"
            lie = "1 picture that lies" if outside == 1 else f"{outside:,} pictures that lie"
            notes.append(f"{lie} in {where} {'was' if outside == 1 else 'were'} left out.")
    names = sorted({name for _, name in inside})
    if len(names) > request.limits.classes:
        raise DatasetError(
            f"{request.called} has {len(names):,} class folders; the limit is {request.limits.classes:,} "
            "(MISREAD_DATASET_CLASSES)."
        )
    order, class_names = in_order(names, request)
    label_of = dict(zip(names, order.tolist(), strict=True))
    labels = np.array([label_of[name] for _, name in inside], np.int64)
    chosen = choose(labels, request.sample_size(1), request.seed, request.balanced)
    if request.most is None:
        request.check_images(len(chosen), 1)
    reading = _Reading(archive, request)
    kept = [i for done, i in enumerate(chosen) if reading.read(inside[i][0], done, len(chosen))]
    if not kept:
        raise DatasetError(
            f"{request.called} has no picture that can be read. {reading.complaints.first[0]}".strip()
        )
    images = reading.stacked()
    if not isinstance(images, np.ndarray):
        notes.append("The pictures have different sizes: each is resized when the network gets it.")
    return Dataset(
        images,
        labels[kept],
        class_names,
        name=request.name,
        notes=tuple(notes),
        bad_rows=tuple(reading.complaints.first),
        bad_count=reading.complaints.count,
        total=len(inside) if request.most is not None else len(kept),
    )


class _Reading:
    """Decodes one picture after the other and keeps the smaller of its pixels and its file."""

    def __init__(self, archive: zipfile.ZipFile, request: Request) -> None:
        self.complaints = Complaints()
        self._archive, self._request = archive, request
        self._entries: list[Picture | Encoded] = []
        self._sizes: set[tuple[int, int]] = set()
        self._colour = False
        self._bytes = 0

    def read(self, entry: zipfile.ZipInfo, done: int, total: int) -> bool:
        """Whether the picture could be read."""
        self._request.watch.at(done, total)
        path = clean(entry.filename)
        try:
            data = _unpacked(self._archive, entry)
            picture = decode(data, entry.filename)
        except PictureError as error:
            self.complaints.add(f"{path}: {error}")
            return False
        pixels = picture.pixels
        self._sizes.add(picture.size)
        self._colour = self._colour or not _is_gray(pixels)
        kept: Picture | Encoded = picture
        if len(data) < picture.raw.nbytes:
            kept = Encoded(data, picture.name)
        self._bytes += min(len(data), picture.raw.nbytes)
        if self._bytes > self._request.limits.pixels:
            raise DatasetError(
                f"{self._request.called}: its pictures need more than {self._request.limits.pixels / 1e6:,.0f} MB. Load "
                "fewer or smaller ones, or raise MISREAD_DATASET_PIXELS."
            )
        self._entries.append(kept)
        return True

    def stacked(self) -> np.ndarray | Pictures:
        """uint8 (N, H, W) or (N, H, W, 3) if all have one size and fit, else the pictures."""
        pictures = Pictures(self._entries)
        if len(self._sizes) != 1:
            return pictures
        (size,) = self._sizes
        shape = (*size, 3) if self._colour else size
        if len(pictures) * int(np.prod(shape)) > self._request.limits.pixels:
            return pictures
        images = np.empty((len(pictures), *shape), np.uint8)
        for index, picture in enumerate(pictures):
            self._request.watch.at(len(pictures), len(pictures))
            images[index] = picture.pixels if self._colour else picture.pixels[..., 0]
        return images


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    if entry.file_size > _PICTURE_LIMITS.bytes:
        raise PictureError(
            f"the file has {entry.file_size / 1e6:.1f} MB; the limit is {_PICTURE_LIMITS.bytes / 1e6:g} MB a picture."
        )
    try:
        with archive.open(entry) as stream:
            return stream.read(_PICTURE_LIMITS.bytes + 1)
    except (
        Exception
    ) as error:  # zlib.error, BadZipFile, EOFError, OSError, NotImplementedError: the entry is damaged
        raise PictureError("the zip is damaged here.") from error


def _is_picture(path: str) -> bool:
    return PurePosixPath(path).suffix.lower() in EXTENSIONS


def _is_gray(pixels: np.ndarray) -> bool:
    red, green, blue = pixels[..., 0], pixels[..., 1], pixels[..., 2]
    return bool(np.array_equal(red, green) and np.array_equal(green, blue))


def _class_folders(entries: list[zipfile.ZipInfo], request: Request) -> tuple[list[str], list[str]]:
    """Each picture's class folder, "" for one that is not in any or not asked for; and notes."""
    paths = [PurePosixPath(entry.filename).parts for entry in entries]
    while paths and len({path[0] for path in paths}) == 1 and min(map(len, paths)) >= 3:
        paths = [path[1:] for path in paths]
    tops = {path[0].lower() for path in paths if len(path) >= 2}
    known = {name for names in _PARTS.values() for name in names}
    notes: list[str] = []
    if len(tops) > 1 and tops <= known and min(map(len, paths)) >= 3:
        wanted = [name for name in _PARTS[request.part] if name in tops][:1] or sorted(tops)[:1]
        notes.append(f"Only the folder “{wanted[0]}” was read.")
        paths = [path[1:] if path[0].lower() == wanted[0] else () for path in paths]
    return [path[0] if len(path) >= 2 else "" for path in paths], notes
