"""A layer's activation as pictures: which shape to draw it in, eight-bit levels for a screen, and what to say about it.

Knows arrays only: not which layers exist (lib/network.py) and not how a browser paints them (lib/ui/layers.py).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lib.wording import number, share

# Levels 0..254 carry values; 255 marks a value that is NaN or infinite. 254 is even, so that 127 is the exact middle.
TOP_LEVEL = 254
NOT_FINITE = 255

_RECTIFIERS = frozenset(
    {"relu", "relu6", "relu_squared", "threshold", "hard_shrink", "hard_sigmoid", "relumax"}
)
_BOUNDS: dict[str, tuple[float | None, float | None]] = {
    "sigmoid": (0.0, 1.0),
    "hard_sigmoid": (0.0, 1.0),
    "softmax": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "hard_tanh": (-1.0, 1.0),
    "softsign": (-1.0, 1.0),
    "relu6": (None, 6.0),  # zero is silence, not saturation
}
_NEAR_BOUND = 0.01


def padded_square(units: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A vector laid out row by row in the smallest square that holds it.

    Args:
        units: (n,) values, n >= 1.

    Returns:
        values (s, s) of the same dtype, 0 where no unit is; and is_unit (s, s) bool. 200 units give s = 15 and 25 cells
        that are no units.
    """
    side = square_side(units.size)
    values = np.zeros(side * side, units.dtype)
    values[: units.size] = units.ravel()
    is_unit = np.arange(side * side) < units.size
    return values.reshape(side, side), is_unit.reshape(side, side)


def square_side(units: int) -> int:
    """The side of the smallest square with room for that many units."""
    return math.isqrt(max(units, 1) - 1) + 1


@dataclass(frozen=True, eq=False)
class Cells:
    """An activation as C maps of height x width cells.

    Attributes:
        values: float32 (C, n). n is height * width, but for form "units" only the first n cells of the square are units.
        form: "units" (dense: one square), "channels" (a map per channel) or "sequence" (one map: a row per step).
    """

    values: np.ndarray
    height: int
    width: int
    form: str


def cells(activation: np.ndarray) -> Cells:
    """The cells of an activation without batch axis.

    (n,) and (1, .., 1, n) and a scalar are units; (steps, features) is a sequence; (h, w, C) are channels, and with more
    axes the leading ones are stacked into rows.
    """
    array = np.asarray(activation, np.float32)
    if array.size == 0:
        return Cells(np.zeros((1, 0), np.float32), 0, 0, "units")
    if array.ndim < 2 or array.size == array.shape[-1]:
        side = square_side(array.size)
        return Cells(array.reshape(1, -1), side, side, "units")
    if array.ndim == 2:
        return Cells(array.reshape(1, -1), array.shape[0], array.shape[1], "sequence")
    channels = np.ascontiguousarray(array.reshape(-1, array.shape[-1]).T)
    width = array.shape[-2]
    return Cells(channels, channels.shape[1] // width, width, "channels")


def maps(activation: np.ndarray) -> np.ndarray:
    """The activation as float32 (C, h, w) pictures; cells of a padded square that are no units are NaN."""
    layout = cells(activation)
    pictures = np.full((len(layout.values), layout.height * layout.width), np.nan, np.float32)
    pictures[:, : layout.values.shape[1]] = layout.values
    return pictures.reshape(-1, layout.height, layout.width)


@dataclass(frozen=True, eq=False)
class Levels:
    """Maps as eight-bit levels, each map with its own range.

    Attributes:
        levels: uint8 (C, n); level q stands for low + q / 254 * (high - low), 255 for NaN and infinities.
        low, high: float32 (C,), the smallest and largest finite value of each map (0 and 0 if it has none).
        strength: float32 (C,), the mean absolute finite value of each map.
        finite: whether every value is.
    """

    levels: np.ndarray
    low: np.ndarray
    high: np.ndarray
    strength: np.ndarray
    finite: bool


def quantise(values: np.ndarray) -> Levels:
    """Each map's finite values spread over levels 0..254.

    A constant map gets level 0 if the constant is zero and the middle level otherwise.

    Args:
        values: float32 (C, n), n >= 1.
    """
    low, high = values.min(axis=1), values.max(axis=1)
    finite = bool(np.isfinite(low).all() and np.isfinite(high).all())
    if not finite:
        return _quantise_with_gaps(values)
    strength = _mean_size(values, low)
    return Levels(_spread(values, low, high), low, high, strength, True)


def quantise_around_zero(values: np.ndarray) -> Levels:
    """As `quantise`, but every map's range is symmetric, so that the middle level 127 is exactly zero: for differences."""
    plain = quantise(values)
    bound = np.maximum(np.abs(plain.low), np.abs(plain.high))
    levels = _spread(np.nan_to_num(values, nan=0, posinf=0, neginf=0), -bound, bound)
    levels[bound == 0] = TOP_LEVEL // 2
    if not plain.finite:
        levels[~np.isfinite(values)] = NOT_FINITE
    return Levels(levels, -bound, bound, plain.strength, plain.finite)


def _spread(values: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """uint8 levels 0..254 of finite values between their maps' bounds."""
    span = high.astype(np.float64) - low.astype(np.float64)
    # Where float32 has no room for the arithmetic (huge or denormal ranges), do it in float64.
    roomy = not ((span > 1e30) | ((span > 0) & (span < 1e-30))).any()
    kind = np.dtype(np.float32 if roomy else np.float64)
    scale = np.divide(TOP_LEVEL, span, out=np.zeros_like(span), where=span > 0)
    spread = values.astype(kind, copy=False) - low.astype(kind)[:, None]
    spread *= scale.astype(kind)[:, None]
    spread += 0.5
    levels: np.ndarray = spread.astype(np.uint8)
    constant = span == 0
    if constant.any():
        levels[constant] = np.where(low[constant] == 0, 0, TOP_LEVEL // 2)[:, None]
    return levels


def _mean_size(values: np.ndarray, low: np.ndarray) -> np.ndarray:
    """The mean absolute value of each map, without the absolute values where none is negative."""
    with np.errstate(over="ignore"):
        return (values if (low >= 0).all() else np.abs(values)).mean(axis=1, dtype=np.float32)


def _quantise_with_gaps(values: np.ndarray) -> Levels:
    good = np.isfinite(values)
    any_good = good.any(axis=1)
    low = np.where(any_good, np.where(good, values, np.inf).min(axis=1), 0).astype(np.float32)
    high = np.where(any_good, np.where(good, values, -np.inf).max(axis=1), 0).astype(np.float32)
    filled = np.where(good, values, low[:, None])
    levels = _spread(filled, low, high)
    levels[~good] = NOT_FINITE
    count = np.maximum(good.sum(axis=1), 1)
    strength = (np.abs(np.where(good, values, 0), dtype=np.float64).sum(axis=1) / count).astype(np.float32)
    return Levels(levels, low, high, strength, False)


@dataclass(frozen=True)
class LayerStatistics:
    """What one image did to one layer.

    Attributes:
        units: units of a dense layer, channels otherwise (values of a sequence).
        silent: how many of them are zero all over this image; None for layers that do not rectify.
        saturated: the share of values within 1 % of a bound of the activation function; None for unbounded functions.
        lowest, highest, mean: of the finite values; NaN if there is none.
        strongest: index of the unit with the highest value, or of the channel with the largest mean absolute value.
        not_finite: how many values are NaN or infinite.
    """

    form: str
    units: int
    silent: int | None
    saturated: float | None
    lowest: float
    highest: float
    mean: float
    strongest: int
    not_finite: int

    def sentence(self) -> str:
        """The statistics in words, for a line under a layer's name."""
        word = {"units": "unit", "channels": "channel", "sequence": "value"}[self.form]
        parts = []
        if self.not_finite:
            parts.append(
                f"{self.not_finite:,} value{'s' if self.not_finite > 1 else ''} NaN or infinite (magenta)"
            )
        if self.silent == 0:
            parts.append(f"no silent {word}")
        elif self.silent is not None:
            parts.append(
                f"{self.silent:,} of {self.units:,} {word}s silent ({share(self.silent / self.units)})"
            )
        if self.saturated is not None:
            parts.append(f"{share(self.saturated)} saturated")
        if math.isfinite(self.highest):
            parts.append(f"highest {number(self.highest)}")
            if self.lowest < 0 or self.silent is None:
                parts.append(f"lowest {number(self.lowest)}")
            parts.append(f"mean {number(self.mean)}")
        return " · ".join(parts)


def statistics(layout: Cells, function: str = "", levels: Levels | None = None) -> LayerStatistics:
    """The statistics of one layer over one image.

    Args:
        layout: from `cells`.
        function: Keras name of the layer's activation function ("relu", "softmax", ..); "" if it has none or it is not
            known: then a layer with zeros and no negative value counts as rectified (pooling after ReLU).
        levels: from `quantise(layout.values)`, if at hand.
    """
    values, function = layout.values, function.lower()
    count, size = values.shape
    if size == 0:
        return LayerStatistics(layout.form, 0, None, None, math.nan, math.nan, math.nan, 0, 0)
    levels = quantise(values) if levels is None else levels
    good = values if levels.finite else values[np.isfinite(values)]
    not_finite = values.size - good.size
    lowest, highest = (
        (float(levels.low.min()), float(levels.high.max())) if good.size else (math.nan, math.nan)
    )
    if levels.finite and lowest >= 0:
        mean = float(levels.strength.mean())
    else:
        mean = float(good.mean(dtype=np.float64)) if good.size else math.nan
    by_unit = layout.form != "channels"
    units = values.size if by_unit else count
    silent = None
    if lowest >= 0 and function in ("", "linear", *_RECTIFIERS):
        zeros = int(np.count_nonzero(values == 0)) if by_unit else int(np.count_nonzero(levels.high == 0))
        if function in _RECTIFIERS or (zeros if by_unit else (levels.low == 0).any()):
            silent = zeros
    strongest = int(
        np.argmax(np.where(np.isfinite(values[0]), values[0], -np.inf) if by_unit else levels.strength)
    )
    return LayerStatistics(
        layout.form, units, silent, _saturated(good, function), lowest, highest, mean, strongest, not_finite
    )


def _saturated(values: np.ndarray, function: str) -> float | None:
    if function not in _BOUNDS or not values.size:
        return None
    low, high = _BOUNDS[function]
    span = (high or 0.0) - (low or 0.0)
    near = np.zeros(values.shape, bool)
    if low is not None:
        near |= values <= low + _NEAR_BOUND * span
    if high is not None:
        near |= values >= high - _NEAR_BOUND * span
    return float(near.mean())
