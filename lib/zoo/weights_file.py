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

    from lib.zoo.hdf5_walk import Hdf5Problem

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

    from lib.zoo.hdf5_walk import Hdf5Problem

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
    except Hdf5Problem as problem:
        raise _refusal(problem, path.name) from None
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
    from lib.zoo.hdf5_walk import child

    if "layer_names" in file.attrs:
        return file
    return child(file, "model_weights", "/model_weights") if "model_weights" in file else None


def _shapes(group: Any, name: str, most_bytes: int) -> Iterator[tuple[int, ...]]:
    """The shape of every array of weights; raises as soon as one of them or all together cannot be."""
    import h5py

    from lib.zoo.hdf5_walk import objects

    declared = 0
    for where, item in objects(group, _MOST_NODES, _MOST_DEPTH, _NOT_WEIGHTS):
        if not isinstance(item, h5py.Dataset):
            continue
        declared += _array_bytes(item, where, name)
        if declared > most_bytes:
            raise WeightsError(
                f"{name} declares arrays of more than {megabytes(most_bytes)}: it is not used, since no file of "
                "weights for this network is as large."
            )
        yield tuple(item.shape)


def _array_bytes(array: Any, where: str, name: str) -> int:
    """The size in memory of one array, which must be plain numbers that lie in the file itself."""
    from lib.zoo.hdf5_walk import declared_and_stored

    declared, stored = declared_and_stored(array, where)
    if array.dtype.kind not in "fiub" or array.shape is None:
        raise WeightsError(f"{name} holds something other than numbers ({where!r:.60}): it is not used.")
    if declared > _MOST_EXPANSION * max(stored, _SMALL):
        raise WeightsError(f"{name} declares far more numbers than it holds ({where!r:.60}): it is not used.")
    return declared


def _refusal(problem: Hdf5Problem, name: str) -> WeightsError:
    what = {
        "link": "points to other places or files",
        "external link": "points to other places or files",
        "type": "holds something other than numbers",
        "too many": "is built of more groups than any file of weights",
        "elsewhere": "takes numbers from other files",
        "plug-in": "is packed in a way that needs a plug-in",
    }[problem.kind]
    return WeightsError(f"{name} {what} ({problem.where!r:.60}): it is not used.")


def megabytes(count: int) -> str:
    """Bytes for people: "14.5 MB"."""
    return f"{count / 1e6:.1f} MB"


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__
