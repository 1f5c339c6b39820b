"""Real marks that are not letters, out of npz files: symbols, digits, characters of other scripts, scraps.

Looked for in the folder of the letters, in those below it, and beside it in folders called `outsiders` and `digits`; any
of them may be missing:

    unipen_symbols.npz   images (N, H, W) white on black, labels into `classes` (characters), `is_test` (N,)
    unipen_digits.npz    images (N, H, W) white on black, labels 0..9, `is_test` (N,)
    omniglot_half.npz    images (N, H, W) black on white, labels into `classes` (alphabets)
    mnist.npz            images (N, 28, 28) white on black, labels 0..9, `is_test` (N,); measured on only
    mohneesh_noise.npz   images (N, H, W) white on black; measured on only
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lib.training.data import Source
from lib.training.normal_form import normal_forms

# 0, 1, 2, 5 and 8 look like O, I, Z, S and B: they count neither as letters nor as anything else.
DIGITS = (3, 4, 6, 7, 9)
# Marks that many people would read as C, I, X, T, L, V, A, S, Q or J once they are scaled to the size of a letter.
LIKE_LETTERS = "()[]|/\\<>^+$@,.'`!"
# Chosen by what they are, so that one drawn like a letter still counts; scripts have letters that are like Latin ones.
CERTAIN = frozenset(("drawn digits", "MNIST 3 4 6 7 9", "lying scraps"))
# Omniglot's alphabets: one to learn from, one to choose by, one to measure on.
TRAIN_ALPHABET, VALIDATION_ALPHABET, TEST_ALPHABET = "Korean", "Balinese", "Sanskrit"


@dataclass
class Collected:
    """uint8 (N, 28, 28) in normal form by name, for each purpose, and where they come from."""

    fit: dict[str, np.ndarray] = field(default_factory=dict)
    validation: dict[str, np.ndarray] = field(default_factory=dict)
    tests: dict[str, np.ndarray] = field(default_factory=dict)
    sources: list[Source] = field(default_factory=list)


def find(folder: Path, name: str) -> Path | None:
    """A file in a folder, one level below it, or beside it in a folder called outsiders or digits."""
    beside = [folder.parent / other / name for other in ("outsiders", "digits")]
    places = [folder / name, *sorted(folder.glob(f"*/{name}")), *beside]
    return next((place for place in places if place.is_file()), None)


def collect(folder: Path) -> Collected:
    """Read what is there.

    Raises:
        ValueError: a file lacks an array or is damaged; the message names it.
    """
    collected = Collected()
    for name, reader in _READERS.items():
        path = find(folder, name)
        if path is None:
            continue
        try:
            with np.load(path, allow_pickle=False) as arrays:
                reader(arrays, collected)
        except KeyError as error:
            raise ValueError(f"{path} lacks an array: {error.args[0]}.") from None
        except (OSError, ValueError, EOFError) as error:
            raise ValueError(f"{path} is not a usable npz file: {error}.") from None
    return collected


def _symbols(arrays: np.lib.npyio.NpzFile, into: Collected) -> None:
    character = arrays["classes"][arrays["labels"]]
    chosen = ~np.isin(character, list(LIKE_LETTERS)) & (arrays["is_test"] == 0)
    into.fit["drawn symbols"] = normal_forms(arrays["images"][chosen])
    into.sources.append(
        Source(
            "UNIPEN, isolated symbols (train_r01_v07)",
            "International Unipen Foundation, Zenodo, doi:10.5281/zenodo.1195803",
            "CC BY 4.0 according to Zenodo; an older note on the CD allowed research use only",
            f'training of "not a letter", without {" ".join(LIKE_LETTERS)}, which look like letters',
        )
    )


def _digits(arrays: np.lib.npyio.NpzFile, into: Collected) -> None:
    chosen = np.isin(arrays["labels"], DIGITS) & (arrays["is_test"] == 0)
    into.fit["drawn digits"] = normal_forms(arrays["images"][chosen])
    into.sources.append(
        Source(
            "UNIPEN, isolated digits (train_r01_v07)",
            "International Unipen Foundation, Zenodo, doi:10.5281/zenodo.1195803",
            "CC BY 4.0 according to Zenodo; an older note on the CD allowed research use only",
            'training of "not a letter": 3, 4, 6, 7 and 9 only; the others look like O, I, Z, S and B',
        )
    )


def _omniglot(arrays: np.lib.npyio.NpzFile, into: Collected) -> None:
    alphabet = arrays["classes"][arrays["labels"]]
    for name, part in (
        (TRAIN_ALPHABET, into.fit),
        (VALIDATION_ALPHABET, into.validation),
        (TEST_ALPHABET, into.tests),
    ):
        part[f"Omniglot {name}"] = normal_forms(255 - arrays["images"][alphabet == name])
    into.sources.append(
        Source(
            "Omniglot",
            "B. Lake, R. Salakhutdinov, J. Tenenbaum 2015, github.com/brendenlake/omniglot",
            "MIT",
            f'"not a letter": {TRAIN_ALPHABET} for training, {VALIDATION_ALPHABET} for choosing, {TEST_ALPHABET} for test',
        )
    )


def _mnist(arrays: np.lib.npyio.NpzFile, into: Collected) -> None:
    chosen = np.flatnonzero(np.isin(arrays["labels"], DIGITS) & (arrays["is_test"] == 1))[:2000]
    into.tests["MNIST 3 4 6 7 9"] = normal_forms(arrays["images"][chosen])
    into.sources.append(
        Source(
            "MNIST",
            "Y. LeCun, C. Cortes, C. Burges, made from NIST Special Databases 1 and 3",
            "CC BY-SA 3.0 as commonly stated",
            'test of "not a letter" only: 2,000 of 3, 4, 6, 7 and 9',
        )
    )


def _scraps(arrays: np.lib.npyio.NpzFile, into: Collected) -> None:
    images = arrays["images"]
    wide, high = ((images > 50).any(axis).sum(1) for axis in (1, 2))
    # Many of the scraps are upright strokes or parts that read as I, J, L or N; a lying one reads as nothing.
    into.tests["lying scraps"] = normal_forms(images[(wide >= 2 * high) & (wide > 0)])
    into.sources.append(
        Source(
            "Noise of Handwritten English Alphabet",
            "github.com/mohneesh7/Handwritten-English-Alphabet-Recognition",
            "not stated by its author",
            'test of "not a letter" only: the scraps at least twice as wide as high, the others could be I, J or L',
        )
    )


_READERS: dict[str, Callable[[np.lib.npyio.NpzFile, Collected], None]] = {
    "unipen_symbols.npz": _symbols,
    "unipen_digits.npz": _digits,
    "omniglot_half.npz": _omniglot,
    "mnist.npz": _mnist,
    "mohneesh_noise.npz": _scraps,
}
