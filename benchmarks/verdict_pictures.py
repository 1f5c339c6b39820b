"""What the verdict is measured on: for each bundled network test pictures of its own kind, and outsiders.

Nothing here was trained on or chosen by; of house-numbers, whose real crops were all trained on, the inside are newly
generated digits in font families that drew none of its training digits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from lib.training.data import Labelled
from lib.training.digits_data import read_digits
from lib.training.letters_data import CLASS_NAMES, read_letters
from lib.training.normal_form import normal_forms
from lib.training.outsiders import kinds
from lib.training.outsiders.collected import collect, find

_SEED = 61
_MOST_INSIDE = 5_000
_EACH = 300
# The generator gives as many as are wanted: with a thousand, chance alone would make a calibration error of 1.8 %.
_GENERATED = 10_000
# Capitals that nobody reads as a digit: without B D G I J L O Q S T Y Z, and C, which is a 0 not closed.
_UNLIKE_DIGITS = tuple("AEFHKMNPRUVWX")


@dataclass(frozen=True)
class Pictures:
    """uint8 images as the recipe's `to_tensor` takes them.

    Attributes:
        inside: {name: test pictures with labels}, the one that outsiders are compared with first.
        outside: {name: (N, H, W) or (N, H, W, 3)}.
        own: the sets of `inside` that are of the sources that the network was trained on. Its held-out pictures are a
            mixture of those, and so what its temperature promises holds for the mixture.
    """

    inside: dict[str, Labelled]
    outside: dict[str, np.ndarray]
    own: tuple[str, ...]


def letter_pictures(data: Path) -> Pictures:
    """For the networks that read capitals; `data` is the folder of letters."""
    from lib.training.robust_data import rejection_tests

    letters = read_letters(data)
    inside = {name: test for name, test in letters.tests.items() if "as stored" not in name}
    signs = rejection_tests(collect(data), letters.fit)
    named = {name.removeprefix("not letters: "): found.images for name, found in signs.items()}
    return Pictures(
        {name: _some(test) for name, test in inside.items()},
        {
            "noise": noise((28, 28)),
            "scribbles": named["loops, fish, stick figures"],
            "digits 3 4 6 7 9": named["MNIST 3 4 6 7 9"],
            "all ten digits": _all_digits(data),
            "other script": named["Omniglot Sanskrit"],
            "textures": named["cells"],
            "photographs": named["pieces of photographs"],
        },
        letters.alike,
    )


def digit_pictures(data: Path) -> Pictures:
    """For the network that reads handwritten digits; `data` is the folder of letters, digits lie beside it."""
    inside = {name: _some(test) for name, test in read_digits(data.parent / "digits").tests.items()}
    return Pictures(
        inside,
        {
            "noise": noise((28, 28)),
            "scribbles": scribbles(),
            "letters unlike digits": _capitals(data, _UNLIKE_DIGITS),
            "all capitals": _capitals(data),
            "other script": _script(data),
            "textures": textures(),
            "photographs": kinds.photographs(_EACH, _random()),
        },
        tuple(inside),
    )


def house_number_pictures(data: Path, fonts: Path | None = None) -> Pictures:
    """For the network that reads coloured digits; drawings and letters are white on black, as large as the frame."""
    from lib.training.house_digits import generate
    from lib.training.house_digits_glyphs import font_files, read_faces
    from lib.training.house_numbers_data import _split_families

    _, aside = _split_families(read_faces(font_files(fonts)))
    inside = {"generated digits, new fonts": generate(_GENERATED, aside, _SEED)}
    return Pictures(
        inside,
        {
            "noise": noise((32, 32, 3)),
            "scribbles": _coloured(scribbles()),
            "letters unlike digits": _coloured(_capitals(data, _UNLIKE_DIGITS)),
            "all capitals": _coloured(_capitals(data)),
            "other script": _coloured(_script(data)),
            "textures": _coloured(textures()),
            "photographs": colour_photographs(_EACH),
        },
        tuple(inside),
    )


READERS: dict[str, Callable[[Path], Pictures]] = {
    "letters-mlp": letter_pictures,
    "letters-cnn": letter_pictures,
    "letters-mlp-augmented": letter_pictures,
    "letters-robust": letter_pictures,
    "digits-cnn": digit_pictures,
    "house-numbers": house_number_pictures,
}


def noise(shape: tuple[int, ...]) -> np.ndarray:
    """uint8 (300, *shape): every value drawn by itself, half of them from all 256, half around a mean of the picture."""
    random = _random()
    even = random.integers(0, 256, (_EACH // 2, *shape))
    mean, spread = (
        random.uniform(low, high, (_EACH - _EACH // 2, *[1] * len(shape)))
        for low, high in ((40, 215), (10, 60))
    )
    return np.concatenate([even, np.clip(random.normal(mean, spread, (len(mean), *shape)), 0, 255)]).astype(
        np.uint8
    )


def scribbles() -> np.ndarray:
    """uint8 (300, 28, 28): loops, fish and stick figures."""
    return kinds.drawn(kinds.TEST_LINES, _EACH // len(kinds.TEST_LINES), _random())


def textures() -> np.ndarray:
    """uint8 (300, 28, 28): cells."""
    return kinds.surfaces(kinds.TEST_SURFACES, _EACH, _random())


def colour_photographs(count: int) -> np.ndarray:
    """uint8 (count, 32, 32, 3): pieces of the two photographs that come with scikit-learn."""
    from sklearn.datasets import load_sample_images

    sheets, random = load_sample_images().images, _random()
    pieces = []
    for index in range(count):
        sheet, side = sheets[index % len(sheets)], int(random.integers(32, 201))
        top, left = (int(random.integers(0, length - side + 1)) for length in sheet.shape[:2])
        pieces.append(
            cv2.resize(sheet[top : top + side, left : left + side], (32, 32), interpolation=cv2.INTER_AREA)
        )
    return np.stack(pieces)


def _capitals(data: Path, names: tuple[str, ...] = CLASS_NAMES) -> np.ndarray:
    """1,000 test capitals of these names."""
    letters = read_letters(data).tests["unipen new writers"]
    wanted = np.isin(letters.labels, [CLASS_NAMES.index(name) for name in names])
    return _some(letters.take(wanted), 1_000).images


def _all_digits(data: Path) -> np.ndarray:
    """2,000 MNIST test digits; nobody could tell all of them from letters: 0, 1, 2, 5 and 8 look like O, I, Z, S and B."""
    digits = read_digits(data.parent / "digits").tests["mnist test"]
    return _some(digits, 2_000).images


def _script(data: Path) -> np.ndarray:
    path = find(data, "omniglot_half.npz")
    if path is None:
        raise FileNotFoundError(
            f"There is no omniglot_half.npz in or beside {data}; it holds the other script."
        )
    with np.load(path) as arrays:
        sanskrit = arrays["classes"][arrays["labels"]] == "Sanskrit"
        return normal_forms(255 - arrays["images"][sanskrit])


def _coloured(images: np.ndarray) -> np.ndarray:
    """uint8 (N, 32, 32, 3) of uint8 (N, 28, 28)."""
    large = [cv2.resize(image, (32, 32), interpolation=cv2.INTER_AREA) for image in images]
    return np.repeat(np.stack(large)[..., None], 3, axis=3)


def _some(labelled: Labelled, most: int = _MOST_INSIDE) -> Labelled:
    return labelled.take(np.sort(_random().permutation(len(labelled))[:most]))


def _random() -> np.random.Generator:
    return np.random.default_rng(_SEED)
