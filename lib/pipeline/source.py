"""Steps that come before the model's own recipe: transparency, working size, orientation, colour."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lib.picture import composite
from lib.pipeline.step import Step, choice, number


def transparency(image: np.ndarray, background: str) -> np.ndarray:
    """Lays a transparent picture on a background; opaque ones pass."""
    return composite(image, background) if image.ndim == 3 and image.shape[2] == 4 else image


def working_size(image: np.ndarray, longest: int) -> np.ndarray:
    """Shrinks the picture (area average, 8 bits) until its longest side is at most `longest` pixels."""
    height, width = image.shape[:2]
    if max(height, width) <= longest:
        return image
    scale = longest / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.rint(cv2.resize(image, size, interpolation=cv2.INTER_AREA))


def orientation(image: np.ndarray, turn: str) -> np.ndarray:
    """One of the eight symmetries of the square; angles are counter-clockwise."""
    if turn in ("transpose", "anti-transpose"):
        image = np.swapaxes(image, 0, 1)
    if turn in ("mirror left-right", "rotate 180°", "anti-transpose"):
        image = image[:, ::-1]
    if turn in ("flip top-bottom", "rotate 180°", "anti-transpose"):
        image = image[::-1]
    if turn == "rotate 90°":
        image = np.rot90(image, 1)
    if turn == "rotate 270°":
        image = np.rot90(image, 3)
    return image


def grayscale(image: np.ndarray, recipe: str) -> np.ndarray:
    """(H, W, 3) RGB -> (H, W). Luma is rounded to 8 bits, as OpenCV's and Pillow's conversions are."""
    if image.ndim == 2:
        return image
    if recipe == "luma":
        return cv2.cvtColor(np.clip(np.rint(image), 0, 255).astype(np.uint8), cv2.COLOR_RGB2GRAY)
    if recipe == "mean":
        return image.mean(axis=2, dtype=np.float64)
    if recipe == "darkest channel":
        return image.min(axis=2)
    return image[..., ["red", "green", "blue"].index(recipe)]


def channel_order(image: np.ndarray, order: str) -> np.ndarray:
    """Puts the channels of a colour picture in the order that the network was trained with."""
    return image[..., ::-1] if image.ndim == 3 and order == "BGR" else image


@dataclass(frozen=True, repr=False)
class Transparency(Step):
    name, title = "transparency", "Transparency"
    why = (
        "A transparent picture has no background of its own; a loader that drops alpha often finds all black."
    )
    kernel, uses = transparency, (composite,)
    background: str = choice("white", "laid on", "white", "black", "ignore")


@dataclass(frozen=True, repr=False)
class WorkingSize(Step):
    name, title = "working_size", "Working size"
    why = "A phone photo has more pixels than any step needs: shrinking it first keeps the sliders live."
    kernel = working_size
    longest: int = number(640, "longest side", 64, 2048, 16, "px")


@dataclass(frozen=True, repr=False)
class Orientation(Step):
    name, title = "orientation", "Orientation"
    why = (
        "Some data sets are stored transposed, and cameras turn pictures: the network only knows one way up."
    )
    kernel = orientation
    turn: str = choice(
        "as is",
        "turn",
        "as is",
        "rotate 90°",
        "rotate 180°",
        "rotate 270°",
        "mirror left-right",
        "flip top-bottom",
        "transpose",
        "anti-transpose",
    )


@dataclass(frozen=True, repr=False)
class Grayscale(Step):
    name, title = "grayscale", "Grayscale"
    why = "Coloured ink can vanish in one recipe and stand out in another; the darkest channel keeps any ink."
    kernel = grayscale
    recipe: str = choice("luma", "recipe", "luma", "mean", "darkest channel", "red", "green", "blue")


@dataclass(frozen=True, repr=False)
class ChannelOrder(Step):
    name, title = "channel_order", "Channel order"
    why = "OpenCV reads BGR, Pillow RGB, and some ImageNet networks were trained on BGR."
    kernel = channel_order
    order: str = choice("RGB", "order", "RGB", "BGR")
