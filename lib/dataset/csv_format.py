"""How a CSV of labelled images is written: delimiter, columns, header, place of the label, scale; and one row of it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

import numpy as np

from lib.dataset.guards import DatasetError, Request

_LOOKED_AT = 50
_LABEL_NAMES = frozenset({"label", "labels", "class", "target", "y", "category", "letter", "digit"})
# numpy gives every field of a row the room of the longest one.
_LONGEST_NUMBER = 40
_PLAIN = re.compile(rb"[0-9+\-.eE]*")


@dataclass(frozen=True)
class Format:
    """How the rows are written.

    Attributes:
        delimiter: one byte.
        columns: of a row, the label among them.
        label_column: 0 or -1.
        shape: (H, W) or (H, W, 3).
        unit: whether pixels are fractions 0..1.
        notes: sentences on what was found out.
    """

    delimiter: bytes
    columns: int
    label_column: int
    shape: tuple[int, ...]
    unit: bool
    notes: tuple[str, ...]

    def without_label(self, grid: np.ndarray) -> np.ndarray:
        """The pixels' columns of an array (rows, columns)."""
        return grid[:, 1:] if self.label_column == 0 else grid[:, :-1]

    def row(self, line: bytes) -> tuple[bytes, np.ndarray]:
        """The label as it stands there, and uint8 (pixels,).

        Raises:
            ValueError: the row is not usable; the reason, without a full stop.
        """
        found = line.count(self.delimiter) + 1
        if found != self.columns:
            raise ValueError(f"{found:,} values, but a row is a label and {self.columns - 1:,} pixels")
        fields = line.replace(b'"', b"").split(self.delimiter)
        label = fields.pop(self.label_column)
        try:
            # Only digits and what stands in numbers: float() would also take "1_000" and "infinity".
            if (
                not _PLAIN.fullmatch(b"".join(fields).replace(b" ", b""))
                or max(map(len, fields)) > _LONGEST_NUMBER
            ):
                raise ValueError
            values = np.array(fields, dtype="S").astype(np.float64)
        except ValueError:
            raise ValueError(_first_wrong(fields)) from None
        limit = 1 if self.unit else 255
        wrong = ~((values >= 0) & (values <= limit))
        if not self.unit:
            wrong |= values != np.rint(values)
        if wrong.any():
            place = int(wrong.argmax())
            whole = (
                "a number from 0 to 1 as in the other rows" if self.unit else "a whole number from 0 to 255"
            )
            raise ValueError(f"pixel {place + 1:,} is {_shown(fields[place])}, which is not {whole}")
        return label, np.rint(values * (255 if self.unit else 1)).astype(np.uint8)


def find_format(block: bytes, request: Request) -> tuple[Format, int]:
    """The format of a file that begins with `block`, and how many lines to skip before the first row.

    Raises:
        DatasetError: no number of columns makes an image.
    """
    text = block.lstrip(b"\n")
    skipped = len(block) - len(text)
    text = text[: request.limits.row * 2].replace(b'"', b"")
    lines = [line for line in text.split(b"\n", _LOOKED_AT)[:_LOOKED_AT] if line.strip()]
    if not lines:
        raise DatasetError(f"{request.called} has no rows; each should be a label and its pixels.")
    delimiter = max((b",", b";", b"\t"), key=lambda sign: max(line.count(sign) for line in lines))
    widths = [line.count(delimiter) + 1 for line in lines]
    usable = [width for width in widths if image_shape(width - 1) is not None]
    if not usable:
        raise DatasetError(_no_image(lines, widths, request))
    columns = max(sorted(set(usable)), key=usable.count)
    shape = image_shape(columns - 1)
    assert shape is not None
    rows = [line.split(delimiter) for line, width in zip(lines, widths, strict=True) if width == columns]
    # A title line in front of the header is no row either, but is told as one that does not fit.
    header = widths[0] == columns and _is_header(rows)
    notes = []
    label_column = 0
    if header:
        names = [field.decode("utf-8", "replace").strip().lower() for field in (rows[0][0], rows[0][-1])]
        if names[1] in _LABEL_NAMES and names[0] not in _LABEL_NAMES:
            label_column = -1
            notes.append("The label was taken from the last column, as the header says.")
        rows = rows[1:]
    if len(shape) == 3:
        notes.append(
            f"{columns - 1:,} pixels a row were read as {shape[0]} x {shape[1]} in colour: red, green and blue of each "
            "pixel one after the other."
        )
    unit = _is_unit([row[1:] if label_column == 0 else row[:-1] for row in rows])
    if unit:
        notes.append("The pixels are fractions from 0 to 1: they were taken times 255.")
    return Format(delimiter, columns, label_column, shape, unit, tuple(notes)), skipped + int(header)


def image_shape(values: int) -> tuple[int, ...] | None:
    """(N, N) or (N, N, 3) for a number of values that makes a square image of at least two pixels a side."""
    side = math.isqrt(values) if values > 0 else 0
    if side >= 2 and side * side == values:
        return (side, side)
    side = math.isqrt(values // 3) if values > 0 else 0
    return (side, side, 3) if side >= 2 and side * side * 3 == values else None


def _is_header(rows: list[list[bytes]]) -> bool:
    """Whether the first row names the columns.

    pandas makes a header of the first row of a file that has none, and numbers what occurs twice: 0, 0.1, 0.2, ...
    """
    first = rows[0][1:-1]
    if not all(_is_number(field) for field in first):
        # One broken field is a broken row, not a header.
        return sum(_is_number(field) for field in first) <= len(first) / 2
    fractions = any(b"." in field for field in first)
    return fractions and len(set(first)) == len(first) and len(rows) > 1 and b"." not in b"".join(rows[1])


def _is_unit(rows: list[list[bytes]]) -> bool:
    """Whether pixels are fractions of one: in most rows, so that a broken one does not decide."""
    numbers = [[float(field) for field in row if _is_number(field)] for row in rows]
    within = [row for row in numbers if all(0 <= x <= 1 for x in row)]
    return 2 * len(within) > len(rows) and any(x != int(x) for row in within for x in row)


def _is_number(field: bytes) -> bool:
    field = field.strip()
    if not field or not _PLAIN.fullmatch(field):
        return False
    try:
        return math.isfinite(float(field))
    except ValueError:
        return False


def _first_wrong(fields: list[bytes]) -> str:
    for place, field in enumerate(fields, 1):
        if not _is_number(field) or len(field) > _LONGEST_NUMBER:
            return f"pixel {place:,} is {_shown(field)}, which is not a number"
    return "its numbers could not be read"


def _shown(field: bytes) -> str:
    text = field.decode("utf-8", "replace").strip()
    text = "".join(sign if sign.isprintable() else " " for sign in text[:20])
    return text if text.strip() else "empty"


def _no_image(lines: list[bytes], widths: list[int], request: Request) -> str:
    width = max(sorted(set(widths)), key=widths.count)
    if width == 1:
        return (
            f"{request.called} is text, but its lines are not values between commas. Load CSV rows: a label and its "
            "pixels, such as 785 values for 28 x 28."
        )
    advice = ""
    if image_shape(width - 2) is not None:
        advice = " If the first column is a row number (pandas' index), save the file without it."
    elif image_shape(width) is not None:
        advice = " The label seems to be missing: it belongs in the first column."
    return (
        f"{request.called} has {width:,} values a row; after the label, {width - 1:,} pixels are left, which is not a "
        f"square image (784 is 28 x 28, 3,072 is 32 x 32 in colour).{advice}"
    )
