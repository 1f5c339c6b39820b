"""Handwritten capitals for training and evaluation: what is read, how it is split, where it comes from.

The data are given as a path to one of two things.

*A CSV file in the Kaggle A-Z format*, read by `kaggle_csv`, used as it is and split at random.

*A folder holding these npz files* (the first three train, any of them may be missing as long as one that
trains is there). Every file has `images` uint8 and `labels` (integers, 0 = A):

    unipen_upper.npz     images (N, H, W) white on black, `writer` (N,), `is_test` (N,) of other writers than the
                         rest, `knn_support` (N,): 0 marks a label that no similar letter shares; may hold the
                         strokes of the pen as well (see redrawn.py)
    mohneesh_az.npz      images (N, H, W) white on black, `is_test` (N,)
    az_kaggle_sample.npz images (N, 28, 28) white on black, `part` (N,): "original" trains, "uniform" tests
    chars74k_hnd.npz     images (N, H, W) black on white, labels 10..35 are A..Z, the others are left out; tests
    tessalonica_az.npz   images (N, H, W) white on black; tests

From a folder every image is brought into normal form. The training data are cut into a part to fit, a part to
stop and choose by (validation) and a part held out for calibration; where writers are known no writer is in two
parts. The cut does not depend on the seed of the training, so that models can be compared.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lib.training.data import Labelled, Source, TrainingData, concatenate
from lib.training.kaggle_csv import read_kaggle_csv
from lib.training.normal_form import normal_forms
from lib.training.npz import read_npz
from lib.training.reader import PathArgument, Reader

CLASS_NAMES: tuple[str, ...] = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")

UNIPEN = "unipen_upper.npz"

_SPLIT_SEED = 73817788
_VALIDATION, _HELD_OUT = 0.05, 0.05
_TEST_OF_CSV = 0.2


def read_letters(path: Path) -> TrainingData:
    """Read a folder of npz files or a CSV file, as the head of this file describes.

    Raises:
        FileNotFoundError: if there is nothing at `path`.
        ValueError: if what is there cannot be used; the message says why.
    """
    if path.is_dir():
        return _read_folder(path)
    if path.is_file():
        return _read_csv(path)
    raise FileNotFoundError(f"There is no folder or CSV file at {path}.")


def _read_csv(path: Path) -> TrainingData:
    images, labels = read_kaggle_csv(path)
    letters = Labelled(images, labels)
    order = np.random.default_rng(_SPLIT_SEED).permutation(len(letters))
    sizes = [max(1, round(len(letters) * share)) for share in (_TEST_OF_CSV, _VALIDATION, _HELD_OUT)]
    test, validation, held_out, fit = np.split(order, np.cumsum(sizes))
    if len(fit) == 0:
        raise ValueError(f"{path} has only {len(letters)} rows; at least 5 are needed to split them.")
    source = Source(
        "A-Z Handwritten Alphabets in .csv format",
        "Kaggle data set sachinpatel21/az-handwritten-alphabets-in-csv-format, made from NIST Special Database 19",
        "as stated on its Kaggle page; not verified here",
        "training, calibration and test (random split)",
    )
    return TrainingData(
        letters.take(fit),
        letters.take(validation),
        letters.take(held_out),
        {"random split of the CSV": letters.take(test)},
        (source,),
        "bounding box",
        (
            "The test letters are a random split of one CSV file: the same people wrote the training letters, "
            "so the accuracy says nothing about new writers or other pens.",
        ),
    )


def _read_folder(folder: Path) -> TrainingData:
    parts: list[tuple[Labelled, Labelled, Labelled]] = []
    tests: dict[str, Labelled] = {}
    alike: list[str] = []
    sources: list[Source] = []
    for name, reader in _READERS.items():
        if (folder / name).is_file():
            training, found, source = read_npz(folder / name, reader)
            parts.extend(training)
            tests.update(found)
            # A file's further test sets hold the same letters in another form.
            alike.extend(list(found)[:1] if training else [])
            sources.append(source)
    if not parts:
        raise ValueError(
            f"{folder} holds none of the training files {', '.join(list(_READERS)[:3])}; "
            "give the folder that holds them, or a CSV file in the Kaggle A-Z format."
        )
    fit, validation, held_out = (concatenate([part[index] for part in parts]) for index in range(3))
    limits = [
        "Letters were cropped to their ink; a picture with several letters, lines or shadows is not covered."
    ]
    return TrainingData(
        fit,
        validation,
        held_out,
        tests,
        tuple(sources),
        "centre of mass",
        tuple(limits),
        alike=tuple(alike),
    )


# The three parts of a file's training letters (none for a test-only file), its test sets, where it comes from.
_Read = tuple[list[tuple[Labelled, Labelled, Labelled]], dict[str, Labelled], Source]


def fitted_unipen(arrays: np.lib.npyio.NpzFile) -> np.ndarray:
    """bool (N,): which letters of `unipen_upper.npz` are fitted, none of another writer or with a suspect label."""
    fit, _, _ = cut(arrays["writer"], arrays["is_test"] != 1)
    return fit & (arrays["knn_support"] != 0)


def _unipen(arrays: np.lib.npyio.NpzFile) -> _Read:
    letters = Labelled(normal_forms(arrays["images"]), arrays["labels"].astype(np.int64))
    is_test = arrays["is_test"] == 1
    _, validation, held_out = cut(arrays["writer"], ~is_test)
    source = Source(
        "UNIPEN, isolated capitals (train_r01_v07)",
        "International Unipen Foundation, Zenodo, doi:10.5281/zenodo.1195803",
        "CC BY 4.0 according to Zenodo; an older note on the CD allowed research use only",
        "training, calibration and test (capitals drawn with a pen on tablets, rendered from the trajectories; "
        "no test writer took part in the training; about 3 % with a suspect label were left out of the part "
        "that was fitted, none out of the others)",
    )
    split = (letters.take(fitted_unipen(arrays)), letters.take(validation), letters.take(held_out))
    return [split], {"unipen new writers": letters.take(is_test)}, source


def _kaggle_sample(arrays: np.lib.npyio.NpzFile) -> _Read:
    labels = arrays["labels"].astype(np.int64)
    stored = Labelled(arrays["images"], labels)
    letters = Labelled(normal_forms(arrays["images"]), labels)
    trains, tests = arrays["part"] == "original", arrays["part"] == "uniform"
    source = Source(
        "A sample of A-Z Handwritten Alphabets in .csv format",
        "Kaggle data set sachinpatel21/az-handwritten-alphabets-in-csv-format, made from NIST Special Database 19",
        "as stated on its Kaggle page; not verified here",
        "one part for training and calibration, another (112 to 115 images a letter) for test",
    )
    found = {
        "kaggle format": letters.take(tests),
        "kaggle format, centred by bounding box as stored": stored.take(tests),
    }
    return [_split(letters, trains)], found, source


def _mohneesh(arrays: np.lib.npyio.NpzFile) -> _Read:
    letters = Labelled(normal_forms(arrays["images"]), arrays["labels"].astype(np.int64))
    is_test = arrays["is_test"] == 1
    source = Source(
        "Handwritten English Alphabet",
        "github.com/mohneesh7/Handwritten-English-Alphabet-Recognition",
        "not stated by its author",
        "training, calibration and test (scanned pen on paper; 3 to 5 % are upside down or mirrored)",
    )
    return [_split(letters, ~is_test)], {"mohneesh test": letters.take(is_test)}, source


def _chars74k(arrays: np.lib.npyio.NpzFile) -> _Read:
    capital = (arrays["labels"] >= 10) & (arrays["labels"] < 36)
    images = 255 - arrays["images"][capital]
    letters = Labelled(normal_forms(images), arrays["labels"][capital].astype(np.int64) - 10)
    source = Source(
        "Chars74K, EnglishHnd, capitals",
        "T. de Campos, B. Babu, M. Varma: Character recognition in natural images, VISAPP 2009",
        "for research; the images are not distributed here",
        "test only (drawn on a tablet by 55 people)",
    )
    return [], {"chars74k capitals (external)": letters}, source


def _tessalonica(arrays: np.lib.npyio.NpzFile) -> _Read:
    letters = Labelled(normal_forms(arrays["images"]), arrays["labels"].astype(np.int64))
    source = Source(
        "Tessalonica A-Z",
        "mouse-drawn capitals of a web canvas, 28x28, some cut off or misplaced",
        "not stated by its author; the images are not distributed here",
        "test only",
    )
    return [], {"tessalonica mouse-drawn (external)": letters}, source


_READERS = {
    UNIPEN: _unipen,
    "az_kaggle_sample.npz": _kaggle_sample,
    "mohneesh_az.npz": _mohneesh,
    "chars74k_hnd.npz": _chars74k,
    "tessalonica_az.npz": _tessalonica,
}


def _split(letters: Labelled, available: np.ndarray) -> tuple[Labelled, Labelled, Labelled]:
    """Cut at random: every image is its own writer."""
    fit, validation, held_out = cut(np.arange(len(letters)), available)
    return letters.take(fit), letters.take(validation), letters.take(held_out)


def cut(writers: np.ndarray, available: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Three disjoint masks (N,) of the available images (fit, validation, held out), whole writers each."""
    names = np.unique(writers[available])
    order = np.random.default_rng(_SPLIT_SEED).permutation(names)
    first = max(1, round(len(names) * _VALIDATION)) if len(names) > 2 else 0
    second = first + (max(1, round(len(names) * _HELD_OUT)) if len(names) > 2 else 0)
    validation = available & np.isin(writers, order[:first])
    held_out = available & np.isin(writers, order[first:second])
    return available & ~validation & ~held_out, validation, held_out


READER = Reader(
    (
        PathArgument(
            "--data",
            "PATH",
            "a folder of npz files (see letters_data.py) or a Kaggle A-Z CSV file",
            required=True,
        ),
    ),
    lambda data: read_letters(data),
)
