"""Digits out of font files, as masks: which fonts there are, and which of them draw digits that people read.

Only shapes live here; colours and surroundings do not (see `house_digits_scene`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib.training.font_licence import licence_of

# Height of the tallest digit of a face, and of the strip in which digits stand on one base line, in pixels.
DIGIT_HEIGHT = 48
STRIP_HEIGHT = 96
_SUFFIXES = {".ttf", ".otf", ".ttc"}
# Shapes are compared in this size; a face is dropped when more of its digits than this look like another digit.
_SHAPE_SIDE = 16
_MISREAD_DIGITS = 2


@dataclass(frozen=True)
class Face:
    """The ten digits of one font.

    Attributes:
        family, style: as the font names itself.
        masks: ten uint8 (STRIP_HEIGHT, width), 0 outside, 255 inside, all on the same base line and scaled so
            that the tallest is DIGIT_HEIGHT high; the width holds the ink only.
        gap: ordinary space between the ink of two digits in pixels.
        licence: that the file names, see `font_licence`.
    """

    family: str
    style: str
    masks: tuple[np.ndarray, ...]
    gap: int
    licence: str


def font_files(folder: Path | None = None) -> tuple[Path, ...]:
    """The font files below a folder, or of this system, in a fixed order.

    Raises:
        FileNotFoundError: if there is no font file.
    """
    folders = (folder,) if folder is not None else _system_folders()
    found = {
        path for top in folders if top.is_dir() for path in top.rglob("*") if path.suffix.lower() in _SUFFIXES
    }
    if not found:
        places = ", ".join(str(top) for top in folders)
        raise FileNotFoundError(
            f"There is no font file ({', '.join(sorted(_SUFFIXES))}) in {places}; "
            "install free fonts such as DejaVu or Open Sans, or give a folder of them with --fonts."
        )
    # By file name, so that the order does not depend on where a system keeps its fonts.
    return tuple(sorted(found, key=lambda path: (path.name, str(path))))


def read_faces(files: Iterable[Path]) -> tuple[Face, ...]:
    """The faces of those files that have ten different digits which look like digits.

    A font of symbols, of another script's digits or of unreadable decoration is found by comparison: each digit
    of a face is given to the digit whose average over all faces is most alike. Every weight and width of a
    family counts as a face; a face of which two digits or fewer are taken for others stays.

    Raises:
        ValueError: if no file has usable digits.
    """
    faces = [face for face in map(_face, files) if face is not None]
    if len(faces) > 2:
        faces = _readable(faces)
    if not faces:
        raise ValueError(
            "None of the font files has the digits 0 to 9; give a folder of text fonts with --fonts."
        )
    return tuple(faces)


def _system_folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        return (Path(os.environ.get("WINDIR", r"C:\Windows")) / "Fonts",)
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library" / "Fonts")
    shared = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
    return (*shared, home / ".local" / "share" / "fonts", home / ".fonts")


def _face(path: Path) -> Face | None:
    """The face of a file, or None if it cannot be opened or its digits are not ten different shapes."""
    try:
        font = ImageFont.truetype(str(path), DIGIT_HEIGHT)
        top, bottom = _extent(font)
        if bottom - top < 4:
            return None
        font = ImageFont.truetype(str(path), max(8, round(DIGIT_HEIGHT**2 / (bottom - top))))
        masks = tuple(_mask(font, str(digit)) for digit in range(10))
        advance = float(np.mean([font.getlength(str(digit)) for digit in range(10)]))
    except (OSError, ValueError):
        return None
    widths = [mask.shape[1] for mask in masks]
    if min(widths) == 0 or len({mask.tobytes() for mask in masks}) < 10:
        return None
    family, style = font.getname()
    gap = int(np.clip(round(advance - float(np.mean(widths))), 1, DIGIT_HEIGHT // 3))
    return Face(family or path.stem, style or "", masks, gap, licence_of(path.read_bytes()))


def _extent(font: ImageFont.FreeTypeFont) -> tuple[float, float]:
    """From the highest to the lowest ink of the ten digits, in pixels below the ascender."""
    boxes = [font.getbbox(str(digit)) for digit in range(10)]
    return min(box[1] for box in boxes), max(box[3] for box in boxes)


def _mask(font: ImageFont.FreeTypeFont, digit: str) -> np.ndarray:
    top, bottom = _extent(font)
    left, _, right, _ = font.getbbox(digit)
    margin = 4
    image = Image.new("L", (max(1, int(right - left)) + 2 * margin, STRIP_HEIGHT))
    corner = (margin - left, STRIP_HEIGHT / 2 - (top + bottom) / 2)
    ImageDraw.Draw(image).text(corner, digit, fill=255, font=font)
    mask = np.asarray(image)
    columns = np.flatnonzero(mask.max(0) > 64)
    return mask[:, columns[0] : columns[-1] + 1].copy() if len(columns) else mask[:, :0]


def _readable(faces: list[Face]) -> list[Face]:
    """The faces whose digits are most like the average of the same digit; twice, so that oddities weigh less."""
    kept = faces
    for _ in range(2):
        shapes = np.stack([_shapes(face) for face in kept])
        centres = _directions(shapes.mean(0))
        likeness = np.einsum("fdp,cp->fdc", shapes, centres)
        misread = (likeness.argmax(2) != np.arange(10)).sum(1)
        kept = [face for face, wrong in zip(kept, misread, strict=True) if wrong <= _MISREAD_DIGITS]
    return kept


def _shapes(face: Face) -> np.ndarray:
    """float64 (10, pixels): each digit's ink box in one size, without its mean, as a direction."""
    rows = []
    for mask in face.masks:
        inked = np.flatnonzero(mask.max(1) > 64)
        box = mask[inked[0] : inked[-1] + 1]
        small = cv2.resize(box, (_SHAPE_SIDE, _SHAPE_SIDE), interpolation=cv2.INTER_AREA).astype(np.float64)
        rows.append(cv2.GaussianBlur(small, (0, 0), 1.0).ravel())
    table = np.stack(rows)
    return _directions(table - table.mean(1, keepdims=True))


def _directions(table: np.ndarray) -> np.ndarray:
    return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-9)
