"""Reads files of named arrays that carry the number of their format. Which arrays, is the business of the callers."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np


def read_arrays(path: str | Path, names: Iterable[str], version: int, called: str) -> dict[str, np.ndarray]:
    """The arrays of an npz file that was written with `format=version`, and holds these names and no others.

    Args:
        called: what the file should be, with its article, for the message.

    Raises:
        FileNotFoundError: if the file does not exist.
        ValueError: if it is another one.
    """
    with np.load(path, allow_pickle=False) as file:
        arrays = {key: file[key] for key in file.files}
    if int(arrays.pop("format", 0)) != version or set(arrays) != set(names):
        raise ValueError(f"{path} is not {called} of format {version}.")
    return arrays
