"""The mistakes of value range that the questions were about: a network's own pictures, handed to it on another scale."""

from __future__ import annotations

import numpy as np

from lib.statistics import bounds

# As wrong tensors of the questions are called; each is what lib.statistics knows as a value range.
_RANGES = ("0..1", "0..255", "-1..1", "caffe", "torch")
_FLIPPED = "1 - pixels of 0..255"


def misfed(tensor: np.ndarray, value_range: str) -> dict[str, np.ndarray]:
    """{mistake: float32 tensors like `tensor`}, every value range but the network's own, and the first question's inversion.

    Args:
        tensor: float32 (N, ...), rightly preprocessed.
        value_range: what the network was trained on.
    """
    low, high = bounds(value_range)
    shares = (tensor.astype(np.float64) - low) / (high - low)
    found = {}
    for name in _RANGES:
        if name != value_range:
            black, white = bounds(name)
            found[f"as {name}"] = (black + shares * (white - black)).astype(np.float32)
    found[_FLIPPED] = (1 - 255 * shares).astype(np.float32)
    return found
