"""Measures what a network's first layers do to pixel values, by running just these layers on flat pictures.

That covers Rescaling, Normalization, a BatchNorm on the pixels, and arithmetic written with keras.ops alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from lib.unfold import PICTURE, Layer, Unfolded
from lib.zoo.own.allowed import AUGMENTATIONS, DROPOUTS, named

ARITHMETIC = named("""
    Rescaling Normalization BatchNormalization Multiply Add Subtract TrueDivide Divide Negative Clip
    Cast
""")
# What may stand among the arithmetic without changing what a flat picture is.
_PASSING = (
    named("""
    InputLayer Identity Resizing CenterCrop Reshape Flatten Permute GetItem Flip Concatenate Stack
    RepeatVector ExpandDims Squeeze Activation Sequential Functional Transpose Repeat Tile
""")
    | AUGMENTATIONS
    | DROPOUTS
)
RANGES: dict[str, tuple[float, float]] = {"0..255": (0.0, 255.0), "0..1": (0.0, 1.0), "-1..1": (-1.0, 1.0)}


@dataclass(frozen=True)
class PixelArithmetic:
    """The first layers, measured.

    Attributes:
        layers: those that compute with pixel values, in order.
        low, high: result for each range of RANGES: what its darkest and its brightest picture become.
        swapped: whether red and blue change places.
        identity: whether pictures come out as they went in.
    """

    layers: tuple[Layer, ...]
    low: dict[str, float]
    high: dict[str, float]
    swapped: bool
    identity: bool


def first_layers(opened: Unfolded) -> list[Layer]:
    """The unbroken chain from the picture on of layers that treat every pixel by itself."""
    chain: list[Layer] = []
    reached = {PICTURE}
    for layer in opened.layers:
        if layer.kind not in ARITHMETIC | _PASSING or (
            layer.kind == "Activation" and layer.activation != "linear"
        ):
            break
        if not set(layer.inputs) <= reached:
            break
        reached.add(layer.name)
        chain.append(layer)
    return chain


def measure(opened: Unfolded, shape: tuple[int, ...]) -> PixelArithmetic | None:
    """Runs the first layers on flat pictures; None when there is no arithmetic among them or it gives no numbers."""
    chain = first_layers(opened)
    found = tuple(layer for layer in chain if layer.kind in ARITHMETIC and not layer.nested)
    if not found:
        return None
    run = keras.Model(opened.inputs, opened.tensors[chain[-1].name])

    def flat(*values: float) -> np.ndarray:
        # A single colour, or one value for each channel.
        picture = np.empty((1, *shape), np.float32)
        picture[...] = values if len(values) > 1 else values[0]
        return np.asarray(run(picture, training=False), np.float64)

    low = {name: float(np.mean(flat(ends[0]))) for name, ends in RANGES.items()}
    high = {name: float(np.mean(flat(ends[1]))) for name, ends in RANGES.items()}
    if not all(np.isfinite([*low.values(), *high.values()])):
        return None
    same = all(np.allclose(flat(value), value, atol=1e-4) for value in (-1.0, 0.0, 1.0, 255.0))
    return PixelArithmetic(found, low, high, len(shape) == 3 and shape[2] == 3 and _swaps(flat), same)


def _swaps(flat: Any) -> bool:
    """Whether a red picture comes out as a blue one."""
    red, blue, dark = flat(200.0, 0.0, 0.0), flat(0.0, 0.0, 200.0), flat(0.0, 0.0, 0.0)
    if red.shape[-1] != 3:
        return False
    change = np.abs(red - dark).mean(tuple(range(red.ndim - 1)))
    other = np.abs(blue - dark).mean(tuple(range(blue.ndim - 1)))
    return bool(change[2] > change[0] and other[0] > other[2])


def fitting_range(low: dict[str, float], high: dict[str, float]) -> str:
    """The range of pictures that these layers bring to something networks are trained on; "" if several or none do."""
    usual = ((0.0, 1.0), (-1.0, 1.0), (-0.5, 0.5))
    for name in RANGES:
        width = high[name] - low[name]
        if any(abs(low[name] - a) + abs(high[name] - b) < 0.06 for a, b in usual):
            return name
        if name == "0..1" and abs(low[name]) < 1 and abs(width - 255) < 3:
            return name
        if -130 < low[name] < -90 and 120 < high[name] < 165:  # minus ImageNet's mean
            return name
    for name in RANGES:
        # Centred and scaled by a standard deviation: black lies below 0 and white above, a few deviations apart.
        if low[name] < 0 < high[name] and 1.5 < high[name] - low[name] < 10:
            return name
    return ""
