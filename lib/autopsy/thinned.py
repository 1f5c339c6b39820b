"""Fewer pixels of a very large picture, for numbers that need no more."""

from __future__ import annotations

import numpy as np

_ENOUGH = 1024  # rows or columns


def thinned(image: np.ndarray) -> np.ndarray:
    """Every n-th row and column of (H, W) or (H, W, C), so that the shorter side keeps 1,024 to 2,047.

    Shares of values need no more, and a camera's whole picture takes seconds.
    """
    step = max(1, min(image.shape[:2]) // _ENOUGH)
    return image[::step, ::step]
