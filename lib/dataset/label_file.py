"""Labels of a zip's pictures out of a list in the zip, as Keras's `flow_from_dataframe` takes them: file name and class.

Which pictures there are, and reading them, lives in `folders`.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from lib.dataset.archive import members
from lib.dataset.guards import DatasetError, Request
from lib.dataset.labels import clean

_LISTS = (".csv", ".tsv", ".txt")
_LARGEST = 64_000_000
_FILE_NAMES = frozenset({"filename", "file", "image", "path", "id", "name", "image_id", "filepath", "img"})
_LABEL_NAMES = frozenset({"label", "labels", "class", "target", "y", "category", "letter", "digit"})


def listed_labels(
    archive: zipfile.ZipFile, pictures: list[zipfile.ZipInfo], request: Request
) -> tuple[list[str], list[str]] | None:
    """Each picture's label ("" for one that is not listed), and notes; None without a list of at least half of them.

    The list is a `.csv`, `.tsv` or `.txt` of one file name and one label a row, with or without a header; names may lack
    folder or extension. Where labels are numbers, a `class_indices.json` ({"cat": 0, ...} or ["cat", ...]) names them.

    Raises:
        DatasetError: the list is not text, or too large.
    """
    for entry in members(archive):
        if PurePosixPath(entry.filename).suffix.lower() not in _LISTS:
            continue
        known = dict(_rows(_text(archive, entry, request)))
        labels = [_found(known, picture.filename) for picture in pictures]
        there = sum(bool(label) for label in labels)
        if there and 2 * there >= len(pictures):
            notes = [f"The labels were read from “{clean(entry.filename)}”."]
            if there < len(pictures):
                notes.append(f"{len(pictures) - there:,} pictures that it does not list were left out.")
            return _named(archive, labels, notes, request), notes
    return None


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, request: Request) -> str:
    if entry.file_size > _LARGEST:
        raise DatasetError(
            f"{request.called} holds “{clean(entry.filename)}” of {entry.file_size / 1e6:,.0f} MB, too large for a list of "
            f"labels ({_LARGEST / 1e6:,.0f} MB at most). Take it out, or load it by itself."
        )
    with archive.open(entry) as stream:
        data = stream.read(_LARGEST + 1)
    if b"\0" in data[:4096]:
        raise DatasetError(
            f"{request.called} holds “{clean(entry.filename)}”, which is not text in UTF-8. Save it as CSV: a file name "
            "and a label a row."
        )
    return data.decode("utf-8-sig", "replace")


def _rows(text: str) -> Iterator[tuple[str, str]]:
    """(file name, label) of every row."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return
    counts = {sign: lines[0].count(sign) for sign in (",", ";", "\t", " ")}
    delimiter = next((sign for sign in (",", ";", "\t", " ") if counts[sign]), ",")
    rows = _parsed(lines, delimiter)
    head = [field.strip().lower() for field in next(iter(rows), [])]
    file_at = next((i for i, name in enumerate(head) if name in _FILE_NAMES), None)
    label_at = next((i for i, name in enumerate(head) if name in _LABEL_NAMES), None)
    has_header = label_at is not None and file_at is not None and file_at != label_at
    first, second = (file_at, label_at) if has_header else (0, 1)
    assert first is not None and second is not None
    for row in rows[1:] if has_header else rows:
        if len(row) > max(first, second):
            yield row[first].strip().replace("\\", "/"), row[second].strip()


def _parsed(lines: Iterable[str], delimiter: str) -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter, skipinitialspace=True))
    except csv.Error:  # a field of megabytes, say: this is no list of labels
        return []


def _found(known: dict[str, str], path: str) -> str:
    """The label by the whole path, the last parts of it, or the name without its extension."""
    parts = path.replace("\\", "/").split("/")
    for start in range(len(parts)):
        tail = "/".join(parts[start:])
        for name in (tail, f"./{tail}", str(PurePosixPath(tail).with_suffix(""))):
            if name in known:
                return known[name]
    return ""


def _named(archive: zipfile.ZipFile, labels: list[str], notes: list[str], request: Request) -> list[str]:
    """Numbers replaced by the names of a JSON in the zip, if there is one that fits."""
    if not all(label.isascii() and label.isdigit() for label in labels if label):
        return labels
    for entry in members(archive):
        if PurePosixPath(entry.filename).suffix.lower() != ".json" or entry.file_size > 1_000_000:
            continue
        names = _class_names(_text(archive, entry, request))
        if names and all(int(label) in names for label in labels if label):
            notes.append(f"The classes' names were read from “{clean(entry.filename)}”.")
            return [names[int(label)] if label else "" for label in labels]
    return labels


def _class_names(text: str) -> dict[int, str]:
    """Index -> name of `class_indices` as Keras's generators have them, of a list, or of their inverse."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    if isinstance(found, list):
        return {index: str(name) for index, name in enumerate(found)}
    if not isinstance(found, dict):
        return {}
    if all(isinstance(value, int) and not isinstance(value, bool) for value in found.values()):
        return {value: str(name) for name, value in found.items()}
    if all(name.isascii() and name.isdigit() for name in found):
        return {int(name): str(value) for name, value in found.items()}
    return {}
