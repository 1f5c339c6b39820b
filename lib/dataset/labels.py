"""Labels as people write them (numbers, letters, names) made into indices with class names."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import numpy as np

from lib.dataset.guards import DatasetError, Request

_LONGEST = 60


def clean(text: str) -> str:
    """A class name for the screen: no control characters, one space at a time, at most 60 characters."""
    if not text.isascii() or not text.isprintable():
        text = "".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in text[:1000])
    return " ".join(text.split())[:_LONGEST]


def plain(text: str) -> str:
    """One label's class name. Whole numbers lose leading zeros and a ".0".

    Raises:
        ValueError: with the reason, without a full stop.
    """
    name = clean(text.strip().strip("\"'"))
    if not name:
        raise ValueError("the label is empty")
    try:
        value = float(name) if "_" not in name else None
    except ValueError:
        return name
    if value is None:
        return name
    if not np.isfinite(value) or value != int(value):
        raise ValueError(f"the label is {name}, which is neither a whole number nor a name")
    if value < 0:
        raise ValueError(f"the label is {name}; labels start at 0")
    return str(int(value))


class Codes:
    """Gives every class a code when it first appears; `finish` puts the classes in order."""

    def __init__(self, request: Request) -> None:
        self._request = request
        self._by_text: dict[str | bytes, int] = {}
        self._by_name: dict[str, int] = {}

    def code(self, text: str | bytes) -> int:
        """The code of a label as it stands in the file.

        Raises:
            ValueError: it is none, with the reason.
            DatasetError: there are more classes than the limit.
        """
        known = self._by_text.get(text)
        if known is not None:
            return known
        name = plain(text.decode("utf-8", "replace") if isinstance(text, bytes) else text)
        code = self._by_name.setdefault(name, len(self._by_name))
        if len(self._by_name) > self._request.limits.classes:
            raise DatasetError(
                f"{self._request.called} has more than {self._request.limits.classes:,} different labels. Is the first "
                "column really the label, and not a row number or a pixel? (MISREAD_DATASET_CLASSES is the limit.)"
            )
        # Many spellings of few names must not fill the memory either.
        if len(self._by_text) < 10_000:
            self._by_text[text] = code
        return code

    def finish(self, codes: np.ndarray) -> tuple[np.ndarray, tuple[str, ...]]:
        """Labels int64 (N,) and class names, see `Dataset`."""
        names = list(self._by_name)
        order, class_names = in_order(names, self._request)
        return order[codes] if len(codes) else codes.astype(np.int64), class_names


def in_order(names: Sequence[str], request: Request) -> tuple[np.ndarray, tuple[str, ...]]:
    """Each name's label, int64 (names,), and the class names that these labels index."""
    if all(name.isascii() and name.isdigit() for name in names):
        numbers = [int(name) for name in names]
        if max(numbers, default=0) < request.limits.classes:
            return np.array(numbers, np.int64), tuple(str(n) for n in range(max(numbers, default=-1) + 1))
        names_sorted = sorted(names, key=lambda name: (int(name), name))
    else:
        names_sorted = sorted(names)
    place = {name: index for index, name in enumerate(names_sorted)}
    return np.array([place[name] for name in names], np.int64), tuple(names_sorted)


def from_array(values: np.ndarray, request: Request) -> tuple[np.ndarray, tuple[str, ...]]:
    """Labels and class names of an array: (N,) or (N, 1) numbers or texts, or (N, K) one-hot rows.

    Raises:
        DatasetError: it is none of these.
    """
    if values.ndim == 2 and values.shape[1] > 1 and values.dtype.kind in "buif":
        one = (values == 1).sum(1) == 1
        if not (one & ((values == 0).sum(1) == values.shape[1] - 1)).all():
            raise DatasetError(
                f"{request.called}: labels of shape {values.shape} must be one-hot rows, a single 1 among zeros."
            )
        values = values.argmax(1)
    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    if values.ndim != 1 or values.dtype.kind not in "buifUS":
        raise DatasetError(
            f"{request.called}: labels must be one number or name per image, shape (N,), not {values.dtype} "
            f"{values.shape}."
        )
    distinct, codes = np.unique(values, return_inverse=True)
    if len(distinct) > request.limits.classes:
        raise DatasetError(
            f"{request.called} has {len(distinct):,} different labels; the limit is {request.limits.classes:,}. "
            "Are these really the labels? (MISREAD_DATASET_CLASSES is the limit.)"
        )
    table = Codes(request)
    try:
        by_value = np.array([table.code(_text(value)) for value in distinct], np.int64)
    except DatasetError:
        raise
    except ValueError as error:
        raise DatasetError(f"{request.called}: {error}.") from None
    return table.finish(by_value[codes.reshape(-1)] if len(codes) else codes.astype(np.int64))


def _text(value: object) -> str | bytes:
    return bytes(value) if isinstance(value, bytes) else str(value)
