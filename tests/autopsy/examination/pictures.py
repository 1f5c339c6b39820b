"""Drawn pictures and contracts for the tests of the examination; no tests here."""

from __future__ import annotations

import dataclasses
import io
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image

from lib.autopsy.examination import Clue, View
from lib.autopsy.examination.clue import Examiner
from lib.contract import Contract
from lib.drawing import Drawing, Stroke
from lib.picture import Picture, decode
from lib.pipeline import Pipeline
from lib.reference import Reference
from lib.zoo import card

SAMPLES = Path(__file__).resolve().parents[3] / "sample_images"
COLOUR = Contract((32, 32, 3), (32, 32), ("a", "b"), channels=3, value_range="-1..1", frame="centre crop")


def letters() -> Contract:
    """White on black, cropped to the ink, 0..255."""
    return card("letters-mlp").contract


@cache
def reference() -> Reference:
    return Reference.load(card("letters-mlp").reference_path)


def line(*points: tuple[int, int], size: int = 75) -> Stroke:
    return Stroke("pen", size, tuple((x, y, 255) for x, y in points))


def letter_h(size: int = 75, paper: str = "white") -> Picture:
    """An H of 280 x 280 pixels, black on white or white on black."""
    strokes = (
        line((250, 200), (250, 800), size=size),
        line((750, 200), (750, 800), size=size),
        line((250, 500), (750, 500), size=size),
    )
    return Drawing(strokes, paper).picture()


def drawn(*strokes: Stroke) -> Picture:
    return Drawing(strokes).picture()


def pixels(array: np.ndarray) -> Picture:
    return Picture.from_array(np.clip(np.rint(array), 0, 255).astype(np.uint8))


def on_paper(level: float = 190, ink: float = 60, shade: float = 30) -> Picture:
    """The H on gray paper that gets darker from left to right."""
    black = letter_h().pixels[..., 0].astype(np.float64) / 255
    return pixels(ink + (level - ink) * black - shade * np.linspace(0, 1, 280) * black)


def colours() -> Picture:
    """Red above blue, with some structure and all levels."""
    y, x = np.mgrid[0:1:40j, 0:1:40j]
    return pixels(255 * np.stack([1 - y, x * 0.5, y * x], axis=2))


def file_of(array: np.ndarray, kind: str = "PNG", mode: str | None = None, **saved: object) -> Picture:
    """The array through a real file."""
    stream = io.BytesIO()
    image = Image.fromarray(array)
    (image.convert(mode) if mode else image).save(stream, kind, **saved)
    return decode(stream.getvalue())


def view(
    picture: Picture,
    pipeline: Pipeline | None = None,
    contract: Contract | None = None,
    reference: Reference | None = None,
    **changed: object,
) -> View:
    """The picture through a pipeline, by default the contract's own; `changed` are fields of the contract."""
    wanted = dataclasses.replace(contract or letters(), **changed)  # type: ignore[arg-type]
    return View(picture, (pipeline or wanted.pipeline()).run(picture), wanted, reference)


def clue(examiner: Examiner, looked_at: View) -> Clue | None:
    """The only clue of one examiner."""
    found = list(examiner(looked_at))
    assert len(found) <= 1
    return found[0] if found else None


def found(examiner: Examiner, looked_at: View) -> str:
    """The cause that stands out to one examiner; "" if nothing does."""
    one = clue(examiner, looked_at)
    return one.cause if one and one.sentence else ""
