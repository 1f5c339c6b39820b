"""The penultimate layer as a space in which pictures lie near others of their kind: which layer, its vectors, distances.

Pure functions of layers' descriptions and arrays; the bank of training pictures is kept by the Reference.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lib.layer import Layer

NEIGHBOURS = 5
"""Distances are means over so many nearest pictures: one may have a wrong label, fifty are more than a rare shape has."""

_AT_ONCE = 256
# These pass on what they are given, at least when the network answers.
_SILENT = frozenset(
    {
        "Flatten",
        "Reshape",
        "Dropout",
        "SpatialDropout2D",
        "GaussianNoise",
        "GaussianDropout",
        "AlphaDropout",
        "Activation",
        "Identity",
    }
)


def penultimate(layers: Sequence[Layer]) -> str:
    """The name of the layer whose output the last layer with weights reads; of that layer itself if it is the first.

    Args:
        layers: of an opened model (`lib.unfold`), in the order of the computation.
    """
    by_name = {layer.name: layer for layer in layers}
    head = layers[-1]
    while (head.nested or head.parameters == 0) and head.inputs and head.inputs[0] in by_name:
        head = by_name[head.inputs[0]]
    name = head.inputs[0] if head.inputs else ""
    while name in by_name and (by_name[name].nested or by_name[name].kind in _SILENT):
        name = by_name[name].inputs[0]
    return name if name in by_name else head.name


def vectors(activation: np.ndarray) -> np.ndarray:
    """A layer's output as float32 (N, D): of maps, every channel's mean.

    Args:
        activation: (N, D) or (N, ..., channels), as `Trace.activations` has it.
    """
    values = np.asarray(activation, np.float32)
    return values.mean(axis=tuple(range(1, values.ndim - 1))) if values.ndim > 2 else values


def directions(features: np.ndarray) -> np.ndarray:
    """float32 (N, D), every row of length 1; a row of zeros stays."""
    values = np.asarray(features, np.float32)
    length = np.sqrt((values**2).sum(1, keepdims=True))
    return np.divide(values, length, out=np.zeros_like(values), where=length > 0)


def neighbour_distances(bank: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """float64 (N,): the mean Euclidean distance of each row to its nearest in the bank, both as `directions`, 0..2.

    Source: Y. Sun, Y. Ming, X. Zhu, Y. Li, Out-of-Distribution Detection with Deep Nearest Neighbors, ICML 2022 (there the
    distance to the k-th; the mean over the k nearest differs little and is steadier).

    Args:
        bank: float32 (M, D), `directions` of known pictures.
        rows: float32 (N, D), the same of others.
    """
    k = min(NEIGHBOURS, len(bank))
    found = np.empty(len(rows), np.float64)
    bank_squares, squares = (bank**2).sum(1), (rows**2).sum(1)
    for first in range(0, len(rows), _AT_ONCE):
        part = slice(first, first + _AT_ONCE)
        distance = squares[part, None] + bank_squares - 2 * (rows[part] @ bank.T)
        nearest = np.partition(distance, k - 1, axis=1)[:, :k]
        found[part] = np.sqrt(np.maximum(nearest, 0, dtype=np.float64)).mean(1)
    return found
