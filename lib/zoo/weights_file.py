"""What lies in an HDF5 file of weights, read without trusting it: shapes and sizes first, numbers never.

Both of Keras's layouts are known: "keras 3" (`.weights.h5`, groups `layers/<class>/vars/0`) and "legacy" (`.h5`, the names
of the layers in an attribute). Nothing here imports Keras; nothing here reads a number out of the file.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import h5py

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MOST_NODES, _MOST_DEPTH = 20_000, 16
# Weights hardly shrink when they are packed; an array that was never written shrinks to nothing.
_MOST_EXPANSION, _SMALL = 50, 4096
_NOT_WEIGHTS = {"optimizer", "optimizer_weights", "seed_generator", "metrics"}


class WeightsError(ValueError):
    """Weights that cannot be used; the message names the file, what is wrong with it and what to do."""


@dataclass(frozen=True)
class WeightsFile:
    """A weights file that was looked through.

    Attributes:
        layout: "keras 3" or "legacy".
        shapes: of every array of weights, in the file's order; optimizer and random seeds left out.
    """

    path: Path
    layout: str
    shapes: tuple[tuple[int, ...], ...]

    @property
    def parameters(self) -> int:
        """How many numbers the arrays hold together."""
        return sum(math.prod(shape) for shape in self.shapes)

    def holds(self, shapes: list[tuple[int, ...]]) -> bool:
        """Whether these are the file's arrays, in any order."""
        return Counter(self.shapes) == Counter(shapes)


def look_through(path: Path, most_bytes: int) -> WeightsFile:
    """Reads what the file declares.

    Args:
        most_bytes: how large the file and all its arrays together may be.

    Raises:
        WeightsError: the file is missing, is no HDF5 file, is cut off, points outside of itself, or is too large.
    """
    import h5py

    size = _size(path)
    if size > most_bytes:
        raise WeightsError(
            f"{path.name} has {megabytes(size)}; for this network at most {megabytes(most_bytes)} are read. It is a file "
            "of another network."
        )
    try:
        with h5py.File(path, "r") as file:
            legacy = _legacy_group(file)
            shapes = tuple(_shapes(file if legacy is None else legacy, path.name, most_bytes))
    except WeightsError:
        raise
    except (
        Exception
    ) as error:  # h5py raises OSError, KeyError, RuntimeError, ValueError ... for damaged files
        raise WeightsError(
            f"{path.name} is damaged or was cut off ({_first_line(error)}): download it again."
        ) from error
    if not shapes:
        raise WeightsError(f"{path.name} is an HDF5 file, but holds no weights.")
    return WeightsFile(path, "keras 3" if legacy is None else "legacy", shapes)


def _size(path: Path) -> int:
    """The file's length in bytes, if it begins like an HDF5 file."""
    try:
        with path.open("rb") as file:
            begin = file.read(len(_SIGNATURE))
        size = path.stat().st_size
    except OSError as error:
        raise WeightsError(f"{path} could not be read: {error.strerror or error}.") from error
    if begin != _SIGNATURE:
        raise WeightsError(
            f"{path.name} is no HDF5 file of weights: it must be what Keras saves as .weights.h5 or .h5."
        )
    return size


def _legacy_group(file: h5py.File) -> Any:
    """Where a legacy file keeps its layers: at the top, or beside the configuration of a whole model; else None."""
    if "layer_names" in file.attrs:
        return file
    if "model_weights" in file:
        _own_link(file, "model_weights", "model_weights")
        return file["model_weights"]
    return None


def _shapes(group: Any, name: str, most_bytes: int) -> Iterator[tuple[int, ...]]:
    """The shape of every array of weights; raises as soon as one of them or all together cannot be."""
    nodes = declared = 0
    waiting = [(group, 0)]
    while waiting:
        here, depth = waiting.pop()
        for key in here:
            nodes += 1
            if nodes > _MOST_NODES or depth > _MOST_DEPTH:
                raise WeightsError(
                    f"{name} is built of more groups than any file of weights: it is not used."
                )
            _own_link(here, key, name)
            item = here[key]
            if not hasattr(item, "dtype"):
                if key not in _NOT_WEIGHTS:
                    waiting.append((item, depth + 1))
                continue
            declared += _array_bytes(item, name)
            if declared > most_bytes:
                raise WeightsError(
                    f"{name} declares arrays of more than {megabytes(most_bytes)}: it is not used, since no file of "
                    "weights for this network is as large."
                )
            yield tuple(item.shape)


def _own_link(group: Any, key: str, name: str) -> None:
    """Refuses an entry that leads to another place or another file."""
    import h5py

    if not isinstance(group.get(key, getlink=True), h5py.HardLink):
        raise WeightsError(f"{name} points to other places or files ({key!r:.60}): it is not used.")


def _array_bytes(array: Any, name: str) -> int:
    """The size in memory of one array, which must be plain numbers that lie in the file itself."""
    import h5py

    if array.is_virtual or array.external:
        raise WeightsError(f"{name} takes numbers from other files ({array.name!r:.60}): it is not used.")
    if array.dtype.kind not in "fiub" or array.shape is None:
        raise WeightsError(f"{name} holds something other than numbers ({array.name!r:.60}): it is not used.")
    creation = array.id.get_create_plist()
    filters = {creation.get_filter(index)[0] for index in range(creation.get_nfilters())}
    if not filters <= {
        h5py.h5z.FILTER_DEFLATE,
        h5py.h5z.FILTER_SHUFFLE,
        h5py.h5z.FILTER_FLETCHER32,
        h5py.h5z.FILTER_LZF,
    }:
        raise WeightsError(
            f"{name} is packed in a way that needs a plug-in ({array.name!r:.60}): it is not used."
        )
    size = math.prod(array.shape) * array.dtype.itemsize
    if size > _MOST_EXPANSION * max(array.id.get_storage_size(), _SMALL):
        raise WeightsError(
            f"{name} declares far more numbers than it holds ({array.name!r:.60}): it is not used."
        )
    return size


def megabytes(count: int) -> str:
    """Bytes for people: "14.5 MB"."""
    return f"{count / 1e6:.1f} MB"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__
