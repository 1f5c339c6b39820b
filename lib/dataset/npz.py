"""Reads an `.npz` with an array of images and one of labels, image by image, and never a pickled object.

`numpy.load` would allocate whatever size a header declares; here headers are read first and arrays as streams.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from typing import IO

import numpy as np

from lib.dataset.archive import members
from lib.dataset.dataset import Dataset
from lib.dataset.guards import Complaints, DatasetError, Request
from lib.dataset.labels import clean, from_array
from lib.dataset.levels import ImageLayout, Scale, image_layout, scale_of
from lib.dataset.sampling import choose

_IMAGES = ("images", "image", "x", "data", "features", "pixels", "arr_0")
_LABELS = ("labels", "label", "y", "target", "targets", "classes", "arr_1")
_NAMES = ("class_names", "names", "target_names", "label_names", "classes")
_PARTS = {"train": ("train", "training"), "test": ("test", "testing", "val", "valid", "validation")}
_BLOCK = 1 << 20  # numbers, which take some forty bytes each while they are converted
_KINDS = "buif"


@dataclass(frozen=True)
class _Array:
    """An array's header. `entry` is where its numbers are."""

    entry: zipfile.ZipInfo
    key: str
    shape: tuple[int, ...]
    fortran: bool
    dtype: np.dtype

    @property
    def nbytes(self) -> int:
        total = self.dtype.itemsize
        for length in self.shape:
            total *= length
        return total


def read_npz(archive: zipfile.ZipFile, request: Request) -> Dataset:
    """Read `images`/`labels`, `x_train`/`y_train`, `X`/`y`, `data`/`target` or the one pair that fits.

    Images may be (N, H, W), (N, H, W, 1 | 3), channels first, or rows of pixels; uint8 0..255, other numbers in 0..255,
    fractions in 0..1 or -1..1, or booleans. Labels are numbers, texts or one-hot rows; `class_names` may name them. An
    image with a value outside of the others' range is left out and told.

    Raises:
        DatasetError: there is no such pair, an array holds Python objects, or declares more than a limit.
    """
    arrays = {array.key: array for array in (_header(archive, entry, request) for entry in members(archive))}
    images, labels, notes = _pair(arrays, request)
    layout = image_layout(images.shape, request)
    if layout.note:
        notes.append(layout.note)
    values, class_names = from_array(_whole(archive, labels, request), request)
    class_names = _named(archive, arrays, labels, class_names, request)
    most = request.sample_size(layout.values)
    if most is None:
        request.check_images(len(values), layout.values)
    chosen = choose(values, most, request.seed, request.balanced)
    pixels, scale, bad = _pixels(archive, images, layout, chosen, request)
    good = np.ones(len(chosen), bool)
    complaints = Complaints()
    for row, reason in bad:
        good[row] = False
        complaints.add(f"Image {chosen[row]:,}: {reason}.")
    if not good.any():
        raise DatasetError(
            f"{request.called} has no image that can be read. {''.join(complaints.first[:1])}".strip()
        )
    if scale.note:
        notes.append(scale.note)
    if not good.all():
        pixels = pixels[good]
    if pixels.max() == 1:
        np.multiply(pixels, 255, out=pixels)
        notes.append("All pixels are 0 or 1: they were taken times 255.")
    return Dataset(
        pixels,
        values[chosen[good]],
        class_names,
        name=request.name,
        notes=tuple(notes),
        bad_rows=tuple(complaints.first),
        bad_count=complaints.count,
        total=len(values) - complaints.count,
    )


def _header(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, request: Request) -> _Array:
    """What the array declares; nothing of it is allocated."""
    key = clean(entry.filename.removesuffix(".npy"))
    try:
        with archive.open(entry) as stream:
            shape, fortran, dtype = _read_header(stream)
    except DatasetError:
        raise
    # A header is a Python literal: whatever is wrong with it, the file is not one that numpy wrote.
    except Exception as error:
        raise DatasetError(
            f"{request.called}: “{key}” is not a numpy array that can be read. Save the file again with "
            "numpy.savez(path, images=..., labels=...)."
        ) from error
    if dtype.hasobject:
        raise DatasetError(
            f"{request.called}: “{key}” holds Python objects (a pickle), which could run a program and is never opened. "
            "Save plain numbers: numpy.array(..., dtype='uint8')."
        )
    array = _Array(entry, key, shape, fortran, dtype)
    if min(shape, default=0) < 0 or array.nbytes > entry.file_size:
        raise DatasetError(
            f"{request.called}: “{key}” declares the shape {shape!r:.80}, which is more than the file holds. It is damaged "
            "or incomplete; save it again."
        )
    return array


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype]:
    version = np.lib.format.read_magic(stream)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(stream)
    return np.lib.format.read_array_header_2_0(stream)


def _pair(arrays: dict[str, _Array], request: Request) -> tuple[_Array, _Array, list[str]]:
    """The images, the labels, and notes on what else was there."""
    by_key = {key.lower(): array for key, array in arrays.items()}
    other = "test" if request.part == "train" else "train"
    for part in (request.part, "", other):
        images, labels = _find(by_key, _IMAGES, part), _find(by_key, _LABELS, part)
        if images and labels and _fits(images, labels):
            notes = []
            if part and _find(by_key, _IMAGES, other if part == request.part else request.part):
                notes.append(
                    f"“{images.key}” and “{labels.key}” were read; the file has other parts as well."
                )
            return images, labels, notes
    pairs = [
        (images, labels)
        for images in arrays.values()
        for labels in arrays.values()
        if images.key != labels.key and len(images.shape) >= 2 and _fits(images, labels)
    ]
    if len(pairs) == 1:
        images, labels = pairs[0]
        return images, labels, [f"“{images.key}” was taken for the images and “{labels.key}” for the labels."]
    found = ", ".join(f"{array.key} {array.shape}" for array in list(arrays.values())[:8]) or "nothing"
    raise DatasetError(
        f"{request.called} must hold images and labels of the same length, for example under the names images and labels "
        f"or x_train and y_train. It holds {found:.300}."
    )


def _find(by_key: dict[str, _Array], names: tuple[str, ...], part: str) -> _Array | None:
    for name in names:
        for key in (
            [f"{name}_{word}" for word in _PARTS[part]] + [f"{word}_{name}" for word in _PARTS[part]]
            if part
            else [name]
        ):
            if key in by_key:
                return by_key[key]
    return None


def _fits(images: _Array, labels: _Array) -> bool:
    """Whether these can be images and their labels."""
    a_label_each = len(labels.shape) == 1 or (len(labels.shape) == 2 and labels.dtype.kind in _KINDS)
    return (
        images.dtype.kind in _KINDS
        and len(images.shape) >= 2
        and a_label_each
        and labels.dtype.kind in _KINDS + "US"
        and images.shape[0] == labels.shape[0]
        and images.shape[0] > 0
        and len(images.shape) >= len(labels.shape)
        and labels.nbytes <= images.nbytes + 1_000_000
    )


def _whole(archive: zipfile.ZipFile, array: _Array, request: Request) -> np.ndarray:
    """A small array."""
    if array.nbytes > request.limits.pixels:
        raise DatasetError(
            f"{request.called}: “{array.key}” declares {array.nbytes / 1e6:,.0f} MB; the limit is "
            f"{request.limits.pixels / 1e6:,.0f} MB (MISREAD_DATASET_PIXELS)."
        )
    with archive.open(array.entry) as stream:
        _read_header(stream)
        flat = np.frombuffer(_exactly(stream, array.nbytes, array, request), array.dtype)
    return flat.reshape(array.shape, order="F" if array.fortran else "C")


def _named(
    archive: zipfile.ZipFile,
    arrays: dict[str, _Array],
    labels: _Array,
    class_names: tuple[str, ...],
    request: Request,
) -> tuple[str, ...]:
    """The class names that the file gives for labels that are numbers, else those that follow from the labels."""
    for key in _NAMES:
        array = arrays.get(key)
        if array is None or array is labels or len(array.shape) != 1 or array.dtype.kind not in "US":
            continue
        numbered = class_names == tuple(str(n) for n in range(len(class_names)))
        if numbered and len(class_names) <= array.shape[0] <= request.limits.classes:
            names = _whole(archive, array, request)
            return tuple(
                clean(name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)) or str(index)
                for index, name in enumerate(names)
            )
    return class_names


def _pixels(
    archive: zipfile.ZipFile, array: _Array, layout: ImageLayout, chosen: np.ndarray, request: Request
) -> tuple[np.ndarray, Scale, list[tuple[int, str]]]:
    """uint8 images of the chosen rows, what their numbers meant, and (place, reason) of those without a meaning."""
    if array.fortran and array.shape[1:] != (1,) * (len(array.shape) - 1):
        return _pixels_by_column(_whole(archive, array, request), layout, chosen, request)
    result = np.empty((len(chosen), *layout.shape), np.uint8)
    row_bytes = array.nbytes // array.shape[0]
    at_once = _rows_at_once(layout)
    scale: Scale | None = None
    bad = []
    with archive.open(array.entry) as stream:
        _read_header(stream)
        for first in range(0, array.shape[0], at_once):
            request.watch.at(first, array.shape[0])
            count = min(at_once, array.shape[0] - first)
            data = _exactly(stream, count * row_bytes, array, request)
            block = np.frombuffer(data, array.dtype).reshape(count, *array.shape[1:])
            scale = scale or scale_of(block)
            low, high = np.searchsorted(chosen, (first, first + count))
            images, wrong = scale.levels(layout.images(block[chosen[low:high] - first]))
            result[low:high] = images
            bad += [(int(low) + row, reason) for row, reason in wrong]
    return result, scale or Scale(), bad


def _pixels_by_column(
    whole: np.ndarray, layout: ImageLayout, chosen: np.ndarray, request: Request
) -> tuple[np.ndarray, Scale, list[tuple[int, str]]]:
    """The same of an array in Fortran's order, whose rows lie apart: it is read whole, and converted some rows at a time."""
    result = np.empty((len(chosen), *layout.shape), np.uint8)
    at_once = _rows_at_once(layout)
    scale = scale_of(whole[:1000])
    bad = []
    for first in range(0, len(chosen), at_once):
        request.watch.at(first, len(chosen))
        images, wrong = scale.levels(layout.images(whole[chosen[first : first + at_once]]))
        result[first : first + at_once] = images
        bad += [(first + row, reason) for row, reason in wrong]
    return result, scale, bad


def _rows_at_once(layout: ImageLayout) -> int:
    return max(1, _BLOCK // layout.values)


def _exactly(stream: IO[bytes], count: int, array: _Array, request: Request) -> bytes:
    data = stream.read(count)
    if len(data) != count:
        raise DatasetError(
            f"{request.called}: “{array.key}” ends before the shape {array.shape} that it declares. The file is damaged or "
            "incomplete; save it again."
        )
    return data
