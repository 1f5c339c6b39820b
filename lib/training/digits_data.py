"""Handwritten digits for training and evaluation: what is read, how it is split, where it comes from.

The data are given as a folder that holds one or both of these npz files:

    mnist.npz            as `keras.datasets.mnist` stores it (x_train, y_train, x_test, y_test), or with `images` uint8
                         (N, 28, 28) white on black, `labels` 0..9 and `is_test` (N,)
    unipen_digits.npz    images uint8 (N, H, W) white on black, `labels` 0..9, `writer` (N,), `is_test` (N,) of other
                         writers than the rest, `knn_support` (N,): 0 marks a label that no similar digit shares

Every image is brought into normal form. The training data are cut as the letters' are (see `letters_data`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lib.training.data import Labelled, Source, TrainingData, concatenate
from lib.training.letters_data import cut
from lib.training.normal_form import normal_forms
from lib.training.npz import read_npz
from lib.training.reader import PathArgument, Reader

DIGIT_NAMES: tuple[str, ...] = tuple("0123456789")


@dataclass(frozen=True)
class Parts:
    """One file's images, uint8 (N, H, W) white on black as they are stored, labels int64 (N,), and masks (N,) of its parts.

    No image is in two parts; a suspect label is in none of the first three.
    """

    images: np.ndarray
    labels: np.ndarray
    fit: np.ndarray
    validation: np.ndarray
    held_out: np.ndarray
    test: np.ndarray

    def part(self, mask: np.ndarray) -> Labelled:
        """The images of a part in normal form."""
        return Labelled(normal_forms(self.images[mask]), self.labels[mask])


def mnist_parts(arrays: Mapping[str, np.ndarray]) -> Parts:
    """MNIST, cut at random: the file does not say who wrote what."""
    if "x_train" in arrays:
        images = np.concatenate([arrays["x_train"], arrays["x_test"]])
        labels = np.concatenate([arrays["y_train"], arrays["y_test"]])
        test = np.arange(len(labels)) >= len(arrays["y_train"])
    else:
        images, labels, test = arrays["images"], arrays["labels"], arrays["is_test"] == 1
    fit, validation, held_out = cut(np.arange(len(labels)), ~test)
    return Parts(images, labels.astype(np.int64), fit, validation, held_out, test)


def unipen_parts(arrays: Mapping[str, np.ndarray]) -> Parts:
    """UNIPEN's digits, cut by writer."""
    test = arrays["is_test"] == 1
    certain = arrays["knn_support"] > 0
    fit, validation, held_out = (part & certain for part in cut(arrays["writer"], ~test))
    return Parts(arrays["images"], arrays["labels"].astype(np.int64), fit, validation, held_out, test)


def read_digits(folder: Path) -> TrainingData:
    """Read a folder of npz files, as the head of this file describes.

    Raises:
        FileNotFoundError: if the folder holds none of them.
        ValueError: if what is there cannot be used; the message says why.
    """
    read: list[Parts] = []
    tests: dict[str, Labelled] = {}
    sources: list[Source] = []
    for name, (test, split, source) in _FILES.items():
        if (folder / name).is_file():
            parts = read_npz(folder / name, split)
            read.append(parts)
            tests[test] = parts.part(parts.test)
            sources.append(source)
    if not read:
        raise FileNotFoundError(f"{folder} holds neither {' nor '.join(_FILES)}; give the folder that does.")
    fit, validation, held_out = (
        concatenate([parts.part(getattr(parts, part)) for parts in read])
        for part in ("fit", "validation", "held_out")
    )
    return TrainingData(
        fit,
        validation,
        held_out,
        tests,
        tuple(sources),
        "centre of mass",
        (
            "MNIST's digits were cut at random, so validation and calibration digits may be by writers of the training; "
            "its test set is by other writers, as published.",
        ),
        alike=tuple(tests),
    )


_FILES: dict[str, tuple[str, Callable[[Mapping[str, np.ndarray]], Parts], Source]] = {
    "mnist.npz": (
        "mnist test",
        mnist_parts,
        Source(
            "MNIST",
            "Y. LeCun, C. Cortes, C. J. C. Burges; keras.datasets.mnist; made from NIST Special Databases 1 and 3",
            "CC BY-SA 3.0 according to its authors' page as quoted by Keras's documentation",
            "training, calibration and test (the official split)",
        ),
    ),
    "unipen_digits.npz": (
        "unipen new writers",
        unipen_parts,
        Source(
            "UNIPEN, isolated digits (train_r01_v07)",
            "International Unipen Foundation, Zenodo, doi:10.5281/zenodo.1195803",
            "CC BY 4.0 according to Zenodo; an older note on the CD allowed research use only",
            "training, calibration and test (digits drawn with a pen on tablets, rendered from the trajectories; no test "
            "writer took part in the training; about 1 % with a suspect label were left out of all parts but the test)",
        ),
    ),
}

READER = Reader(
    (PathArgument("--data", "PATH", "a folder of npz files (see digits_data.py)", required=True),),
    lambda data: read_digits(data),
)
