"""How rough a picture is at every scale, from pixel to pixel up to eighths of its side, beside the training pictures.

Noise, walls and photographs have other such numbers than drawings, whatever the network makes of them. Making and asking
live here; the Reference stores it: a dozen numbers for each of some training pictures, from which none can be drawn again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from lib.reference.features import neighbour_distances
from lib.statistics import as_images, bounds

MOST_PICTURES = 2_000
_SCALES = 4
# Below a 250th of the range roughness is the rounding of bytes, and its logarithm would tell nothing but that.
_FLOOR = 0.004
_LEAST_SPREAD = 0.05


@dataclass(frozen=True, eq=False)
class Grain:
    """Of M training pictures, `grain_vectors` of G numbers each.

    Attributes:
        bank: float16 (M, G).
        spread: float32 (G,), positive: what a difference in each number is measured in.
    """

    bank: np.ndarray
    spread: np.ndarray

    def __post_init__(self) -> None:
        if self.bank.ndim != 2 or self.spread.shape != self.bank.shape[1:] or not (self.spread > 0).all():
            raise ValueError("This is not the grain of a Reference: its numbers do not fit together.")

    def distances(self, vectors: np.ndarray) -> np.ndarray:
        """Mean distance to the five training pictures of the most similar grain, float64 (n,).

        Args:
            vectors: float32 (n, G), `grain_vectors`.
        """
        return neighbour_distances(self._bank, vectors / self.spread)

    @cached_property
    def _bank(self) -> np.ndarray:
        return self.bank.astype(np.float32) / self.spread


def fit_grain(vectors: np.ndarray) -> Grain:
    """Of training pictures' `grain_vectors`, float32 (M, G)."""
    return Grain(vectors.astype(np.float16), vectors.std(0) + np.float32(_LEAST_SPREAD))


def grain_vectors(batch: np.ndarray, value_range: str) -> np.ndarray:
    """Logarithms of the roughness at up to four scales, float32 (N, G), as many numbers for every picture of a size.

    At each scale the root mean square of what is left to right, top to bottom and across in squares of 2 x 2 (Haar's
    wavelet), then the squares' means are the next scale's pixels; last, how much the coarsest differ. Of colour pictures
    first for their gray, then for what the colours add to it.

    Args:
        batch: finite numbers as `lib.statistics.statistics` takes them, in the units of the range.
    """
    low, high = bounds(value_range)
    images = as_images(batch)
    level = ((images - low) / (high - low)).astype(np.float32)
    gray = level.mean(-1, keepdims=True)
    planes = gray if level.shape[-1] == 1 else np.concatenate([gray, level - gray], axis=-1)
    found = []
    for _ in range(_SCALES):
        height, width = planes.shape[1] // 2 * 2, planes.shape[2] // 2 * 2
        if min(height, width) == 0:
            break
        one, two = planes[:, 0:height:2, 0:width:2], planes[:, 0:height:2, 1:width:2]
        three, four = planes[:, 1:height:2, 0:width:2], planes[:, 1:height:2, 1:width:2]
        upper, lower, left, right = one + two, three + four, one - two, three - four
        found += [_power(left + right), _power(upper - lower), _power(left - right)]
        planes = (upper + lower) / 4
    found.append(16 * planes.var((1, 2)))
    power = np.stack(found, axis=1)  # (N, numbers, gray alone or with the three colours)
    if power.shape[-1] > 1:
        power = np.concatenate([power[..., :1], power[..., 1:].mean(-1, keepdims=True)], axis=-1)
    roughness = np.sqrt(power.reshape(len(power), math.prod(power.shape[1:]))) / 4
    return np.log(roughness + np.float32(_FLOOR))


def _power(details: np.ndarray) -> np.ndarray:
    """float32 (N, C): mean squares of (N, H, W, C)."""
    return np.einsum("nhwc,nhwc->nc", details, details) / (details.shape[1] * details.shape[2])
