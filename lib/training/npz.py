"""Reads the npz files of training data; what their arrays mean lives with each network's data."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def read_npz(path: Path, reader: Callable[[np.lib.npyio.NpzFile], T]) -> T:
    """What `reader` makes of the file's arrays; nothing in it is unpickled.

    Raises:
        ValueError: an array is missing, or it is no npz file; the message names the file.
    """
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return reader(arrays)
    except KeyError as error:
        raise ValueError(f"{path} lacks an array: {error.args[0]}.") from None
    except (zipfile.BadZipFile, EOFError, ValueError) as error:
        raise ValueError(f"{path} is not a usable npz file: {error}.") from None
