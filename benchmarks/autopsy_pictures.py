"""The labelled pictures of the yardstick, per subject: a network and a kind of picture it is asked about. No mistakes here.

Files are looked for by name in the given folder and in the folders directly below it. Which data they hold is said in
`lib/training/letters_data.py`, `digits_data.py` and, of the real phone photos and the free photographs, below.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from benchmarks.ink_pictures import tight
from lib.training.letters_data import cut

PARTS = ("validation", "test")
_LARGEST = 512
# The photographs that choose are those which a package (scikit-image) brings along; the others measure.
_CHOOSING = ("chelsea_cat.jpg", "espresso.jpg", "rocket.jpg")


@dataclass(frozen=True)
class Pictures:
    """Images with what they show.

    Attributes:
        family: key of `skews.FAMILIES`, which says what an image is: uint8 (H, W) white on black, tight, or uint8
            (H, W, 3) RGB.
        images, labels: of each image the classes that are right.
        words: what they are, for the report.
    """

    family: str
    images: Sequence[np.ndarray]
    labels: Sequence[frozenset[int]]
    words: str


@dataclass(frozen=True)
class Subject:
    """What is measured: a network of the catalogue and its pictures.

    Attributes:
        name: of the row in the report.
        model: name in the catalogue.
        read: (folder, part, count, seed) -> at least `count` pictures where there are so many, in a random order.
    """

    name: str
    model: str
    read: Callable[[Path, str, int, int], Pictures]


def find(folder: Path, name: str) -> Path:
    """The file or folder of that name in `folder` or directly below it.

    Raises:
        FileNotFoundError: there is none.
    """
    for place in (folder / name, *sorted(folder.glob(f"*/{name}"))):
        if place.exists():
            return place
    raise FileNotFoundError(f"There is no {name} in {folder} or in the folders directly below it.")


def letters(folder: Path, part: str, count: int, seed: int) -> Pictures:
    """UNIPEN capitals: of writers that took no part in any training, or of those that training set aside to choose by."""
    with np.load(find(folder, "unipen_upper.npz")) as arrays:
        if part == "test":
            rows = np.flatnonzero(arrays["is_test"] == 1)
        else:
            _, validation, held_out = cut(arrays["writer"], arrays["is_test"] == 0)
            rows = np.flatnonzero((validation | held_out) & (arrays["knn_support"] > 0))
        rows = np.random.default_rng(seed).permutation(rows)[:count]
        images, labels = arrays["images"][rows], arrays["labels"][rows]
    who = "writers of no training set" if part == "test" else "writers set aside by the training"
    return _ink(images, labels, f"UNIPEN capitals, {who}")


def digits(folder: Path, part: str, count: int, seed: int) -> Pictures:
    """MNIST's and UNIPEN's digits in equal parts: the test sets, or what the training set aside to choose by."""
    from lib.training.digits_data import mnist_parts, unipen_parts

    images: list[np.ndarray] = []
    labels: list[np.ndarray] = []
    for name, split in (("mnist.npz", mnist_parts), ("unipen_digits.npz", unipen_parts)):
        with np.load(find(folder, name)) as arrays:
            parts = split(arrays)
        mask = parts.test if part == "test" else parts.validation | parts.held_out
        chosen = np.random.default_rng(seed).permutation(np.flatnonzero(mask))[: (count + 1) // 2]
        images += list(parts.images[chosen])
        labels.append(parts.labels[chosen])
    order = np.random.default_rng([seed, 1]).permutation(len(images))
    which = "test sets" if part == "test" else "set aside by the training"
    return _ink(
        [images[i] for i in order], np.concatenate(labels)[order], f"MNIST and UNIPEN digits, {which}"
    )


def photo_digits(folder: Path, part: str, count: int, seed: int) -> Pictures:
    """Digits out of phone photos of handwritten pages, surroundings faded; some pages choose, the others measure."""
    return _photo_digits(folder, part, count, seed, "images_clean", "surroundings faded")


def photo_digits_among_others(folder: Path, part: str, count: int, seed: int) -> Pictures:
    """The same crops as they were photographed, with parts of the neighbours and shadows."""
    return _photo_digits(folder, part, count, seed, "images", "with parts of the neighbours")


def pages(photos: np.ndarray, part: str) -> np.ndarray:
    """Mask (N,) of the crops that belong to a part: every third page, in the order of their names, chooses."""
    names = np.unique(photos)
    choosing = np.isin(photos, names[::3])
    return choosing if part == "validation" else ~choosing


def _photo_digits(folder: Path, part: str, count: int, seed: int, key: str, how: str) -> Pictures:
    with np.load(find(folder, "photo_digits_rgb.npz")) as arrays:
        rows = np.flatnonzero(pages(arrays["photo"], part))
        rows = np.random.default_rng(seed).permutation(rows)[:count]
        images, labels = arrays[key][rows], arrays["labels"][rows]
        number = len(np.unique(arrays["photo"][rows]))
    words = f"digits cut out of phone photos of {number} handwritten pages, {how}"
    return Pictures("phone photo", list(images), _sets(labels), words)


def house_numbers(folder: Path, part: str, count: int, seed: int) -> Pictures:
    """Digits of the project's generator, drawn with fonts that the training set aside, from a seed of their own.

    The committed network has seen every real crop, so real ones cannot be used. Needs the fonts of the training.
    """
    from lib.training.house_digits import generate
    from lib.training.house_digits_glyphs import font_files, read_faces
    from lib.training.house_numbers_data import _split_families

    _, aside = _split_families(read_faces(font_files(None)))
    drawn = generate(count, aside, 1000 + seed + 100_000 * PARTS.index(part))
    words = "house-number digits of the project's generator, with fonts that drew none of the training digits"
    return Pictures("colour", list(drawn.images), _sets(drawn.labels), words)


def photographs(folder: Path, part: str, count: int, seed: int) -> Pictures:
    """Random square crops, half of them mirrored, of free photographs with an ImageNet class.

    `photos/labels.csv` has the columns filename and acceptable_class_indices (separated by semicolons).
    """
    place = find(folder, "photos")
    with (place / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["acceptable_class_indices"]]
    rows = [row for row in rows if (row["filename"] in _CHOOSING) == (part == "validation")]
    photos = [_read_photo(place / row["filename"]) for row in rows]
    accepted = [frozenset(map(int, row["acceptable_class_indices"].split(";"))) for row in rows]
    words = f"random crops of {len(photos)} free photographs"
    labels = [accepted[i % len(photos)] for i in range(count)]
    return Pictures("colour", Crops(photos, count, seed), labels, words)


SUBJECTS = {
    subject.name: subject
    for subject in (
        Subject("letters-mlp", "letters-mlp", letters),
        Subject("letters-cnn", "letters-cnn", letters),
        Subject("letters-robust", "letters-robust", letters),
        Subject("digits-cnn", "digits-cnn", digits),
        Subject("digits-cnn-photos", "digits-cnn", photo_digits),
        Subject("digits-cnn-photos-as-taken", "digits-cnn", photo_digits_among_others),
        Subject("house-numbers", "house-numbers", house_numbers),
        Subject("MobileNetV2", "MobileNetV2", photographs),
    )
}


def _ink(images: Sequence[np.ndarray], labels: np.ndarray, words: str) -> Pictures:
    return Pictures("ink", [tight(image) for image in images], _sets(labels), words)


def _sets(labels: np.ndarray) -> list[frozenset[int]]:
    return [frozenset({int(label)}) for label in labels]


def _read_photo(path: Path) -> np.ndarray:
    pixels = cv2.imread(str(path))
    if pixels is None:
        raise FileNotFoundError(f"{path} is not a picture that OpenCV can read.")
    scale = min(1.0, _LARGEST / min(pixels.shape[:2]))
    size = (round(pixels.shape[1] * scale), round(pixels.shape[0] * scale))
    return np.asarray(cv2.cvtColor(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), cv2.COLOR_BGR2RGB))


class Crops(Sequence[np.ndarray]):
    """So many crops of the photos in turn, each cut when it is asked for: all of them would take a gigabyte."""

    def __init__(self, photos: Sequence[np.ndarray], count: int, seed: int) -> None:
        self._photos, self._count, self._seed = photos, count, seed

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> np.ndarray:  # type: ignore[override]
        if not 0 <= index < self._count:
            raise IndexError(index)
        return _crop(self._photos[index % len(self._photos)], np.random.default_rng([self._seed, index]))


def _crop(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A square of 80 to 100 % of the shorter side, mirrored half of the time."""
    height, width = pixels.shape[:2]
    side = int(min(height, width) * random.uniform(0.8, 1.0))
    top, left = int(random.integers(0, height - side + 1)), int(random.integers(0, width - side + 1))
    square = pixels[top : top + side, left : left + side]
    return np.ascontiguousarray(square[:, ::-1] if random.random() < 0.5 else square)
