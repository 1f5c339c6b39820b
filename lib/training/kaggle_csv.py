"""Reads the Kaggle A-Z CSV format: a label and 784 pixels a row, white on black, 372,000 rows.

The text is streamed, so memory holds the pixels (one byte each) and never the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import numpy as np

_PIXELS = 28 * 28
_ROWS_AT_ONCE = 2_000


def read_kaggle_csv(path: Path, classes: int = 26) -> tuple[np.ndarray, np.ndarray]:
    """Read the whole file.

    Args:
        path: text with a row `label,p0,...,p783` per image: whole numbers, label 0 = A, pixels 0..255 in row
            order. The first line may be a header, which is any line of 785 fields that are not all whole
            numbers. Empty lines are skipped.
        classes: labels must be below this.

    Returns:
        images uint8 (N, 28, 28) and labels int64 (N,).

    Raises:
        ValueError: at the first row that is malformed, with its line number; or if there is no row at all.
    """
    images: list[np.ndarray] = []
    labels: list[np.ndarray] = []
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        rows = _rows(file, path)
        while chunk := list(islice(rows, _ROWS_AT_ONCE)):
            block = _parse(chunk, path, classes)
            labels.append(block[:, 0].astype(np.int64))
            images.append(block[:, 1:].astype(np.uint8).reshape(-1, 28, 28))
    if not images:
        raise ValueError(f"{path} has no rows; each row should be a label and {_PIXELS} pixels.")
    return np.concatenate(images), np.concatenate(labels)


def _rows(file: Iterator[str], path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers, from 1, and lines; without empty ones and without a header."""
    for number, line in enumerate(file, 1):
        line = line.strip()
        if not line or (number == 1 and _is_header(line)):
            continue
        yield number, line


def _is_header(line: str) -> bool:
    fields = line.split(",")
    return len(fields) == 1 + _PIXELS and not all(field.strip().isdecimal() for field in fields)


def _parse(chunk: list[tuple[int, str]], path: Path, classes: int) -> np.ndarray:
    """int32 (rows, 785); the fast way first, then line by line to find the one at fault."""
    try:
        block = np.loadtxt([line for _, line in chunk], delimiter=",", dtype=np.int32, ndmin=2, comments=None)
        if block.shape[1] == 1 + _PIXELS and _in_range(block, classes):
            return block
    except ValueError:
        pass
    for number, line in chunk:
        _blame(number, line, path, classes)
    raise ValueError(f"{path}, lines {chunk[0][0]} to {chunk[-1][0]}: numbers could not be read.")


def _in_range(block: np.ndarray, classes: int) -> bool:
    return bool((block >= 0).all() and (block[:, 0] < classes).all() and (block[:, 1:] <= 255).all())


def _blame(number: int, line: str, path: Path, classes: int) -> None:
    """Raise the sentence that explains what is wrong with a line; return if nothing is."""
    where = f"{path}, line {number}"
    fields = line.split(",")
    if len(fields) != 1 + _PIXELS:
        raise ValueError(f"{where}: {len(fields)} fields, but a row is a label and {_PIXELS} pixels (28x28).")
    for position, text in enumerate(fields):
        name = "the label" if position == 0 else f"pixel {position}"
        try:
            value = int(text)
        except ValueError:
            raise ValueError(f"{where}: {name} is {text.strip()!r}, which is not a whole number.") from None
        if position == 0 and not 0 <= value < classes:
            raise ValueError(f"{where}: the label is {value}; it should be 0 (A) to {classes - 1}.")
        if position and not 0 <= value <= 255:
            raise ValueError(f"{where}: {name} is {value}; pixels are 0 to 255.")
