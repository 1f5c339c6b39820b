"""Which class of a network each class of a data set is: by name where names agree, else by order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.dataset.guards import DatasetError

_STRAY = 0.05


@dataclass(frozen=True, eq=False)
class ClassMatch:
    """The network's class for each class of the data set.

    Attributes:
        index: int64 (classes of the data set,), -1 for a class that the network does not have.
        by: "name" or "order".
        notes: sentences on what was assumed or left out.
    """

    index: np.ndarray
    by: str
    notes: tuple[str, ...]


def match_classes(names: Sequence[str], counts: np.ndarray, known: Sequence[str]) -> ClassMatch:
    """Match a data set's class names with a network's.

    By name if at least half of the classes with images have one of the network's names (case, blanks, "-" and "_" do not
    matter unless the network itself tells "a" from "A"). Else by order, if numbers or as many classes as the network has
    allow it; numbers that start at 1 and end at the network's last are counted from 1. One label in twenty may be no number
    at all: a few damaged rows do not make thousands of others useless.

    Args:
        names: the data set's class names.
        counts: (classes,), how many images each has.
        known: the network's class names.

    Raises:
        DatasetError: neither is possible.
    """
    used: list[int] = np.flatnonzero(counts).tolist()
    by_name = np.array([_place(name, known) for name in names], np.int64)
    strange = [i for i in used if by_name[i] < 0]
    if used and len(strange) <= len(used) / 2:
        return ClassMatch(by_name, "name", _left_out(strange, names, counts))
    numbered = all(name.isascii() and name.isdigit() for name in names)
    shift = 1 if numbered and used and used[0] >= 1 and used[-1] == len(known) else 0
    if used and used[-1] - shift < len(known) and (numbered or len(names) == len(known)):
        first = used[0]
        how = "counted from 1" if shift else "matched by their order"
        note = f"Classes were {how}: “{names[first]}” is “{known[first - shift]}”."
        return ClassMatch(np.arange(len(names)) - shift, "order", (note,))
    stray = _numbers_with_strays(names, counts, known)
    if stray is not None:
        return stray
    raise DatasetError(
        f"The data set's {len(used):,} classes ({_listed([names[i] for i in used])}) are not the network's {len(known):,} "
        f"({_listed(list(known))}). Name the folders or labels like the network's classes, or number them in its order."
    )


def _numbers_with_strays(names: Sequence[str], counts: np.ndarray, known: Sequence[str]) -> ClassMatch | None:
    """Numbers in the network's order, but for a few images with a name or a number that is none of its classes: these are
    left out."""
    used: list[int] = np.flatnonzero(counts).tolist()
    digits = {i: int(names[i]) for i in used if names[i].isascii() and names[i].isdigit()}
    shift = 1 if digits and min(digits.values()) >= 1 and len(known) in digits.values() else 0
    numbers = {i: number for i, number in digits.items() if number - shift < len(known)}
    strays = [i for i in used if i not in numbers]
    if sum(int(counts[i]) for i in strays) > _STRAY * counts.sum() or not numbers:
        return None
    first = min(numbers.values())
    index = np.full(len(names), -1, np.int64)
    index[list(numbers)] = np.array(list(numbers.values())) - shift
    note = f"Classes were matched by their numbers: “{first}” is “{known[first - shift]}”."
    return ClassMatch(index, "order", (note, *_left_out(strays, names, counts)))


def _left_out(strange: Sequence[int], names: Sequence[str], counts: np.ndarray) -> tuple[str, ...]:
    """The note on classes that the network does not have."""
    if not strange:
        return ()
    images = sum(int(counts[i]) for i in strange)
    strangers = _listed([names[i] for i in strange])
    left = "1 image was left out" if images == 1 else f"{images:,} images were left out"
    return (f"{left}: the network has no class called {strangers}.",)


def _place(name: str, known: Sequence[str]) -> int:
    """The index of the class of that name; -1 if there is none, or more than one."""
    if name in known:
        return list(known).index(name)
    alike = [index for index, other in enumerate(known) if _plain(other) == _plain(name)]
    return alike[0] if len(alike) == 1 else -1


def _plain(name: str) -> str:
    return "".join(sign for sign in name.casefold() if sign not in " -_")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(names[:5])
    return f"{shown} and {len(names) - 5:,} more" if len(names) > 5 else shown
