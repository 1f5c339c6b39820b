"""The data of letters-robust: the letters of `letters_data`, printed capitals, and outsiders as a 27th class.

Splits are by kind: the scripts, alphabets and generators that choose and those that measure are never trained on.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from lib.training.conditions import CONDITIONS
from lib.training.data import Labelled, Source, TrainingData, concatenate
from lib.training.letters_data import CLASS_NAMES, UNIPEN, read_letters
from lib.training.normal_form import normal_forms
from lib.training.outsiders import kinds
from lib.training.outsiders.collected import CERTAIN, Collected, collect
from lib.training.outsiders.look_alikes import look_alikes
from lib.training.outsiders.scripts import (
    TEST_SCRIPTS,
    VALIDATION_SCRIPTS,
    font_files,
    printed_capitals,
    script_glyphs,
)
from lib.training.outsiders.skeleton import as_drawn
from lib.training.reader import PathArgument, Reader
from lib.training.redrawn import redrawn_letters

NOT_A_LETTER = len(CLASS_NAMES)
ROBUST_CLASS_NAMES = (*CLASS_NAMES, "not a letter")

_SEED = 20260
_LINES_EACH, _SURFACES_EACH = 600, 250
_GLYPHS_EACH = 120
_COLLECTED = 4000
_COPIES = 3
# No capital is this much wider than high; some data hold a stray stroke under a letter's name.
_WIDEST = 2.2
_TEST_EACH = 300
_CAPITALS_EACH = 60


def read_robust(data: Path, fonts: Path | None = None) -> TrainingData:
    """Letters from a folder or CSV file, outsiders from the folders around it, glyphs from a folder of fonts.

    Args:
        data: as for `read_letters`; files of `collected` are looked for in, below and beside a folder.
        fonts: searched for font files; None goes without glyphs of other scripts and printed capitals.

    Raises:
        OSError, ValueError: something is missing or unusable; the message says what.
    """
    letters = read_letters(data)
    random = np.random.default_rng(_SEED)
    collected = collect(data) if data.is_dir() else Collected()
    printed = _add_fonts(collected, fonts, random) if fonts else Labelled(*_none())
    known = concatenate([upright(letters.fit), printed])

    lines = kinds.drawn(kinds.LINES, _LINES_EACH, random)
    signs = {name: _some(images, _COLLECTED, random) for name, images in collected.fit.items()}
    surfaces = kinds.surfaces(kinds.SURFACES, _SURFACES_EACH, random)
    outsiders = np.concatenate([*_unlike(known, {"lines": lines, **signs}).values(), surfaces])

    chosen_by = [
        *_unlike(known, collected.validation).values(),
        kinds.drawn(kinds.VALIDATION_LINES, _TEST_EACH // 2, random),
        kinds.surfaces(kinds.VALIDATION_SURFACES, _TEST_EACH // 2, random),
    ]
    return TrainingData(
        concatenate([known, _labelled(outsiders)]),
        concatenate(
            [letters.validation, *_under_conditions(letters.validation), _labelled(np.concatenate(chosen_by))]
        ),
        letters.held_out,
        {**letters.tests, **rejection_tests(collected, known)},
        (*letters.sources, *collected.sources, _generated()),
        letters.centre,
        (*letters.limits, *_limits(fonts)),
        # The Reference tells what is typical of a letter; outsiders have nothing in common.
        known,
        _redrawn(data),
        letters.alike,
    )


def rejection_tests(collected: Collected, letters: Labelled) -> dict[str, Labelled]:
    """Outsiders of kinds and scripts that nothing is trained on; a script's look-alikes are left out."""
    random = np.random.default_rng(_SEED + 1)
    found = _unlike(letters, collected.tests)
    found["loops, fish, stick figures"] = kinds.drawn(kinds.TEST_LINES, _TEST_EACH, random)
    found["cells"] = kinds.surfaces(kinds.TEST_SURFACES, _TEST_EACH, random)
    found["pieces of photographs"] = kinds.photographs(_TEST_EACH, random)
    return {f"not letters: {name}": _labelled(images) for name, images in found.items()}


def _add_fonts(into: Collected, folder: Path, random: np.random.Generator) -> Labelled:
    """Puts the fonts' glyphs into the collection by script, and gives their capitals."""
    files = font_files(folder)
    scripts = script_glyphs(files, _GLYPHS_EACH, random)
    for script, glyphs in scripts.items():
        printed, drawn = normal_forms(glyphs), normal_forms(as_drawn(glyphs, random))
        if script in VALIDATION_SCRIPTS:
            into.validation[script] = np.concatenate([printed[::4], drawn[1::4]])
        elif script not in TEST_SCRIPTS:
            # Turned and mirrored they are characters of scripts that nobody writes.
            strange = np.stack([turned(glyph, int(random.integers(1, 8))) for glyph in drawn])
            into.fit[script] = np.concatenate([printed, drawn, strange])
    measured = [glyphs for script, glyphs in scripts.items() if script in TEST_SCRIPTS]
    if measured:
        into.tests["printed characters of ten scripts"] = normal_forms(np.concatenate(measured))
        into.tests["the same ten scripts as if drawn"] = normal_forms(
            as_drawn(np.concatenate(measured), random)
        )
    capitals = printed_capitals(files, _CAPITALS_EACH, random)
    images, labels = capitals.images, capitals.labels
    if len(images):
        images, labels = np.concatenate([images, as_drawn(images, random)]), np.tile(labels, 2)
    into.sources.append(
        Source(
            "Glyphs of fonts",
            f"the folder of --fonts; for the committed model those that Debian packages, above all fonts-noto-core and "
            f"fonts-noto-cjk. Capitals of {', '.join(capitals.families)}",
            "SIL Open Font License 1.1 (Noto and most others) and other free licences; no font and no glyph is "
            "distributed here",
            f"training: {len(labels)} printed capitals as letters, the characters of {len(scripts)} scripts but the "
            'following as "not a letter", as they are and as if drawn with a pen; choosing by '
            f"{', '.join(sorted(VALIDATION_SCRIPTS))}; test on "
            f"{', '.join(sorted(TEST_SCRIPTS))}",
        )
    )
    return Labelled(normal_forms(images) if len(images) else _none()[0], labels)


def _redrawn(data: Path) -> Labelled | None:
    """Copies of the letters whose strokes are known; None without strokes."""
    path = data / UNIPEN
    if not path.is_file():
        return None
    copies = redrawn_letters(path, _COPIES, np.random.default_rng(_SEED + 2))
    return upright(copies) if len(copies) else None


def _generated() -> Source:
    return Source(
        "Outsiders drawn by rules",
        "lib/training/outsiders",
        "Apache-2.0, as this project",
        'training of "not a letter": scribbles, zigzags, spirals, hatching, waves, polygons, boxes, invented signs, '
        "doodles, dots, blobs, blank sheets, noise, gratings, checks, gradients, edges, overlapping shapes, halftones; "
        "letters mirrored, turned, cut, several at once, as text, crossed out. Choosing by square spirals, trees, flowers, "
        "bricks, wood. Test on loops, fish, stick figures, cells and pieces of two photographs that come with scikit-learn",
    )


def _limits(fonts: Path | None) -> tuple[str, ...]:
    missing = (
        () if fonts else ("No fonts were given: no printed letter and no printed script was trained on.",)
    )
    return (
        'A digit 0, 1, 2, 5 or 8 and a mark such as ( | / + counts neither as a letter nor as "not a letter", because '
        "it looks like a capital; the same holds for characters of other scripts that look like one.",
        *missing,
    )


def _under_conditions(letters: Labelled) -> list[Labelled]:
    """A quarter of the letters under each condition."""
    quarter = letters.take(np.arange(0, len(letters), 4))
    return [Labelled(condition.change(quarter.images), quarter.labels) for condition in CONDITIONS]


def _unlike(letters: Labelled, images: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The same without what looks like a capital."""
    doubtful = [name for name in images if name not in CERTAIN]
    if not doubtful:
        return dict(images)
    found = look_alikes(np.concatenate([images[name] for name in doubtful]), letters)
    parts = np.split(found, np.cumsum([len(images[name]) for name in doubtful])[:-1])
    return {**images, **{name: images[name][~part] for name, part in zip(doubtful, parts, strict=True)}}


def turned(image: np.ndarray, way: int) -> np.ndarray:
    """One of the seven other ways to lay a square down: 1 to 3 quarter turns, 4 to 7 mirrored first."""
    return np.ascontiguousarray(np.rot90(np.fliplr(image) if way >= 4 else image, way % 4))


def upright(letters: Labelled) -> Labelled:
    """Without the images of one lying stroke, which no capital is."""
    ink = letters.images > 50
    wide, high = ink.any(1).sum(1), ink.any(2).sum(1)
    return letters.take(wide < _WIDEST * np.maximum(high, 1))


def _some(images: np.ndarray, largest: int, random: np.random.Generator) -> np.ndarray:
    chosen: np.ndarray = images[random.permutation(len(images))[:largest]]
    return chosen


def _labelled(outsiders: np.ndarray) -> Labelled:
    return Labelled(outsiders, np.full(len(outsiders), NOT_A_LETTER, np.int64))


def _none() -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((0, 28, 28), np.uint8), np.zeros(0, np.int64)


READER = Reader(
    (
        PathArgument(
            "--data",
            "PATH",
            "a folder of npz files (see letters_data.py; symbols, digits and other scripts as outsiders/collected.py has "
            "them, in it, below or beside it) or a Kaggle A-Z CSV file",
            required=True,
        ),
        PathArgument(
            "--fonts",
            "FOLDER",
            "fonts for other scripts' glyphs and printed capitals, such as /usr/share/fonts",
        ),
    ),
    read_robust,
)
