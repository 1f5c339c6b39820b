"""What a network's weights look like: for every kernel, bias and BatchNorm statistic its spread, its zeros, its histogram.

Also says of a weight that it still is as its initialiser made it, where that can be known. Pictures of the first layer's
weights are lib/filters.py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.wording import number, share

if TYPE_CHECKING:
    from lib.network import Network

BINS = 60
# With fewer numbers a trained kernel can look like a random one by chance.
_FEWEST_FOR_A_SHAPE = 1000
# Kolmogorov-Smirnov: sqrt(n) times the largest distance of the distribution functions stays below this in 999 of 1000 cases.
_KOLMOGOROV = 1.949
_TRUNCATED_AT = 2.0  # Keras draws truncated normals within two standard deviations


@dataclass(frozen=True, eq=False)
class WeightArray:
    """One weight array of one layer.

    Attributes:
        layer: as `Network.layers` calls it; name: as the layer calls it: "kernel", "bias", "gamma", "moving_variance", ...
        count: how many numbers; zeros, nans, infinities: how many of them are exactly 0, NaN, infinite.
        low, high, mean, sd: of the finite numbers; NaN without any.
        edges: float64 (BINS + 1,); counts: int64 (BINS,), of the finite numbers.
        note: a sentence when the numbers still are as the initialiser made them; else empty.
    """

    layer: str
    kind: str
    name: str
    shape: tuple[int, ...]
    count: int
    low: float
    high: float
    mean: float
    sd: float
    zeros: int
    nans: int
    infinities: int
    edges: np.ndarray
    counts: np.ndarray
    note: str = ""

    def sentence(self) -> str:
        """The statistics in words."""
        parts = []
        if self.nans or self.infinities:
            parts.append(
                f"{self.nans:,} NaN and {self.infinities:,} infinite: whatever this layer gives is lost"
            )
        if math.isfinite(self.mean):
            parts.append(f"mean {number(self.mean)}, sd {number(self.sd)}")
            parts.append(f"{number(self.low)} to {number(self.high)}")
        if self.zeros:
            parts.append(f"{share(self.zeros / self.count)} exactly 0")
        return " · ".join(parts)


def weights(network: Network) -> tuple[WeightArray, ...]:
    """Every weight array, in the order of the layers; a layer that is used twice appears once."""
    found = []
    for layer in network.layers:
        if layer.nested or layer.repeated or not layer.parameters:
            continue
        source = network.source(layer.name)
        names = [variable.name for variable in source.weights]
        for variable in source.weights:
            # A layer around other layers, such as Bidirectional, has several kernels: then the whole path tells.
            name = variable.name if names.count(variable.name) == 1 else _path(variable, source)
            values = np.asarray(variable.numpy())
            if values.size and values.dtype.kind not in "OSU":
                note = untouched(source, variable.name, values)
                found.append(describe(values, layer.name, layer.kind, name, note))
    return tuple(found)


def _path(variable: Any, layer: Any) -> str:
    return str(variable.path).rpartition(f"{layer.name}/")[2]


def describe(
    values: np.ndarray, layer: str = "", kind: str = "", name: str = "", note: str = ""
) -> WeightArray:
    """The statistics of an array of any shape and numeric dtype."""
    numbers = np.asarray(values).astype(np.float64).ravel()
    finite = numbers[np.isfinite(numbers)]
    nans = int(np.isnan(numbers).sum())
    some = finite.size > 0
    if some:
        counts, edges = np.histogram(finite, BINS, _bounds(finite))
    else:
        counts, edges = np.zeros(BINS, np.int64), np.linspace(-0.5, 0.5, BINS + 1)
    return WeightArray(
        layer,
        kind,
        name,
        tuple(np.shape(values)),
        numbers.size,
        float(finite.min()) if some else math.nan,
        float(finite.max()) if some else math.nan,
        float(finite.mean()) if some else math.nan,
        float(finite.std()) if some else math.nan,
        int((numbers == 0).sum()),
        nans,
        numbers.size - finite.size - nans,
        edges,
        counts.astype(np.int64),
        note,
    )


def _bounds(finite: np.ndarray) -> tuple[float, float]:
    """What the histogram spans; equal or nearly equal numbers get room around them."""
    low, high = float(finite.min()), float(finite.max())
    room = max(abs(low), abs(high), 1e-30) * 1e-9
    return (
        (low, high)
        if high - low > room
        else (low - max(0.5 * abs(low), 0.5), high + max(0.5 * abs(high), 0.5))
    )


# ---- is this still what the initialiser made? -----------------------------------------------------------------------------


def untouched(layer: Any, name: str, values: np.ndarray) -> str:
    """A sentence when `values` still are as the layer's initialiser makes them; empty when they are not or nobody can tell.

    A constant start is compared exactly. Of a random one, Keras's bounded ones (Glorot, He, LeCun, uniform, truncated
    normal) are recognised: all numbers inside the bound, and a distribution that the Kolmogorov-Smirnov test cannot tell
    from the initialiser's at the level of 0.1 %.
    """
    start = _initialiser(layer, name)
    kind = type(start).__name__
    constant = {"Zeros": 0.0, "Ones": 1.0}.get(kind)
    if constant is not None:
        if not (values == constant).all():
            return ""
        return f"Every number is {constant:g}, exactly as before training."
    drawn = _distribution(start, values.shape)
    if drawn is None or values.size < _FEWEST_FOR_A_SHAPE:
        return ""
    low, high, distribution = drawn
    numbers = np.sort(values.astype(np.float64).ravel())
    slack = 1e-6 * (high - low)
    if not (numbers[0] >= low - slack and numbers[-1] <= high + slack):  # also false for NaN
        return ""
    expected, n = distribution(numbers), numbers.size
    distance = max(
        np.abs(expected - np.arange(n) / n).max(), np.abs(expected - np.arange(1, n + 1) / n).max()
    )
    if math.sqrt(n) * distance > _KOLMOGOROV:
        return ""
    return (
        f"These {n:,} numbers look exactly as {kind} draws them: this layer seems not to have been trained."
    )


def _initialiser(layer: Any, name: str) -> Any:
    """What the layer began with; depthwise convolutions call it otherwise than the weight."""
    for attribute in (name, name.removesuffix("_kernel"), "depthwise" if name == "kernel" else name):
        start = getattr(layer, f"{attribute}_initializer", None)
        if start is not None:
            return start
    return None


_Distribution = tuple[float, float, Callable[[np.ndarray], np.ndarray]]


def _distribution(start: Any, shape: tuple[int, ...]) -> _Distribution | None:
    """Bounds and distribution function of what an initialiser draws, or None if it is not one of the bounded ones."""
    kind = type(start).__name__
    if kind == "RandomUniform":
        return _uniform(float(start.minval), float(start.maxval))
    if kind == "TruncatedNormal":
        return _truncated_normal(float(start.mean), float(start.stddev))
    mode, spread = getattr(start, "mode", None), getattr(start, "distribution", None)
    if mode is None or spread is None or len(shape) < 2:
        return None
    # The fans of keras.initializers.VarianceScaling, which Glorot, He and LeCun are cases of.
    window = math.prod(shape[:-2])
    fan_in, fan_out = window * shape[-2], window * shape[-1]
    fan = {"fan_in": fan_in, "fan_out": fan_out}.get(mode, (fan_in + fan_out) / 2)
    variance = float(start.scale) / max(1.0, fan)
    if spread == "uniform":
        return _uniform(-math.sqrt(3 * variance), math.sqrt(3 * variance))
    # Truncation takes variance away; Keras draws with the larger deviation that makes up for it.
    return _truncated_normal(0.0, math.sqrt(variance) / 0.87962566103423978) if "trunc" in spread else None


def _uniform(low: float, high: float) -> _Distribution | None:
    if not high > low:
        return None
    return low, high, lambda x: np.clip((x - low) / (high - low), 0, 1)


def _truncated_normal(mean: float, deviation: float) -> _Distribution | None:
    from scipy.special import ndtr

    if not deviation > 0:
        return None
    reach, tail = _TRUNCATED_AT * deviation, float(ndtr(-_TRUNCATED_AT))
    return (
        mean - reach,
        mean + reach,
        lambda x: np.clip((ndtr((x - mean) / deviation) - tail) / (1 - 2 * tail), 0, 1),
    )
