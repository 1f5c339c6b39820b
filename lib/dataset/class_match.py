"""Which class of a network each class of a data set is: by name where names agree, else by order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.dataset.guards import DatasetError


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
    allow it; numbers that start at 1 and end at the network's last are counted from 1.

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
        notes: tuple[str, ...] = ()
        if strange:
            left_out = sum(int(counts[i]) for i in strange)
            notes = (
                f"{left_out:,} images were left out: the network has no class called {_listed([names[i] for i in strange])}.",
            )
        return ClassMatch(by_name, "name", notes)
    numbered = all(name.isascii() and name.isdigit() for name in names)
    order = np.arange(len(names))
    if numbered and used and used[0] >= 1 and used[-1] == len(known):
        return ClassMatch(
            order - 1,
            "order",
            (f"The labels run from {names[used[0]]} to {names[used[-1]]}: they were counted from 1, so that "
             f"{names[used[0]]} is “{known[used[0] - 1]}”.",),
        )  # fmt: skip
    if (numbered and used and used[-1] < len(known)) or (not numbered and len(names) == len(known)):
        first = used[0] if used else 0
        note = f"Classes were matched by their order: “{names[first]}” is “{known[first]}”."
        return ClassMatch(order, "order", (note,))
    raise DatasetError(
        f"The data set's classes ({_listed([names[i] for i in used])}) are not the network's ({_listed(list(known))}). Name "
        "the folders or labels like the network's classes, or number them in its order."
    )


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
