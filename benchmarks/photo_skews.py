"""The mistakes that can be made with a real phone photo of one handwritten character, besides taking it for a drawing."""

from __future__ import annotations

import numpy as np

from benchmarks.skew import NOTHING_WRONG, Case, Make, Skew, as_picture, exif_ignored, pair, wants, with_step
from lib.contract import Contract
from lib.presets import presets

_PAPER = "Photo of paper"


def cleaned(photo: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    """The right way by hand: the Lab's preset for photos of paper. `photo` is uint8 (H, W, 3) RGB."""
    named = {preset.name: preset.pipeline for preset in presets(contract)}
    return as_picture(photo), named[_PAPER]


def as_it_is(photo: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    """The photo through the model's own pipeline, as if it were a drawing on pure white."""
    return as_picture(photo), contract.pipeline()


def _turned(make: Make) -> Make:
    def turn(photo: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        turned = np.ascontiguousarray(np.rot90(photo, int(random.choice((1, 2, 3)))))
        return make(turned, contract, random)

    return turn


_SIGNED = ("range-signed-expected", "range-too-small", "imagenet-mode")
_FLAT = ("background-not-flat",)

SINGLES: tuple[Skew, ...] = (
    Skew("photo as it is", _FLAT, as_it_is),
    # 257 - x on gray paper: a right inversion.
    Skew("photo, 1 - x on bytes", _FLAT, with_step(as_it_is, "invert", method="1 - x as uint8")),
    Skew("cleaned, not inverted", ("polarity",), with_step(cleaned, "invert", on=False)),
    Skew(
        "cleaned, range 0..1",
        ("range-too-small", "rescaling-in-model"),
        with_step(cleaned, "value_range", mode="0..1"),
        wants("0..255"),
    ),
    Skew("cleaned, sigmoid in 0..1", ("contrast-range",), with_step(cleaned, "sigmoid", output="0..1")),
    Skew("cleaned, turned", ("orientation",), _turned(cleaned)),
    Skew("cleaned, EXIF ignored", ("exif-rotation", "orientation"), exif_ignored(cleaned)),
)
_BY_NAME = {skew.name: skew for skew in SINGLES}
PAIRS: tuple[Skew, ...] = (
    pair(_BY_NAME["photo as it is"], "invert", ("one-minus-float",), method="1 - x as float"),
    pair(_BY_NAME["photo as it is"], "invert", ("polarity",), on=False),
    pair(_BY_NAME["photo as it is"], "value_range", _SIGNED, mode="-1..1"),
    pair(_BY_NAME["photo as it is"], "sigmoid", ("contrast-range",), on=True, output="0..1"),
)
NOTHING: tuple[Skew, ...] = (Skew("cleaned rightly", (), cleaned, kind=NOTHING_WRONG),)
