"""The mistakes that can be made with one handwritten character and a network that reads white ink on black."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

from benchmarks.ink_pictures import other_pen, out_of_focus, page, photo, pixelated, two_of_them
from benchmarks.skew import (
    NOT_FIXABLE,
    NOTHING_WRONG,
    Case,
    Make,
    Skew,
    as_picture,
    exif_followed,
    exif_ignored,
    file_of,
    pair,
    wants,
    with_step,
)
from lib.contract import Contract
from lib.picture import Picture, decode


def healthy(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    """Nothing wrong: dark ink on a white page through the model's own pipeline. `glyph` is white on black, tight."""
    return as_picture(page(glyph, random)), contract.pipeline()


def _pixels(change: Callable[[np.ndarray, np.random.Generator], np.ndarray]) -> Make:
    """A skew of the picture."""

    def make(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        return as_picture(change(page(glyph, random), random)), contract.pipeline()

    return make


def _file(write: Callable[[np.ndarray, np.random.Generator], bytes]) -> Make:
    """A skew of the file."""

    def make(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        return decode(write(page(glyph, random), random)), contract.pipeline()

    return make


def _on_paper(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    return as_picture(photo(glyph, random)), contract.pipeline()


def _light_on_dark(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    return as_picture(page(glyph, random, ink=255, paper=0)), contract.pipeline()


def _uncentred(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    picture, pipeline = healthy(glyph, contract, random)
    return picture, pipeline.with_step("frame", mode="squash").with_step("centre", on=False)


def _emnist(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    """EMNIST's recipe for a network trained on MNIST's: two pixels of margin, centred by the box, bicubic."""
    picture, pipeline = healthy(glyph, contract, random)
    pipeline = pipeline.with_step("frame", margin=2 / 28).with_step("centre", mode="bounding box")
    return picture, pipeline.with_step("resize", filter="bicubic")


def _squashed(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    border = 4
    tight = 255 - cv2.copyMakeBorder(glyph, *[border] * 4, cv2.BORDER_CONSTANT, value=0)
    wide = cv2.resize(tight, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    side = wide.shape[1] // 2
    wide = cv2.copyMakeBorder(wide, 0, 0, side, side, cv2.BORDER_CONSTANT, value=255)
    return as_picture(wide), contract.pipeline().with_step("frame", mode="squash")


def _several(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    return as_picture(page(two_of_them(glyph, random), random)), contract.pipeline()


def _see_through(glyph: np.ndarray, random: np.random.Generator) -> Picture:
    """Black ink on nothing."""
    drawn = page(glyph, random)
    rgba = np.zeros((*drawn.shape, 4), np.uint8)
    rgba[..., 3] = 255 - drawn
    return Picture.from_array(rgba)


def _alpha_dropped(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    return _see_through(glyph, random), contract.pipeline().with_step("transparency", background="ignore")


def _red_ink(glyph: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    """Red ink on white, seen through the red channel."""
    drawn = page(glyph, random)
    pixels = np.stack([np.full_like(drawn, 250), drawn, drawn], axis=2)
    return as_picture(pixels), contract.pipeline().with_step("grayscale", recipe="red")


def _turned(turns: tuple[int, ...]) -> Make:
    return _pixels(lambda image, random: np.ascontiguousarray(np.rot90(image, int(random.choice(turns)))))


def _strong_jpeg(image: np.ndarray, random: np.random.Generator) -> bytes:
    small = cv2.resize(image, (64, 64), interpolation=cv2.INTER_AREA)
    return file_of(small, "JPEG", quality=int(random.integers(3, 9)))


def _twelve_bits(image: np.ndarray, random: np.random.Generator) -> bytes:
    """A scanner's 12 bits in a 16-bit file: divided by 257, white comes out as 16."""
    levels = (image.astype(np.float32) * (4095 / 255)).astype(np.uint16)
    return cv2.imencode(".png", levels)[1].tobytes()


def _harmless_file(image: np.ndarray, random: np.random.Generator) -> bytes:
    """A good JPEG, a palette, or honest 16 bits: decoding takes care of them."""
    kind = int(random.integers(3))
    if kind == 0:
        return file_of(image, "JPEG", quality=90)
    if kind == 1:
        return file_of(image, "GIF")
    return cv2.imencode(".png", image.astype(np.uint16) * 257)[1].tobytes()


_SIGNED = ("range-signed-expected", "range-too-small", "imagenet-mode")
_STANDARD = ("row-normalised", "standardisation")

SINGLES: tuple[Skew, ...] = (
    Skew(
        "range 0..1",
        ("range-too-small", "rescaling-in-model"),
        with_step(healthy, "value_range", mode="0..1"),
        wants("0..255"),
    ),
    Skew(
        "range 0..255",
        ("range-too-large",),
        with_step(healthy, "value_range", mode="0..255"),
        wants("0..1"),
    ),
    Skew(
        "divided twice",
        ("preprocess-twice", "range-too-small"),
        with_step(healthy, "value_range", times="twice"),
        wants("0..1"),
    ),
    Skew("range -1..1", _SIGNED, with_step(healthy, "value_range", mode="-1..1")),
    Skew("standardised", _STANDARD, with_step(healthy, "value_range", mode="standardise")),
    Skew("not inverted", ("polarity",), with_step(healthy, "invert", on=False)),
    Skew(
        "light ink, inverted all the same",
        ("polarity",),
        with_step(_light_on_dark, "invert", method="255 - x"),
    ),
    Skew("1 - x on bytes", ("uint8-wrap",), with_step(healthy, "invert", method="1 - x as uint8")),
    Skew("1 - x on floats", ("one-minus-float",), with_step(healthy, "invert", method="1 - x as float")),
    Skew("sigmoid in 0..1", ("contrast-range",), with_step(healthy, "sigmoid", on=True, output="0..1")),
    Skew("paper", ("background-not-flat",), _on_paper),
    # On gray paper 1 - x on bytes is 257 - x, a right inversion: the paper is what is wrong.
    Skew(
        "paper, 1 - x on bytes",
        ("background-not-flat",),
        with_step(_on_paper, "invert", method="1 - x as uint8"),
    ),
    Skew("not cropped, not centred", ("size-and-centring",), _uncentred),
    Skew("EMNIST's recipe", ("size-and-centring", "resize-filter"), _emnist),
    Skew("squashed", ("aspect-ratio", "size-and-centring"), _squashed),
    Skew("turned", ("orientation",), _turned((1, 2, 3))),
    Skew(
        "transposed",
        ("orientation", "mirrored", "axis-order"),
        _pixels(lambda image, _: np.ascontiguousarray(image.T)),
    ),
    Skew(
        "mirrored",
        ("mirrored", "orientation"),
        _pixels(lambda image, _: np.ascontiguousarray(image[:, ::-1])),
    ),
    Skew("EXIF ignored", ("exif-rotation", "orientation"), exif_ignored(healthy)),
    Skew("other pen", ("stroke-width",), _pixels(other_pen)),
    Skew("out of focus", ("edge-softness",), _pixels(out_of_focus)),
    Skew("pixelated", ("edge-softness", "resize-filter"), _pixels(pixelated)),
    Skew("alpha dropped", ("alpha-channel",), _alpha_dropped),
    Skew("red ink in red light", ("grayscale-recipe",), _red_ink),
    Skew("nearest neighbour", ("resize-filter",), with_step(healthy, "resize", filter="nearest")),
    Skew("JPEG quality 3 to 8", ("jpeg-artifacts", "background-not-flat"), _file(_strong_jpeg)),
)
NOT_FIXABLES: tuple[Skew, ...] = (
    Skew("12 bits in 16", ("bit-depth-or-mode",), _file(_twelve_bits), kind=NOT_FIXABLE),
    Skew("two characters", ("several-glyphs",), _several, kind=NOT_FIXABLE),
    Skew("blank page", ("blank",), _pixels(lambda image, _: np.full_like(image, 255)), kind=NOT_FIXABLE),
)
NOTHING: tuple[Skew, ...] = (
    Skew("healthy", (), healthy, kind=NOTHING_WRONG),
    Skew("healthy, light ink on a dark page", (), _light_on_dark, kind=NOTHING_WRONG),
    Skew("healthy, JPEG, GIF or 16-bit PNG", (), _file(_harmless_file), kind=NOTHING_WRONG),
    Skew("healthy, turned by its EXIF tag", (), exif_followed(healthy), kind=NOTHING_WRONG),
)
_BY_NAME = {skew.name: skew for skew in SINGLES}
PAIRS: tuple[Skew, ...] = (
    pair(_BY_NAME["paper"], "value_range", _SIGNED, mode="-1..1"),
    pair(_BY_NAME["turned"], "invert", ("polarity",), on=False),
    pair(_BY_NAME["not cropped, not centred"], "invert", ("uint8-wrap",), method="1 - x as uint8"),
    pair(_BY_NAME["turned"], "value_range", _STANDARD, mode="standardise"),
    pair(_BY_NAME["paper"], "invert", ("one-minus-float",), method="1 - x as float"),
    pair(_BY_NAME["paper"], "sigmoid", ("contrast-range",), on=True, output="0..1"),
    pair(_BY_NAME["EXIF ignored"], "resize", ("resize-filter",), filter="nearest"),
    pair(_BY_NAME["other pen"], "value_range", _SIGNED, mode="-1..1"),
)
