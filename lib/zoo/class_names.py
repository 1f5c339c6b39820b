"""Class names from what people have: a text, JSON or CSV file, pasted lines, or none at all (numbers)."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from lib.picture.guards import called

MOST_BYTES = 2_000_000
MOST_NAMES = 25_000
LONGEST_NAME = 100


class ClassNamesError(ValueError):
    """A list of class names that cannot be used; the message says which, why, and what to do."""


@dataclass(frozen=True)
class ClassNames:
    """The names in the order of the outputs.

    Attributes:
        names: one per class.
        source: a sentence: from what they were read.
        notes: sentences about what was done to them or stands out (duplicates, characters left out).
    """

    names: tuple[str, ...]
    source: str
    notes: tuple[str, ...] = ()


def numbered(count: int) -> tuple[str, ...]:
    """ "0", "1", ... for classes without names."""
    return tuple(str(index) for index in range(count))


def read_class_names(source: bytes | str, name: str = "") -> ClassNames:
    """Class names from a file's bytes or from pasted text.

    A JSON list; JSON objects {"0": "cat"}, {"cat": 0} (Keras's class_indices) or {"0": ["n01440764", "tench"]}
    (ImageNet's class index); CSV of one column or two (index and name in either order), with or without a heading; or
    one name per line.

    Raises:
        ClassNamesError: it is too large, empty, or makes no list of names.
    """
    if len(source) > MOST_BYTES:
        raise ClassNamesError(
            f"{called(name)} has {len(source) / 1e6:.1f} MB; a list of class names has at most {MOST_BYTES / 1e6:g} MB. "
            "Load the file with the names only."
        )
    text = source if isinstance(source, str) else _decoded(source, name)
    text = text.lstrip("\ufeff").strip()
    if not text:
        raise ClassNamesError(f"{called(name)} is empty. Write one class name per line.")
    found, kind = _from_json(text, name) if text[0] in "[{" else _from_lines(text, name)
    names, notes = _cleaned(found, name)
    return ClassNames(names, f"{len(names):,} names from {kind}", notes)


def fitted(given: ClassNames, outputs: int) -> ClassNames:
    """The names, if they are one per output; a list with one superfluous name at its start or end is shortened.

    Raises:
        ClassNamesError: there are more or fewer names than outputs; the message says how many and what may be the cause.
    """
    count = len(given.names)
    if count == outputs:
        return given
    if count == outputs + 1 and _is_filler(given.names[0]):
        note = f"The first name, “{given.names[0]}”, was left out: there are {outputs} outputs."
        return ClassNames(given.names[1:], given.source, (*given.notes, note))
    hint = ""
    if count == outputs - 1:
        hint = (
            " One is missing: labels that begin with 1 (EMNIST's letters are 1 to 26) make an unused output 0; put a name "
            "for it first."
        )
    elif count == outputs + 1:
        hint = " One is too many: is there a heading, or a class for the background?"
    raise ClassNamesError(
        f"There are {count:,} class names, but the model gives {outputs:,} scores; each output needs one name, in the "
        f"order of the training labels.{hint}"
    )


def _is_filler(name: str) -> bool:
    return name.casefold() in {
        "background",
        "__background__",
        "class",
        "classes",
        "name",
        "names",
        "label",
        "labels",
    }


def _decoded(data: bytes, name: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ("utf-16",)
    elif data[:200].count(b"\0") > len(data[:200]) // 4:
        encodings = ("utf-16-le" if data[1:2] == b"\0" else "utf-16-be",)
    else:
        encodings = ("utf-8-sig", "latin-1")  # type: ignore[assignment]
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if sum(unicodedata.category(sign) == "Cc" and sign not in "\t\r\n" for sign in text[:1000]) > 10:
            break
        return text
    raise ClassNamesError(f"{called(name)} is no text. Class names come from a .txt, .json or .csv file.")


def _from_json(text: str, name: str) -> tuple[list[str], str]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        if text[0] == "[" and "\n" in text and not text.endswith("]"):
            return _from_lines(text, name)
        raise ClassNamesError(
            f'{called(name)} begins like JSON but is none: {str(error)[:100]}. Write ["cat", "dog"], or one name per line.'
        ) from error
    if isinstance(value, dict) and len(value) == 1 and isinstance(next(iter(value.values())), list | dict):
        (value,) = value.values()  # {"class_names": [...]}
    if isinstance(value, list):
        return [_one(item, name) for item in value], "a JSON list"
    return _from_mapping(value, name), "a JSON object"


def _from_mapping(value: dict[str, Any], name: str) -> list[str]:
    """{index: name}, {index: [id, name]} or {name: index}, in the order of the indices."""
    if all(_index(key) is not None for key in value):
        pairs = [(_index(key), _one(item, name)) for key, item in value.items()]
    elif all(_index(item) is not None for item in value.values()):
        pairs = [(_index(item), key) for key, item in value.items()]
    else:
        raise ClassNamesError(
            f'{called(name)} is an object that numbers neither its names nor its values. Write {{"0": "cat", "1": "dog"}} '
            "or a list."
        )
    return _in_order([(index, item) for index, item in pairs if index is not None], name)


def _in_order(pairs: list[tuple[int, str]], name: str) -> list[str]:
    """Names by their numbers, which must run from 0 or 1 on without a gap."""
    ordered = sorted(pairs, key=lambda pair: pair[0])
    numbers = [index for index, _ in ordered]
    start = numbers[0] if numbers else 0
    if start not in (0, 1) or numbers != list(range(start, start + len(numbers))):
        missing = next((a + 1 for a, b in pairwise(numbers) if b != a + 1), start)
        raise ClassNamesError(
            f"The numbers in {called(name)} have a gap or a repetition near {missing}: they must run from 0 (or 1) on, one "
            "for each class."
        )
    return [item for _, item in ordered]


def _index(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if 0 <= value <= MOST_NAMES else None
    text = str(value).strip() if isinstance(value, str) else ""
    return (
        int(text)
        if text.isascii() and text.isdigit() and int(text[:9]) <= MOST_NAMES and len(text) < 9
        else None
    )


def _one(item: object, name: str) -> str:
    if isinstance(item, list) and item and isinstance(item[-1], str):
        return item[-1]  # ImageNet's ["n01440764", "tench"]
    if isinstance(item, str | int | float) and not isinstance(item, bool):
        return str(item)
    raise ClassNamesError(f"{called(name)} holds {str(item)!r:.60} where a class name is expected.")


def _from_lines(text: str, name: str) -> tuple[list[str], str]:
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and text.count(",") >= 1 and ";" not in text:
        return [part.strip() for part in next(csv.reader(io.StringIO(text)))], "one line with commas"
    table = _table(lines)
    if table is None:
        return lines, "lines of text"
    return _from_table(table, name), "a table of two columns"


def _table(lines: list[str]) -> list[list[str]] | None:
    """The lines as two columns, if all of them have two and one column are numbers (but for a heading)."""
    for separator in (",", ";", "\t"):
        if not all(separator in line for line in lines):
            continue
        try:
            rows = [
                [cell.strip() for cell in row] for row in csv.reader(lines, delimiter=separator, strict=True)
            ]
        except csv.Error:
            continue
        if (
            rows
            and all(len(row) == 2 for row in rows)
            and any(_numbers(rows[1:], column) for column in (0, 1))
        ):
            return rows
    # "0 48", as in EMNIST's mapping files, or "0: zero".
    rows = [line.replace(":", " ", 1).split(None, 1) for line in lines]
    if len(rows) > 1 and all(len(row) == 2 for row in rows) and _counts_up(rows):
        return rows
    return None


def _numbers(rows: list[list[str]], column: int) -> bool:
    return bool(rows) and all(_index(row[column]) is not None for row in rows)


def _counts_up(rows: list[list[str]]) -> bool:
    numbers = [_index(row[0]) for row in rows]
    return numbers[0] in (0, 1) and numbers == list(range(numbers[0], numbers[0] + len(rows)))


def _from_table(rows: list[list[str]], name: str) -> list[str]:
    column = 0 if _numbers(rows[1:], 0) else 1
    if _index(rows[0][column]) is None:
        rows = rows[1:]
    return _in_order([(int(row[column]), row[1 - column]) for row in rows], name)


def _cleaned(found: Sequence[str], name: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Without control characters, of bounded length; and sentences about what was done."""
    if not found:
        raise ClassNamesError(f"{called(name)} holds no names.")
    if len(found) > MOST_NAMES:
        raise ClassNamesError(f"{called(name)} holds {len(found):,} names; the limit is {MOST_NAMES:,}.")
    names = [_plain(text) for text in found]
    notes = []
    empty = [index for index, text in enumerate(names) if not text]
    if empty:
        raise ClassNamesError(
            f"The name of class {empty[0]} in {called(name)} is empty. Each class needs a name."
        )
    if any(text != " ".join(given.split())[:LONGEST_NAME] for text, given in zip(names, found, strict=True)):
        notes.append("Control characters in the names were left out.")
    if any(len(given) > LONGEST_NAME for given in found):
        notes.append(f"Names longer than {LONGEST_NAME} characters were shortened.")
    counts = Counter(names)
    repeated = sorted(text for text, times in counts.items() if times > 1)
    if repeated:
        shown = ", ".join(f"“{text}”" for text in repeated[:3])
        notes.append(
            f"{len(repeated)} name(s) occur more than once, for example {shown}: those classes look alike."
        )
    return tuple(names), tuple(notes)


def _plain(text: str) -> str:
    kept = "".join(
        sign for sign in text[: 10 * LONGEST_NAME] if sign.isspace() or unicodedata.category(sign)[0] != "C"
    )
    return " ".join(kept.split()).strip("\"'").strip()[:LONGEST_NAME]
