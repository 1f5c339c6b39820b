"""Measures what a network's first layers do to pixel values, by running just these layers on flat pictures.

That covers Rescaling, Normalization, a BatchNorm on the pixels, and arithmetic written with keras.ops alike.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from lib.layer import PICTURE, Layer
from lib.unfold import Unfolded
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
    last = max(index for index, layer in enumerate(chain) if layer in found)
    # A swap of channels may follow the arithmetic; a Flatten would hide it.
    pictures = [
        index for index, layer in enumerate(chain) if layer.shape[-1:] == shape[-1:] and len(layer.shape) > 1
    ]
    run = keras.Model(opened.inputs, opened.tensors[chain[max([last, *pictures])].name])

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


def range_from_batchnorm(opened: Unfolded) -> tuple[str, str] | None:
    """The range that the first BatchNorm's statistics speak for, and why; None where they do not tell.

    A linear layer with weights w turns pixels from an interval of width d into numbers with a standard deviation of at
    most d / 2 times the sum of |w| (Popoviciu's inequality), so that a larger moving variance rules out small ranges.
    The variance's initial value of 1 is taken off first. The mean of the pixels follows from the moving mean.
    """
    found = _linear_and_batchnorm(opened)
    if found is None:
        return None
    name, linear, norm = found
    kernel = np.asarray(linear.kernel, np.float64).reshape(-1, linear.kernel.shape[-1])
    mean, variance = np.asarray(norm.moving_mean, np.float64), np.asarray(norm.moving_variance, np.float64)
    absolute, total = np.abs(kernel).sum(0), kernel.sum(0)
    if not np.all(np.isfinite(variance)) or np.all(mean == 0) or np.any(absolute == 0) or total @ total == 0:
        return None
    bias = np.asarray(linear.bias, np.float64) if linear.use_bias else 0.0
    pixel = float(total @ (mean - bias) / (total @ total))
    surely = float(np.median(np.sqrt(np.maximum(variance - 1, 0)) / absolute))
    at_most = float(np.median(np.sqrt(np.maximum(variance, 0)) / absolute))
    if surely > 1.05:
        return "0..255", f"the moving variance of “{name}” is larger than pixels of 0..1 or -1..1 can make it"
    if at_most < 0.5 and 0.02 < pixel < 0.98:
        return "0..1", f"the statistics of “{name}” fit pixels around {pixel:.2f}, far below 255"
    if at_most < 1.0 and -0.98 < pixel < -0.05:
        return "-1..1", f"the statistics of “{name}” fit pixels around {pixel:.2f}"
    return None


def _linear_and_batchnorm(opened: Unfolded) -> tuple[str, Any, Any] | None:
    """The first layer with weights and the BatchNorm right after it, if the picture reaches it as it is."""
    chain = [layer for layer in first_layers(opened) if not layer.nested]
    if any(layer.kind in ARITHMETIC for layer in chain):
        return None
    rest = [layer for layer in opened.layers if not layer.nested and layer not in chain]
    if rest and rest[0].kind == "ZeroPadding2D":
        rest = rest[1:]
    if len(rest) < 2 or rest[0].kind not in ("Conv2D", "Dense") or rest[1].kind != "BatchNormalization":
        return None
    if rest[0].activation != "linear" or rest[1].inputs != (rest[0].name,):
        return None
    return rest[1].name, opened.sources[rest[0].name], opened.sources[rest[1].name]


def fitting_range(low: dict[str, float], high: dict[str, float]) -> str:
    """The range of pictures that these layers bring to something networks are trained on; "" if several or none do."""
    usual = ((0.0, 1.0), (-1.0, 1.0), (-0.5, 0.5))
    for name in RANGES:
        if any(abs(low[name] - a) + abs(high[name] - b) < 0.06 for a, b in usual):
            return name
        if name != "0..255" and abs(low[name]) < 1 and abs(high[name] - 255) < 3:
            return name
        if -130 < low[name] < -90 and 120 < high[name] < 165:  # minus ImageNet's mean
            return name
    for name in RANGES:
        # Centred and scaled by a standard deviation: black lies below 0 and white above, a few deviations apart.
        if low[name] < 0 < high[name] and 1.5 < high[name] - low[name] < 10:
            return name
    return ""
