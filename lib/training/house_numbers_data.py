"""What the house-number network trains on: real crops of a folder and generated digits, or the official SVHN files.

*A folder* (`--data`) holds one or both of these npz files, with `images` uint8 (N, 32, 32, 3), RGB, and `labels`
0..9:

    svhn_train.npz              crops of Street View photos, `photo_id` (N,): which photo a crop comes from
    chars74k_img_digits.npz     digits cut out of photos of signs

They are few, so the network first learns from generated digits (`house_digits`), drawn with the fonts of
`--fonts` or of this system. Real crops are never held out from the final training: what they tell about accuracy
is measured by cross-validation over photos (`house_numbers`). *The official files* need nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lib.training.data import Labelled, Source, TrainingData, concatenate
from lib.training.house_digits import generate
from lib.training.house_digits_glyphs import Face, font_files, read_faces
from lib.training.npz import read_npz
from lib.training.reader import PathArgument, Reader
from lib.training.svhn_mat import read_svhn_mat

DIGITS = 100_000
_GENERATED_ASIDE = 3_000
# The Reference describes the real crops with so many generated digits, not a hundred thousand with a few real crops.
_KNOWN = 3_000
# One font family in so many draws only the digits for validation and calibration.
_FAMILIES_ASIDE = 10
_SEED = 32
_ASIDE_OF_OFFICIAL = 3_000
SIGN, GENERATED = -1, -2
_REAL_FILES = ("svhn_train.npz", "chars74k_img_digits.npz")

_OFFICIAL = "Street View House Numbers, cropped digits"
_NETZER = (
    "Y. Netzer, T. Wang, A. Coates, A. Bissacco, B. Wu, A. Y. Ng: Reading Digits in Natural Images with "
    "Unsupervised Feature Learning, NIPS workshop 2011, http://ufldl.stanford.edu/housenumbers/"
)


@dataclass(frozen=True)
class HouseNumbers(TrainingData):
    """Training data with what only this recipe has.

    Attributes:
        photos: int64 (len(fit),): the photo that each image to fit was cut out of, or SIGN for a digit of some
            sign's photo, or GENERATED. None for the official files, which need no such distinction.
    """

    photos: np.ndarray | None = None


def read_house_numbers(
    data: Path | None = None,
    fonts: Path | None = None,
    svhn_train: Path | None = None,
    svhn_test: Path | None = None,
    digits: int = DIGITS,
) -> HouseNumbers:
    """Read a folder of real crops and generate digits, or read the official files.

    Args:
        digits: so many are generated to be learned from; fewer are the first of more.

    Raises:
        OSError, ValueError: with a sentence, if a file or the fonts are missing or cannot be used.
    """
    if (data is None) == (svhn_train is None):
        raise ValueError(
            "Give either --data, a folder of real crops that generated digits are added to, "
            "or --svhn-train and --svhn-test, the official files."
        )
    if svhn_train is not None:
        return _read_official(svhn_train, svhn_test)
    assert data is not None
    if svhn_test is not None:
        raise ValueError("--svhn-test belongs to --svhn-train; with --data the accuracy is cross-validated.")
    return _read_folder(data, fonts, digits)


READER = Reader(
    (
        PathArgument("--data", "FOLDER", "folder of real crops (npz); digits drawn with fonts are added"),
        PathArgument("--fonts", "FOLDER", "folder of font files (default: the fonts of this system)"),
        PathArgument("--svhn-train", "FILE", "the official train_32x32.mat, instead of --data"),
        PathArgument("--svhn-test", "FILE", "the official test_32x32.mat"),
    ),
    read_house_numbers,
)


def _read_official(train: Path, test: Path | None) -> HouseNumbers:
    crops = read_svhn_mat(train)
    order = np.random.default_rng(_SEED).permutation(len(crops))
    aside = min(_ASIDE_OF_OFFICIAL, len(crops) // 10)
    if aside == 0:
        raise ValueError(
            f"{train} has only {len(crops)} images; at least 10 are needed to train and to validate."
        )
    validation, held_out, fit = np.split(order, [aside, 2 * aside])
    tests = {} if test is None else {"official SVHN test": read_svhn_mat(test)}
    source = Source(
        _OFFICIAL, _NETZER, "for non-commercial use", "training, calibration and test, as published"
    )
    return HouseNumbers(
        crops.take(fit), crops.take(validation), crops.take(held_out), tests, (source,),
        limits=("Validation and calibration crops may come from the photos that were trained on.",),
    )  # fmt: skip


def _read_folder(folder: Path, fonts: Path | None, digits: int) -> HouseNumbers:
    real = [_read_arrays(folder / name) for name in _REAL_FILES]
    found = [part for part in real if part is not None]
    if not found:
        raise ValueError(
            f"{folder} holds neither svhn_train.npz nor chars74k_img_digits.npz; give the folder that holds them."
        )
    sources = [source for part, source in zip(real, _REAL_SOURCES, strict=True) if part is not None]
    faces = read_faces(font_files(fonts))
    drawing, aside = _split_families(faces)
    print(f"{len(faces)} faces of {len(_families(faces))} font families")
    generated = generate(digits, drawing, _SEED, progress=True)
    unseen = generate(2 * _GENERATED_ASIDE, aside, _SEED + 1, progress=True)
    return HouseNumbers(
        fit=concatenate([*(labelled for labelled, _ in found), generated]),
        validation=unseen.take(np.arange(_GENERATED_ASIDE)),
        held_out=unseen.take(np.arange(_GENERATED_ASIDE, 2 * _GENERATED_ASIDE)),
        tests={},
        sources=(*sources, _font_source(faces)),
        limits=(
            "Validation and calibration digits were generated, with font families that drew none of the digits to "
            "learn from; only the cross-validated figure tells about real photos.",
            "The generator was made to look like these crops. It was revised once, together with a slightly larger network "
            "and one more epoch, after a first cross-validation (0.868), by comparing edges, contrast and colours of its "
            "pictures with those of the crops, without their labels. Other photos may be read less well than the "
            "cross-validation says.",
        ),
        known=concatenate(
            [*(labelled for labelled, _ in found), generated.take(np.arange(min(_KNOWN, digits)))]
        ),
        photos=np.concatenate([*(photos for _, photos in found), np.full(len(generated), GENERATED)]),
    )


def not_generated_to_learn(
    folder: Path, fonts: Path | None = None
) -> tuple[list[Face], np.ndarray, Labelled]:
    """What `--data` gives without the hundred thousand digits, which take minutes: the faces that drew no digit to learn
    from, the real crops uint8 (N, 32, 32, 3), and the held-out digits."""
    _, aside = _split_families(read_faces(font_files(fonts)))
    unseen = generate(2 * _GENERATED_ASIDE, aside, _SEED + 1, progress=True)
    real = [_read_arrays(folder / name) for name in _REAL_FILES]
    crops = [part[0].images for part in real if part is not None]
    return (
        aside,
        np.concatenate([np.zeros((0, 32, 32, 3), np.uint8), *crops]),
        unseen.take(np.arange(_GENERATED_ASIDE, 2 * _GENERATED_ASIDE)),
    )


def _read_arrays(path: Path) -> tuple[Labelled, np.ndarray] | None:
    """Images and the photo of each (SIGN where none is given), or None if there is no such file."""
    if not path.is_file():
        return None
    images, labels, photos = read_npz(path, _crops)
    if (
        images.shape[1:] != (32, 32, 3)
        or images.dtype != np.uint8
        or len(images) != len(labels)
        or len(images) == 0
    ):
        raise ValueError(
            f"{path}: images must be uint8 (N, 32, 32, 3), one for each of the {len(labels)} labels."
        )
    if not np.isin(labels, np.arange(10)).all() or len(photos) != len(labels):
        raise ValueError(f"{path}: labels must be 0 to 9, and every image needs a photo_id or none.")
    return Labelled(images, labels), photos


def _crops(arrays: np.lib.npyio.NpzFile) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    images, labels = arrays["images"], arrays["labels"].astype(np.int64)
    photos = arrays["photo_id"].astype(np.int64) if "photo_id" in arrays.files else np.full(len(labels), SIGN)
    return images, labels, photos


def _families(faces: Sequence[Face]) -> list[str]:
    return sorted({face.family for face in faces})


def _split_families(faces: Sequence[Face]) -> tuple[list[Face], list[Face]]:
    """Faces to draw with and faces set aside; with fewer than two families all of them do both."""
    names = _families(faces)
    if len(names) < 2:
        return list(faces), list(faces)
    order = np.random.default_rng(_SEED).permutation(len(names))
    aside = {names[index] for index in order[: max(1, len(names) // _FAMILIES_ASIDE)]}
    return [f for f in faces if f.family not in aside], [f for f in faces if f.family in aside]


_REAL_SOURCES = (
    Source(
        "Crops of Street View house numbers",
        f"cut out of full-number photos of the SVHN data set for this project, not its official crops; {_NETZER}",
        "SVHN is for non-commercial use; the images are not distributed here",
        "training, and test by cross-validation over photos",
    ),
    Source(
        "Chars74K, EnglishImg, digits",
        "T. de Campos, B. Babu, M. Varma: Character recognition in natural images, VISAPP 2009",
        "for research; the images are not distributed here",
        "training (digits out of photos of signs)",
    ),
)


def _font_source(faces: Sequence[Face]) -> Source:
    names = _families(faces)
    licence_of_family = {face.family: face.licence for face in faces}
    counts = Counter(licence_of_family.values()).most_common()
    return Source(
        f"Digits drawn by the project's generator with {len(faces)} faces of {len(names)} font families",
        ", ".join(names),
        "as the font files say, by number of families: "
        + ", ".join(f"{licence} ({count})" for licence, count in counts)
        + "; no font is distributed here",
        "training, validation and calibration",
    )
