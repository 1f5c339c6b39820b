"""The labelled sets that come with the app, so that the page shows something at once. Nobody's files are behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from lib.contract import Contract
from lib.dataset import Dataset
from lib.evaluate.capitals import LETTERS, capitals

_EACH = 20
_SEED = 2026


@dataclass(frozen=True)
class BuiltIn:
    """A set that is made, not read.

    Attributes:
        id, title: its name in the code and on the screen.
        says: what it is and what it is not, in a sentence or two.
        make: gives it; computed once per process.
    """

    id: str
    title: str
    says: str
    make: Callable[[], Dataset]


@cache
def drawn_capitals() -> Dataset:
    """520 drawn capitals, 28 x 28."""
    images, labels = capitals(_EACH, _SEED)
    return Dataset(images, labels, tuple(LETTERS), name="drawn capitals", total=len(labels))


@cache
def scanned_digits() -> Dataset:
    """1,797 handwritten digits of 8 x 8 pixels, white on black: the test part of Alpaydin and Kaynak (1998).

    They come with scikit-learn (`sklearn.datasets.load_digits`); the UCI repository gives them under CC BY 4.0. Their 17
    levels were stretched to 0..255.
    """
    from sklearn.datasets import load_digits

    found = load_digits()
    images = np.rint(found.images * (255 / 16)).astype(np.uint8)
    labels = found.target.astype(np.int64)
    return Dataset(images, labels, tuple("0123456789"), name="scanned digits", total=len(labels))


BUILT_IN: dict[str, BuiltIn] = {
    entry.id: entry
    for entry in (
        BuiltIn(
            "capitals",
            "520 drawn capitals",
            "Drawn by the project’s own generator, from hand-placed points: no font and no data set, because no real "
            "letters may be shipped. A score on them is no measure of a network: load real ones.",
            drawn_capitals,
        ),
        BuiltIn(
            "digits",
            "1,797 scanned digits",
            "Real handwriting of 8 × 8 pixels that comes with scikit-learn (Alpaydin and Kaynak 1998, UCI, CC BY 4.0).",
            scanned_digits,
        ),
    )
}


def fitting(contract: Contract) -> tuple[str, ...]:
    """The ids of the built-in sets whose classes a network has, by its contract."""
    names = set(contract.class_names)
    found = [("capitals", set(LETTERS)), ("digits", set("0123456789"))]
    return tuple(id for id, classes in found if classes <= names)
