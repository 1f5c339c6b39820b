"""Digits for the tests of the generator without any installed font: the one font file that Pillow carries inside."""

from functools import cache
from pathlib import Path

from PIL import ImageFont

from lib.training.house_digits_glyphs import Face, read_faces


def write_font(path: Path) -> Path:
    """A TrueType file of Aileron Regular (CC0)."""
    path.write_bytes(ImageFont.load_default(20).font_bytes)
    return path


@cache
def _aileron(folder: Path) -> tuple[Face, ...]:
    return read_faces([write_font(folder / "aileron.ttf")])


def faces(folder: Path) -> tuple[Face, ...]:
    """One face, read from a file that is written into the folder."""
    return _aileron(folder)
