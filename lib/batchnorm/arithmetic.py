"""The arithmetic of a moving average: what share of it still is the value that it began with, and for how long.

Keras updates BatchNorm's statistics once for every batch that passes with training=True:
`moving = momentum * moving + (1 - momentum) * batch` (Ioffe and Szegedy 2015, https://arxiv.org/abs/1502.03167, use the
population's statistics instead; the moving average is how frameworks estimate them).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

SETTLED = 0.01
"""With less than this share of their initial values, statistics count as settled."""


def initial_weight(momentum: float, updates: float) -> float:
    """The share that the initial value still has after some updates: momentum ** updates, 0..1.

    Raises:
        ValueError: the momentum is not within 0..1, or there are fewer than no updates.
    """
    if not 0 <= momentum <= 1:
        raise ValueError(f"BatchNorm's momentum lies from 0 to 1, not at {momentum:g}.")
    if updates < 0:
        raise ValueError(f"There cannot be {updates:g} updates.")
    return float(momentum**updates)


def updates_until(momentum: float, share: float) -> int | None:
    """The smallest number of updates after which the initial value has at most this share; None if that never happens.

    Args:
        share: 0..1; 0 is reached only with a momentum of 0.
    """
    if share >= 1:
        return 0
    if momentum <= 0:
        return 1
    if momentum >= 1 or share <= 0:
        return None
    estimate = math.log(share) / math.log(momentum)
    # The logarithms' rounding must not ask for one update too many, or one too few.
    return next(n for n in range(max(0, math.floor(estimate) - 1), 2**62) if momentum**n <= share)


def moving_average(momentum: float, start: float | np.ndarray, batches: Iterable) -> float | np.ndarray:
    """What Keras stores after these batches: numbers, or one array of the same shape for each batch."""
    value = start
    for batch in batches:
        value = momentum * value + (1 - momentum) * batch
    return value
