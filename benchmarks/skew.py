"""What a skew is: one known difference between training and serving, applied on purpose. Which there are lives elsewhere.

A skew takes a labelled image and a contract and gives a picture with the pipeline of somebody who made that mistake. It
knows which causes name it rightly.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from lib.contract import Contract
from lib.picture import Picture, decode
from lib.pipeline import Orientation, Pipeline

Case = tuple[Picture, Pipeline]
Make = Callable[[np.ndarray, Contract, np.random.Generator], Case]
"""(image, contract, random) -> picture and pipeline. What kind of image it takes is the family's affair."""

SINGLE, PAIR, NOT_FIXABLE, NOTHING_WRONG = "single", "pair", "no pipeline helps", "nothing wrong"
_EXIF = 0x0112
_STORED = {3: "rotate 180°", 6: "rotate 90°", 8: "rotate 270°"}


@dataclass(frozen=True)
class Skew:
    """One difference.

    Attributes:
        name: for the table.
        causes: ids that name it rightly; causes that give the same tensor count as one. Empty where nothing is wrong.
        make: the mistake.
        applies: whether it is a mistake for a network of this contract.
        right: what should have been done, with the same draws; None stands for the family's `healthy`.
        kind: SINGLE, PAIR, NOT_FIXABLE (to be named; no pipeline gives the picture back) or NOTHING_WRONG.
        both: of a pair, the ids of each half.
    """

    name: str
    causes: tuple[str, ...]
    make: Make
    applies: Callable[[Contract], bool] = lambda contract: True
    right: Make | None = None
    kind: str = SINGLE
    both: tuple[tuple[str, ...], ...] = ()


def as_picture(pixels: np.ndarray) -> Picture:
    """A Picture of uint8 (H, W) or (H, W, 3) pixels; gray is repeated."""
    return Picture.from_array(pixels if pixels.ndim == 3 else np.repeat(pixels[..., None], 3, axis=2))


def with_step(healthy: Make, name: str, **values: object) -> Make:
    """A skew of the pipeline: one step has other values."""

    def make(image: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        picture, pipeline = healthy(image, contract, random)
        return picture, pipeline.with_step(name, **values)

    return make


def exif_ignored(healthy: Make) -> Make:
    """A phone's JPEG stores the picture turned and says so; the loader does not look."""

    def make(image: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        picture, pipeline = healthy(image, contract, random)
        tag = int(random.choice(list(_STORED)))
        return _tagged(picture, tag), pipeline.with_step("orientation", turn=_STORED[tag], on=True)

    return make


def exif_followed(healthy: Make) -> Make:
    """The same file through a loader that turns it."""

    def make(image: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        picture, pipeline = healthy(image, contract, random)
        return _tagged(picture, int(random.choice(list(_STORED)))), pipeline

    return make


def _tagged(picture: Picture, tag: int) -> Picture:
    stored = np.ascontiguousarray(Orientation.kernel(picture.pixels, _STORED[tag]))
    exif = Image.Exif()
    exif[_EXIF] = tag
    return decode(file_of(stored, "JPEG", quality=95, exif=exif))


def file_of(pixels: np.ndarray, kind: str, **options: object) -> bytes:
    """The bytes of a file as Pillow writes it: uint8 (H, W), (H, W, 3) or (H, W, 4)."""
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, kind, **options)  # type: ignore[arg-type]
    return buffer.getvalue()


def pair(first: Skew, step: str, causes: tuple[str, ...], **values: object) -> Skew:
    """A skew and, on top of it, a step with other values."""

    def make(image: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        picture, pipeline = first.make(image, contract, random)
        return picture, pipeline.with_step(step, **values)

    words = ", ".join(f"{value}" for name, value in values.items() if name != "on") or "off"
    return Skew(
        f"{first.name} + {step} {words}",
        (*first.causes, *causes),
        make,
        first.applies,
        first.right,
        PAIR,
        (first.causes, causes),
    )


def wants(*ranges: str) -> Callable[[Contract], bool]:
    """Applies to networks of these value ranges."""
    return lambda contract: contract.value_range in ranges
