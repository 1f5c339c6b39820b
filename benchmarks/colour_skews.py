"""The mistakes that can be made with a colour picture: a crop with a digit, or a photograph for an ImageNet network."""

from __future__ import annotations

from collections.abc import Callable

import cv2
import numpy as np

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

_LARGE = 100


def healthy(pixels: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    """Nothing wrong: the model's own pipeline. `pixels` is uint8 (H, W, 3) RGB, square."""
    return as_picture(pixels), contract.pipeline()


def _is_photograph(contract: Contract) -> bool:
    return max(contract.size) >= _LARGE


def _is_crop(contract: Contract) -> bool:
    return not _is_photograph(contract)


def _pixels(change: Callable[[np.ndarray, np.random.Generator], np.ndarray]) -> Make:
    def make(pixels: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        return as_picture(np.ascontiguousarray(change(pixels, random))), contract.pipeline()

    return make


def _file(write: Callable[[np.ndarray, np.random.Generator], bytes]) -> Make:
    def make(pixels: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        return decode(write(pixels, random)), contract.pipeline()

    return make


def imagenet(mode: str, order: str) -> Make:
    """Another family's preprocess_input."""

    def make(pixels: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
        picture, pipeline = healthy(pixels, contract, random)
        return picture, pipeline.with_step("channel_order", order=order).with_step("value_range", mode=mode)

    return make


def _see_through(pixels: np.ndarray) -> Picture:
    """The picture's brightness as transparent black: only its alpha channel shows anything."""
    gray = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    rgba = np.zeros((*gray.shape, 4), np.uint8)
    rgba[..., 3] = 255 - gray
    return Picture.from_array(rgba)


def _alpha(pixels: np.ndarray, contract: Contract, random: np.random.Generator) -> Case:
    return _see_through(pixels), contract.pipeline()


def _small_in_the_middle(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The subject fills half of the frame, the rest is more of its edge."""
    border = pixels.shape[0] // 2
    return np.asarray(cv2.copyMakeBorder(pixels, *[border] * 4, cv2.BORDER_REPLICATE))


def _wide_crop(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Cut twice as wide as high; the network's frame then squashes it."""
    border = pixels.shape[1] // 2
    return np.asarray(cv2.copyMakeBorder(pixels, 0, 0, border, border, cv2.BORDER_REPLICATE))


def _stretched(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Squashed to half its height by somebody's resize, square again after a second one: the proportions are gone."""
    height, width = pixels.shape[:2]
    if random.random() < 0.5:
        return np.asarray(cv2.resize(pixels, (width, height // 2), interpolation=cv2.INTER_AREA))
    return np.asarray(cv2.resize(pixels, (width // 2, height), interpolation=cv2.INTER_AREA))


def _reshaped(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Channels first, then reshape instead of transpose."""
    return pixels.transpose(2, 0, 1).reshape(pixels.shape)


def _turned(pixels: np.ndarray, random: np.random.Generator) -> np.ndarray:
    return np.rot90(pixels, int(random.choice((1, 2, 3))))


def _strong_jpeg(pixels: np.ndarray, random: np.random.Generator) -> bytes:
    return file_of(pixels, "JPEG", quality=int(random.integers(3, 9)))


def _twelve_bits(pixels: np.ndarray, random: np.random.Generator) -> bytes:
    levels = (pixels[..., ::-1].astype(np.float32) * (4095 / 255)).astype(np.uint16)
    return cv2.imencode(".png", levels)[1].tobytes()


def _harmless_file(pixels: np.ndarray, random: np.random.Generator) -> bytes:
    """A good JPEG, a PNG, or honest 16 bits."""
    kind = int(random.integers(3))
    if kind == 0:
        return file_of(pixels, "JPEG", quality=92)
    if kind == 1:
        return file_of(pixels, "PNG")
    return cv2.imencode(".png", pixels[..., ::-1].astype(np.uint16) * 257)[1].tobytes()


_MODES = ("imagenet-mode",)
_STANDARD = ("row-normalised", "standardisation")

SINGLES: tuple[Skew, ...] = (
    Skew(
        "range 0..255",
        ("range-too-large",),
        with_step(healthy, "value_range", mode="0..255"),
        wants("0..1", "-1..1"),
    ),
    # Of -1..1 the half without negative numbers, and of 0..1 numbers that reach below 0.
    Skew(
        "range 0..1",
        ("range-signed-expected",),
        with_step(healthy, "value_range", mode="0..1"),
        wants("-1..1"),
    ),
    Skew(
        "range -1..1",
        ("range-signed-expected", "imagenet-mode"),
        with_step(healthy, "value_range", mode="-1..1"),
        wants("0..1"),
    ),
    Skew(
        "preprocessed twice",
        ("preprocess-twice",),
        with_step(healthy, "value_range", times="twice"),
        wants("0..1", "-1..1"),
    ),
    Skew("BGR", ("channel-order",), with_step(healthy, "channel_order", order="BGR")),
    Skew("caffe's mode", (*_MODES, "channel-order"), imagenet("caffe", "BGR")),
    Skew("torch's mode", _MODES, imagenet("torch", "RGB")),
    Skew("standardised", _STANDARD, with_step(healthy, "value_range", mode="standardise")),
    Skew("gray", ("grayscale-recipe",), with_step(healthy, "grayscale", on=True)),
    Skew(
        "one channel for three",
        ("grayscale-recipe",),
        with_step(healthy, "grayscale", on=True, recipe="blue"),
    ),
    Skew(
        "negative", ("polarity",), with_step(healthy, "invert", on=True, method="255 - x"), _is_photograph
    ),
    Skew(
        "1 - x on floats",
        ("one-minus-float",),
        with_step(healthy, "invert", on=True, method="1 - x as float"),
    ),
    Skew(
        "sigmoid in 0..1", ("contrast-range",), with_step(healthy, "sigmoid", on=True, output="0..1")
    ),
    Skew("turned", ("orientation",), _pixels(_turned)),
    Skew("mirrored", ("mirrored", "orientation"), _pixels(lambda p, _: p[:, ::-1]), _is_crop),
    Skew("EXIF ignored", ("exif-rotation", "orientation"), exif_ignored(healthy)),
    Skew("stretched", ("aspect-ratio",), _pixels(_stretched), _is_photograph),
    Skew("cut too wide", ("aspect-ratio", "size-and-centring"), _pixels(_wide_crop), _is_crop),
    Skew("half the size", ("size-and-centring",), _pixels(_small_in_the_middle)),
    Skew("alpha dropped", ("alpha-channel",), with_step(_alpha, "transparency", background="ignore"), right=_alpha),
    Skew(
        "nearest neighbour",
        ("resize-filter",),
        with_step(healthy, "resize", filter="nearest"),
        _is_photograph,
    ),
    Skew("JPEG quality 3 to 8", ("jpeg-artifacts",), _file(_strong_jpeg)),
)  # fmt: skip
NOT_FIXABLES: tuple[Skew, ...] = (
    Skew("axes reshaped", ("axis-order",), _pixels(_reshaped), kind=NOT_FIXABLE),
    Skew("12 bits in 16", ("bit-depth-or-mode",), _file(_twelve_bits), kind=NOT_FIXABLE),
    Skew("one colour", ("blank",), _pixels(lambda p, _: np.full_like(p, p.mean())), kind=NOT_FIXABLE),
)
NOTHING: tuple[Skew, ...] = (
    Skew("healthy", (), healthy, kind=NOTHING_WRONG),
    Skew("healthy, JPEG or 16-bit PNG", (), _file(_harmless_file), kind=NOTHING_WRONG),
    Skew("healthy, turned by its EXIF tag", (), exif_followed(healthy), kind=NOTHING_WRONG),
)
_BY_NAME = {skew.name: skew for skew in SINGLES}
PAIRS: tuple[Skew, ...] = (
    pair(_BY_NAME["BGR"], "value_range", ("range-too-large",), mode="0..255"),
    pair(_BY_NAME["BGR"], "value_range", ("preprocess-twice",), times="twice"),
    pair(_BY_NAME["turned"], "value_range", ("range-too-large",), mode="0..255"),
    pair(_BY_NAME["EXIF ignored"], "channel_order", ("channel-order",), order="BGR"),
    pair(_BY_NAME["gray"], "value_range", ("range-too-large",), mode="0..255"),
    pair(_BY_NAME["alpha dropped"], "value_range", _MODES, mode="torch"),
)
