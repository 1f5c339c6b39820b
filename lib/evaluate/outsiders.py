"""Sets of images that have none of a network's classes: made ones, and the data set's own turned upside down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from lib.contract import Contract
from lib.dataset import Dataset
from lib.dataset.dataset import Pictures
from lib.evaluate.builtin import drawn_capitals, scanned_digits
from lib.training.outsiders.kinds import (
    TEST_LINES,
    TEST_SURFACES,
    VALIDATION_LINES,
    VALIDATION_SURFACES,
    drawn,
    photographs,
    surfaces,
)

_SEED = 77
# Those generators that no bundled letter network was taught by: with others it would be asked what it has learned.
_LINES, _SURFACES = (*VALIDATION_LINES, *TEST_LINES), (*VALIDATION_SURFACES, *TEST_SURFACES)
# Upside down, these are no longer a letter; an H, I, N, O, S, X or Z stays one, and an M becomes a W.
_UPSIDE_DOWN = frozenset("AFGJKLPQRTVY")
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


@dataclass(frozen=True)
class Outsiders:
    """A kind.

    Attributes:
        id, title: in the code, on the screen.
        says: what they are, and what to keep in mind.
        make: (data set of insiders, contract, how many) -> images without labels, as a Dataset of one class; None where the
            kind does not apply, such as digits to a network of digits.
    """

    id: str
    title: str
    says: str
    make: Callable[[Dataset, Contract, int], Dataset | None]


def unlabelled(images: np.ndarray | Pictures, name: str) -> Dataset:
    """Images as a data set of one class called "none of the classes"."""
    labels = np.zeros(len(images), np.int64)
    return Dataset(images, labels, ("none of the classes",), name=name, total=len(labels))


def noise(dataset: Dataset, contract: Contract, count: int) -> Dataset:
    """Every pixel by itself, uniform in 0..255, in the network's size."""
    height, width = contract.size
    shape = (count, height, width) if contract.channels == 1 else (count, height, width, 3)
    return unlabelled(np.random.default_rng(_SEED).integers(0, 256, shape, np.uint8), "noise")


def scribbles(dataset: Dataset, contract: Contract, count: int) -> Dataset:
    """Drawn lines that are no letter: square spirals, trees, flowers, loops, fish, stick figures; white on black, 28x28."""
    images = _random().permutation(drawn(_LINES, -(-count // len(_LINES)), _random()))
    return unlabelled(images[:count], "scribbles")


def textures(dataset: Dataset, contract: Contract, count: int) -> Dataset:
    """Bricks, wood, cells, 28 x 28."""
    images = _random().permutation(surfaces(_SURFACES, -(-count // len(_SURFACES)), _random()))
    return unlabelled(images[:count], "textures")


def photos(dataset: Dataset, contract: Contract, count: int) -> Dataset:
    """Gray pieces of the two photographs that come with scikit-learn (a temple, a flower; CC BY), 28 x 28."""
    return unlabelled(photographs(count, _random()), "pieces of photographs")


def upside_down(dataset: Dataset, contract: Contract, count: int) -> Dataset | None:
    """The data set's own pictures, the top at the bottom."""
    names = np.array(dataset.class_names)
    usable = np.arange(len(dataset))
    if set(names[np.unique(dataset.labels)]) <= _LETTERS:
        usable = np.flatnonzero(np.isin(names[dataset.labels], sorted(_UPSIDE_DOWN)))
    if len(usable) == 0:
        return None
    rows = _random().permutation(usable)[:count]
    if isinstance(dataset.images, Pictures):
        turned = Pictures(
            type(p).from_array(p.pixels[::-1], p.name) for p in map(dataset.picture, rows.tolist())
        )
        return unlabelled(turned, "upside down")
    return unlabelled(np.ascontiguousarray(dataset.images[rows][:, ::-1]), "upside down")


def other_script(dataset: Dataset, contract: Contract, count: int) -> Dataset | None:
    """Digits for a network of letters and capitals for one of digits: what no class coincides with."""
    names = set(contract.class_names)
    if names >= _LETTERS and not names & set("0123456789"):
        # 0, 1, 2, 5 and 8 are also O, I, Z, S and B.
        found = scanned_digits()
        found = found.take(np.flatnonzero(np.isin(found.labels, (3, 4, 6, 7, 9))))
    elif names >= set("0123456789") and not names & _LETTERS:
        found = drawn_capitals()
        found = found.take(
            np.flatnonzero(np.isin(np.array(found.class_names)[found.labels], list("AEFHKMNRTVWXY")))
        )
    else:
        return None
    rows = _random().permutation(len(found))[:count]
    assert isinstance(found.images, np.ndarray)
    return unlabelled(found.images[rows], found.name)


def _random() -> np.random.Generator:
    return np.random.default_rng(_SEED)


KINDS: dict[str, Outsiders] = {
    entry.id: entry
    for entry in (
        Outsiders("noise", "Noise", "Every pixel by itself.", noise),
        Outsiders(
            "scribbles", "Scribbles", "Loops, square spirals, trees, flowers, fish, stick figures.", scribbles
        ),
        Outsiders("textures", "Textures", "Bricks, wood, cells.", textures),
        Outsiders(
            "photos", "Photographs", "Gray pieces of two photographs of scikit-learn’s (CC BY).", photos
        ),
        Outsiders(
            "upside_down",
            "Upside down",
            "This data set’s own pictures, turned over. Of letters only those that are none then.",
            upside_down,
        ),
        Outsiders(
            "other_script",
            "Another script",
            "Digits 3, 4, 6, 7, 9 for a network of letters; capitals that look like no digit for one of digits. The digits "
            "are 8 × 8 scans, enlarged, and easier to tell from letters than digits of full size are.",
            other_script,
        ),
    )
}
