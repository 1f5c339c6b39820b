"""Known differences between training and serving, applied on purpose: what the Autopsy has to find again.

A skew takes a letter (or any ink) as a picture with the model's own pipeline, and gives a picture and a pipeline in which
one thing is wrong. It knows the cause's id.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from lib.contract import Contract
from lib.picture import Picture
from lib.pipeline import Pipeline

Wrong = tuple[Picture, Pipeline]


@dataclass(frozen=True)
class Skew:
    """One difference.

    Attributes:
        name: for the table.
        causes: ids that name it rightly.
        make: (letter, contract, random) -> picture and pipeline; the letter is uint8 (H, W), white on black, tight.
        applies: whether it is a mistake for a network of this contract.
    """

    name: str
    causes: tuple[str, ...]
    make: Callable[[np.ndarray, Contract, np.random.Generator], Wrong]
    applies: Callable[[Contract], bool] = lambda contract: True


# ---- pictures --------------------------------------------------------------------------------------------------------


def page(letter: np.ndarray, random: np.random.Generator, ink: int = 0, paper: int = 255) -> np.ndarray:
    """The letter as somebody draws it: dark on light, somewhere on a larger page. uint8 (240, 240)."""
    side = int(random.integers(90, 190))
    scale = side / max(letter.shape)
    size = (max(1, round(letter.shape[1] * scale)), max(1, round(letter.shape[0] * scale)))
    glyph = cv2.resize(letter, size, interpolation=cv2.INTER_CUBIC)
    canvas = np.zeros((240, 240), np.float32)
    top = int(random.integers(10, 230 - size[1])) if size[1] < 220 else 10
    left = int(random.integers(10, 230 - size[0])) if size[0] < 220 else 10
    canvas[top : top + size[1], left : left + size[0]] = glyph
    return np.clip(paper + (ink - paper) * canvas / 255, 0, 255).astype(np.uint8)


def photo(letter: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The letter on paper, photographed: paper 150 to 225, a shadow, noise, pencil gray. uint8 (240, 240)."""
    paper, ink = random.uniform(150, 225), random.uniform(20, 90)
    drawn = page(letter, random).astype(np.float32) / 255
    y, x = np.mgrid[-1:1:240j, -1:1:240j]
    angle = random.uniform(0, 2 * np.pi)
    shade = 1 + random.uniform(0.05, 0.3) * (np.cos(angle) * x + np.sin(angle) * y) / 2
    grain = cv2.GaussianBlur(random.normal(0, 1, (240, 240)).astype(np.float32), (0, 0), 0.7)
    image = (ink + (paper - ink) * drawn) * shade + grain * random.uniform(2, 7)
    return np.clip(image, 0, 255).astype(np.uint8)


def _picture(pixels: np.ndarray) -> Picture:
    return Picture.from_array(pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2))


# ---- skews -----------------------------------------------------------------------------------------------------------


def healthy(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
    """Nothing wrong: dark ink on a white page through the model's own pipeline."""
    return _picture(page(letter, random)), contract.pipeline()


def _step(name: str, **values: object) -> Callable[[np.ndarray, Contract, np.random.Generator], Wrong]:
    """A skew of the pipeline: one step has other values."""

    def make(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
        picture, pipeline = healthy(letter, contract, random)
        return picture, pipeline.with_step(name, **values)

    return make


def _pixels(change: Callable[[np.ndarray, np.random.Generator], np.ndarray]) -> Callable:
    """A skew of the picture."""

    def make(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
        return _picture(change(page(letter, random), random)), contract.pipeline()

    return make


def _photo(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
    return _picture(photo(letter, random)), contract.pipeline()


def _photo_wrapped(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
    """On gray paper 1 - x on bytes is 257 - x, a right inversion: the paper is what is wrong."""
    return _picture(photo(letter, random)), contract.pipeline().with_step("invert", method="1 - x as uint8")


def _uncentred(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
    picture, pipeline = healthy(letter, contract, random)
    return picture, pipeline.with_step("frame", mode="squash").with_step("centre", on=False)


def _squashed(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
    border = 4
    tight = 255 - cv2.copyMakeBorder(letter, *[border] * 4, cv2.BORDER_CONSTANT, value=0)
    wide = cv2.resize(tight, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC)
    wide = cv2.copyMakeBorder(
        wide, 0, 0, wide.shape[1] // 2, wide.shape[1] // 2, cv2.BORDER_CONSTANT, value=255
    )
    return _picture(wide), contract.pipeline().with_step("frame", mode="squash")


def _turned(turns: tuple[int, ...]) -> Callable:
    return _pixels(lambda image, random: np.ascontiguousarray(np.rot90(image, int(random.choice(turns)))))


def _other_stroke(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Much thicker or much thinner ink; erosion widens dark ink."""
    thicker = random.random() < 0.5
    radius = int(random.integers(5, 8)) if thicker else 2
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    return cv2.erode(image, disc) if thicker else cv2.dilate(image, disc)


def _transparent(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
    """Black ink on nothing, and a loader that drops alpha: all black."""
    drawn = page(letter, random)
    rgba = np.zeros((*drawn.shape, 4), np.uint8)
    rgba[..., 3] = 255 - drawn
    return Picture.from_array(rgba), contract.pipeline().with_step("transparency", background="ignore")


def _red_ink(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
    """Red ink on white, seen through the red channel."""
    drawn = page(letter, random)
    pixels = np.stack([np.full_like(drawn, 250), drawn, drawn], axis=2)
    return _picture(pixels), contract.pipeline().with_step("grayscale", recipe="red")


def _pair(first: Skew, second_step: str, causes: tuple[str, ...], **values: object) -> Skew:
    def make(letter: np.ndarray, contract: Contract, random: np.random.Generator) -> Wrong:
        picture, pipeline = first.make(letter, contract, random)
        return picture, pipeline.with_step(second_step, **values)

    return Skew(f"{first.name} + {second_step}", (*first.causes, *causes), make, first.applies)


def _is_255(contract: Contract) -> bool:
    return contract.value_range == "0..255"


def _is_unit(contract: Contract) -> bool:
    return contract.value_range == "0..1"


SKEWS: tuple[Skew, ...] = (
    Skew("range 0..1", ("range-too-small",), _step("value_range", mode="0..1"), _is_255),
    Skew("range 0..255", ("range-too-large",), _step("value_range", mode="0..255"), _is_unit),
    Skew(
        "divided twice",
        ("preprocess-twice", "range-too-small"),
        _step("value_range", times="twice"),
        _is_unit,
    ),
    Skew(
        "range -1..1",
        ("range-signed-expected", "range-too-small", "imagenet-mode"),
        _step("value_range", mode="-1..1"),
    ),
    Skew("standardised", ("row-normalised",), _step("value_range", mode="standardise")),
    Skew("not inverted", ("polarity",), _step("invert", on=False)),
    Skew("1 - x on bytes", ("uint8-wrap",), _step("invert", method="1 - x as uint8")),
    Skew("1 - x on floats", ("one-minus-float",), _step("invert", method="1 - x as float")),
    Skew("sigmoid in 0..1", ("contrast-range",), _step("sigmoid", on=True, output="0..1")),
    Skew("paper", ("background-not-flat",), _photo),
    Skew("paper, 1 - x on bytes", ("background-not-flat",), _photo_wrapped),
    Skew("not cropped, not centred", ("size-and-centring",), _uncentred),
    Skew("squashed", ("aspect-ratio", "size-and-centring"), _squashed),
    Skew("turned", ("orientation",), _turned((1, 2, 3))),
    Skew("transposed", ("orientation", "mirrored"), _pixels(lambda image, _: np.ascontiguousarray(image.T))),
    Skew(
        "mirrored",
        ("mirrored", "orientation"),
        _pixels(lambda image, _: np.ascontiguousarray(image[:, ::-1])),
    ),
    Skew("other pen", ("stroke-width",), _pixels(_other_stroke)),
    Skew("alpha dropped", ("alpha-channel",), _transparent),
    Skew("red ink in red light", ("grayscale-recipe",), _red_ink),
    Skew("nearest neighbour", ("resize-filter",), _step("resize", filter="nearest")),
)
_BY_NAME = {skew.name: skew for skew in SKEWS}
PAIRS: tuple[Skew, ...] = (
    _pair(_BY_NAME["paper"], "value_range", ("range-signed-expected", "range-too-small"), mode="-1..1"),
    _pair(_BY_NAME["turned"], "invert", ("polarity",), on=False),
    _pair(_BY_NAME["not cropped, not centred"], "invert", ("uint8-wrap",), method="1 - x as uint8"),
    _pair(_BY_NAME["turned"], "value_range", ("row-normalised",), mode="standardise"),
    _pair(_BY_NAME["paper"], "invert", ("one-minus-float",), method="1 - x as float"),
)
