"""Walks through an HDF5 file that nobody trusts and measures its arrays; no number is read.

What is allowed and in which words it is refused is the caller's: `weights_file.py` for weights of known networks,
`own/hdf5.py` for a visitor's model. Importing this brings h5py in.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from typing import Any, Literal

import h5py

Kind = Literal["link", "external link", "type", "too many", "elsewhere", "plug-in"]

# Everything else needs a plug-in, and a plug-in is a program.
_FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32, h5py.h5z.FILTER_LZF}


class Hdf5Problem(ValueError):  # noqa: N818 - the caller makes the error of it
    """Something in the file that is never followed or opened.

    Attributes:
        kind: "link" or "external link" instead of data, a "type" of its own, "too many" objects or levels, an array whose
            numbers lie "elsewhere", or one that needs a "plug-in".
        where: its path in the file.
    """

    def __init__(self, kind: Kind, where: str) -> None:
        super().__init__(f"{kind} at {where!r:.60}")
        self.kind, self.where = kind, where


def objects(
    start: h5py.Group, most: int, deepest: int, skipped: Collection[str] = ()
) -> Iterator[tuple[str, Any]]:
    """The group, and all groups and arrays in it with their paths in the file's order: each once, however many names it has.

    Args:
        most: objects altogether.
        deepest: levels below `start`.
        skipped: names of what is left out wherever it lies.

    Raises:
        Hdf5Problem: "link", "external link", "type" or "too many".
    """
    waiting: list[tuple[str, Any, int]] = [("/", start, 0)]
    seen: set[tuple[int, int]] = set()
    while waiting:
        where, item, depth = waiting.pop()
        info = h5py.h5o.get_info(item.id)
        if (info.fileno, info.addr) in seen:
            continue
        seen.add((info.fileno, info.addr))
        if len(seen) > most or depth > deepest:
            raise Hdf5Problem("too many", where)
        yield where, item
        if isinstance(item, h5py.Group):
            inside = [(f"{where.rstrip('/')}/{key}", key) for key in item]
            children = [
                (path, child(item, key, path), depth + 1) for path, key in inside if key not in skipped
            ]
            waiting.extend(reversed(children))


def child(group: h5py.Group, key: str, where: str) -> Any:
    """A group or an array that lies in this file itself.

    Raises:
        Hdf5Problem: "link", "external link" or "type".
    """
    link = group.get(key, getlink=True)
    if not isinstance(link, h5py.HardLink):
        raise Hdf5Problem("external link" if isinstance(link, h5py.ExternalLink) else "link", where)
    found = group[key]
    if not isinstance(found, h5py.Group | h5py.Dataset):
        raise Hdf5Problem("type", where)
    return found


def declared_and_stored(array: h5py.Dataset, where: str) -> tuple[int, int]:
    """How many bytes an array takes when it is read, and how many the file holds of it.

    Raises:
        Hdf5Problem: "elsewhere" or "plug-in".
    """
    if array.is_virtual or array.external:
        raise Hdf5Problem("elsewhere", where)
    creation = array.id.get_create_plist()
    if not {creation.get_filter(index)[0] for index in range(creation.get_nfilters())} <= _FILTERS:
        raise Hdf5Problem("plug-in", where)
    numbers = 0 if array.shape is None else math.prod(array.shape)
    return numbers * array.dtype.itemsize, array.id.get_storage_size()
