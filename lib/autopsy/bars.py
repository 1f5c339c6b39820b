"""Whether a picture shows nothing but a bar: one straight stroke, which says nothing about the way up."""

from __future__ import annotations

import numpy as np

from lib.contract import Contract

# Of the largest contrast: what counts as ink. A bar is so much thinner than long, as standard deviations of its ink.
_INK = 0.3
_THIN = 0.2


def is_bar(tensor: np.ndarray, contract: Contract) -> bool:
    """Whether all ink lies along one straight line, so that a turned I and a dash cannot be told from each other.

    Args:
        tensor: float32, what the network gets, without batch axis; ink of either polarity.
    """
    height, width = contract.size
    image = np.asarray(tensor, np.float64).reshape(height, width, -1).mean(axis=2)
    ground = np.median(np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]]))
    contrast = np.abs(image - ground)
    rows, columns = np.nonzero(contrast > _INK * contrast.max())
    if len(rows) < 2:
        return False
    along, across = np.sqrt(np.maximum(np.linalg.eigvalsh(np.cov(rows, columns))[::-1], 0))
    return bool(across < _THIN * along)
