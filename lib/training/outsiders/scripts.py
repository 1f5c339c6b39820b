"""Glyphs of the world's other scripts, and printed capitals, from whatever fonts lie in a folder.

Nothing here names a font: which script a font can write is found by asking it for the script's first letters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lib.training.outsiders.pen import SIDE

# These share letters with A to Z, or were made after them.
_LIKE_LATIN = {
    "LATIN", "GREEK", "CYRILLIC", "COPTIC", "CHEROKEE", "LISU", "CARIAN", "LYCIAN", "LYDIAN", "ELBASAN", "DESERET",
    "GOTHIC", "OSAGE", "TIFINAGH", "WARANG", "MATHEMATICAL", "FULLWIDTH", "SQUARED", "CIRCLED", "PARENTHESIZED", "MODIFIER",
    "SUPERSCRIPT", "SUBSCRIPT", "DOUBLE", "SCRIPT", "BLACK", "TURNED", "ROMAN", "DIGIT", "NEGATIVE", "REGIONAL",
    "BLACK-LETTER", "DOUBLE-STRUCK", "ANGSTROM", "EULER", "KELVIN", "OHM", "PLANCK", "INFORMATION", "MASU", "IDEOGRAPHIC",
    "ALEF", "BET", "GIMEL", "DALET", "OLD ITALIC",
}  # fmt: skip
# Old Turkic and Old Persian have nothing in common but the first word.
_TWO_WORDS = {"OLD", "TAI", "LINEAR", "INSCRIPTIONAL", "PSALTER", "CANADIAN"}
# Measured on, never trained on; the relatives of Devanagari's letters that Omniglot calls Sanskrit are among them.
TEST_SCRIPTS = frozenset(
    (
        "DEVANAGARI",
        "GEORGIAN",
        "ETHIOPIC",
        "THAI",
        "TAMIL",
        "GLAGOLITIC",
        "TIBETAN",
        "KHAROSHTHI",
        "NKO",
        "SHAVIAN",
    )
)
# Chosen by, never trained on.
VALIDATION_SCRIPTS = frozenset(
    ("BALINESE", "ARMENIAN", "LAO", "GURMUKHI", "RUNIC", "PHAGS-PA", "THAANA", "OL")
)
_FIRST, _LAST = 0x0370, 0x1F000
_SIZE = 48
_FROM_ONE_FONT = 60


def script_of(character: str) -> str | None:
    """The first word (of some two) of a letter's Unicode name, "DEVANAGARI"; None for no letter or one like Latin."""
    if unicodedata.category(character) not in ("Lo", "Lu", "Ll"):
        return None
    first, _, rest = unicodedata.name(character, "").partition(" ")
    script = f"{first} {rest.split(' ')[0]}" if first in _TWO_WORDS else first
    return None if not script or script in _LIKE_LATIN else script


@cache
def letters_by_script() -> dict[str, tuple[str, ...]]:
    """Every script's letters, at most 400 spread over it."""
    found: dict[str, list[str]] = {}
    for point in range(_FIRST, _LAST):
        script = script_of(chr(point))
        if script:
            found.setdefault(script, []).append(chr(point))
    return {script: tuple(all_[:: max(1, len(all_) // 400)][:400]) for script, all_ in sorted(found.items())}


def font_files(folder: Path) -> list[Path]:
    """Every .ttf, .otf and .ttc below a folder, in a fixed order.

    Raises:
        FileNotFoundError: there is no such folder, or no font in it.
    """
    files = sorted(p for p in folder.rglob("*") if p.suffix.lower() in (".ttf", ".otf", ".ttc"))
    if not files:
        raise FileNotFoundError(f"There are no fonts (.ttf, .otf or .ttc) in {folder}.")
    return files


def script_glyphs(files: list[Path], per_script: int, random: np.random.Generator) -> dict[str, np.ndarray]:
    """{script: uint8 (n, SIDE, SIDE)}, white on black: up to `per_script` letters of each script that the fonts write."""
    wanted = letters_by_script()
    drawn: dict[str, list[np.ndarray]] = {script: [] for script in wanted}
    for font in _fonts(files):
        known = _Repertoire(font)
        for script, characters in wanted.items():
            if not (characters[0] in known and characters[len(characters) // 2] in known):
                continue
            for index in random.permutation(len(characters))[: min(per_script, _FROM_ONE_FONT)]:
                glyph = _draw(font, characters[index]) if characters[index] in known else None
                if glyph is not None:
                    drawn[script].append(glyph)
    found = {}
    for script, glyphs in drawn.items():
        if glyphs:
            chosen = random.permutation(len(glyphs))[:per_script]
            found[script] = np.stack([glyphs[index] for index in chosen])
    return found


@dataclass(frozen=True)
class Capitals:
    """Printed A to Z: images uint8 (26 * n, SIDE, SIDE), labels int64, and the families of the fonts."""

    images: np.ndarray
    labels: np.ndarray
    families: tuple[str, ...]


def printed_capitals(files: list[Path], each: int, random: np.random.Generator) -> Capitals:
    """A to Z in up to `each` of the fonts that can write Latin."""
    fonts = [font for font in _fonts(files) if _writes_latin(font)]
    chosen = [fonts[index] for index in random.permutation(len(fonts))[:each]]
    drawn = [(_draw(font, chr(ord("A") + label)), label) for font in chosen for label in range(26)]
    images = [image for image, _ in drawn if image is not None]
    labels = np.array([label for image, label in drawn if image is not None], np.int64)
    families = {font.getname()[0] or "unnamed" for font in chosen}
    stacked = np.stack(images) if images else np.zeros((0, SIDE, SIDE), np.uint8)
    return Capitals(stacked, labels, tuple(sorted(families)))


def _fonts(files: list[Path]) -> Iterator[ImageFont.FreeTypeFont]:
    for file in files:
        try:
            yield ImageFont.truetype(str(file), _SIZE)
        except OSError:
            # A bitmap or damaged font; there are enough others.
            continue


def _writes_latin(font: ImageFont.FreeTypeFont) -> bool:
    """Whether its A, E and O are there and differ; symbol fonts put pictures there, which the names give away."""
    name = " ".join(part or "" for part in font.getname()).lower()
    if any(word in name for word in ("symbol", "dingbat", "emoji", "music", "icon", "d050000l", "small")):
        return False
    known = _Repertoire(font)
    return all(character in known for character in "AEOZaeo")


def _draw(font: ImageFont.FreeTypeFont, character: str) -> np.ndarray | None:
    """The glyph in the middle of a square as large as it needs, brought to SIDE; None without ink."""
    try:
        left, top, right, bottom = font.getbbox(character)
    except (OSError, ValueError):
        return None
    width, height = int(right - left), int(bottom - top)
    if width < 1 or height < 1 or max(width, height) > 8 * _SIZE:
        return None
    side = max(width, height) + 4
    sheet = Image.new("L", (side, side))
    place = ((side - width) / 2 - left, (side - height) / 2 - top)
    ImageDraw.Draw(sheet).text(place, character, fill=255, font=font)
    image = np.asarray(sheet.resize((SIDE, SIDE), Image.Resampling.BOX))
    return image if image.max() > 100 else None


class _Repertoire:
    """Which characters a font has: those that it does not draw as it draws what no font has."""

    def __init__(self, font: ImageFont.FreeTypeFont) -> None:
        # Small letters are enough to tell, and quick.
        self._font = font.font_variant(size=12)
        self._missing = self._look("\U0010fffe")

    def __contains__(self, character: str) -> bool:
        look = self._look(character)
        return look is not None and look != self._missing

    def _look(self, character: str) -> tuple[tuple[int, int], bytes] | None:
        try:
            mask = self._font.getmask(character)
        except (OSError, ValueError):
            return None
        return (mask.size, bytes(mask)) if min(mask.size) > 0 else None
