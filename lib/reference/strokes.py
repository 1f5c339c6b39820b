"""Where the strokes and edges of a picture run, and how far that lies from what the training pictures of a class vary in.

A picture becomes a histogram of gradient directions in 6 x 6 places, which no brightness and no contrast changes; a class is
a mean and a few directions in which its training pictures vary (a subspace). No training picture is kept. Making and asking
live here; the Reference stores it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from lib.reference.features import directions
from lib.statistics import as_images, bounds

DIRECTIONS, PLACES = 8, 6
WIDTH = DIRECTIONS * PLACES * PLACES
_LARGEST_SIDE = 32
_MOST_AXES, _PICTURES_AN_AXIS, _FEWEST = 16, 10, 10
_BYTES = 2_000_000
TELLING = 0.08
"""Strokes tell what belongs to a class where less than this is left over: drawings on an even ground. In photographs, whose
grounds differ, four times as much is."""


@dataclass(frozen=True, eq=False)
class Strokes:
    """The classes' subspaces of `stroke_vectors`, C classes with at most D directions each.

    Source: S. Watanabe, N. Pakvasa, Subspace method of pattern recognition, 1973 (CLAFIC); N. Dalal, B. Triggs, Histograms
    of oriented gradients, CVPR 2005; the residual as a score of strangeness: H. Wang et al., ViM, CVPR 2022.

    Attributes:
        labels: int16 (C,), increasing: the classes with at least ten training pictures.
        means: float16 (C, WIDTH).
        axes: float16 (C, WIDTH, D), orthonormal columns, the first most important; columns of zeros where a class has less.
        leftover: mean squared distance of the training pictures from their class's subspace, 0..4.
    """

    labels: np.ndarray
    means: np.ndarray
    axes: np.ndarray
    leftover: float

    def __post_init__(self) -> None:
        count = len(self.labels)
        fits = self.means.shape == (count, WIDTH) and self.axes.shape[:2] == (count, WIDTH) and count
        if not fits or self.axes.ndim != 3:
            raise ValueError("These are not the strokes of a Reference: their numbers do not fit together.")

    @property
    def tell(self) -> bool:
        """Whether the training pictures of a class have their strokes in common."""
        return self.leftover < TELLING

    def distances(self, vectors: np.ndarray, logits: np.ndarray) -> np.ndarray:
        """Squared distance of each picture from the subspace of the class that the network names, float64 (n,), 0..4.

        Args:
            vectors: float32 (n, WIDTH), `stroke_vectors`.
            logits: (n, K); of the classes that are not known here none is named.
        """
        named = np.asarray(logits)[:, self.labels].argmax(1)
        found = np.empty(len(vectors), np.float64)
        for place in np.unique(named):
            rows = named == place
            found[rows] = _leftover(vectors[rows], self._means[place], self._axes[place])
        return found

    @cached_property
    def _means(self) -> np.ndarray:
        return self.means.astype(np.float32)

    @cached_property
    def _axes(self) -> np.ndarray:
        return self.axes.astype(np.float32)


def fit_strokes(vectors: np.ndarray, labels: np.ndarray) -> Strokes | None:
    """The subspaces of training pictures; None if no class has ten of them.

    Args:
        vectors: float32 (M, WIDTH), `stroke_vectors`.
        labels: (M,) integers.
    """
    classes, counts = np.unique(labels, return_counts=True)
    classes, counts = classes[counts >= _FEWEST], counts[counts >= _FEWEST]
    if len(classes) == 0:
        return None
    most = min(_MOST_AXES, max(1, _BYTES // (2 * WIDTH * len(classes))))
    means = np.zeros((len(classes), WIDTH), np.float16)
    axes = np.zeros((len(classes), WIDTH, most), np.float16)
    left = 0.0
    for place, (label, count) in enumerate(zip(classes, counts, strict=True)):
        members = vectors[labels == label]
        means[place] = members.mean(0)
        centred = (members - means[place].astype(np.float32)).astype(np.float64)
        kept = min(most, int(count) // _PICTURES_AN_AXIS)
        axes[place, :, :kept] = np.linalg.eigh(centred.T @ centred)[1][:, ::-1][:, :kept]
        left += _leftover(members, means[place], axes[place]).sum()
    return Strokes(classes.astype(np.int16), means, axes, float(left / counts.sum()))


def stroke_vectors(batch: np.ndarray, value_range: str) -> np.ndarray:
    """Histograms of gradient directions, float32 (N, WIDTH), each of length 1; zeros for a picture of one value.

    Every gradient counts by its length for the one or two of eight directions that it is nearest to, and for the places
    around it, the nearer the more. Square roots are taken, so that a few strong edges are not all that counts.

    Args:
        batch: finite numbers as `lib.statistics.statistics` takes them, in the units of the range.
    """
    low, high = bounds(value_range)
    gray = ((as_images(batch).mean(-1) - low) / (high - low)).astype(np.float32)
    height, width = gray.shape[1:]
    if max(height, width) > _LARGEST_SIDE:
        height, width = min(height, _LARGEST_SIDE), min(width, _LARGEST_SIDE)
        gray = _shrink(gray.shape[1], height) @ gray @ _shrink(gray.shape[2], width).T
    across, down = np.zeros_like(gray), np.zeros_like(gray)
    across[:, :, 1:-1] = gray[:, :, 2:] - gray[:, :, :-2]
    down[:, 1:-1] = gray[:, 2:] - gray[:, :-2]
    # A direction's share falls from all to nothing at its neighbours' directions, as the cosine does.
    along = _COSINES * across[:, None] + _SINES * down[:, None]
    along -= (np.sqrt(across**2 + down**2) * np.float32(math.cos(2 * math.pi / DIRECTIONS)))[:, None]
    np.maximum(along, 0, out=along)
    pooled = _tents(height) @ along @ _tents(width).T
    return directions(np.sqrt(directions(pooled.reshape(len(gray), WIDTH))))


_ANGLES = np.arange(DIRECTIONS) * 2 * math.pi / DIRECTIONS
_COSINES = np.cos(_ANGLES).astype(np.float32)[:, None, None]
_SINES = np.sin(_ANGLES).astype(np.float32)[:, None, None]


@cache
def _tents(side: int) -> np.ndarray:
    """float32 (PLACES, side): how much each pixel counts for each place; 1 in sum for every pixel."""
    at = np.clip((np.arange(side) + 0.5) / side * PLACES - 0.5, 0, PLACES - 1)
    return np.maximum(0, 1 - np.abs(at - np.arange(PLACES)[:, None])).astype(np.float32)


@cache
def _shrink(side: int, to: int) -> np.ndarray:
    """float32 (to, side): means over equal parts of a side, pixels cut where needed."""
    edges = np.arange(to + 1) * side / to
    pixel = np.arange(side)
    covered = np.minimum(edges[1:, None], pixel + 1) - np.maximum(edges[:-1, None], pixel)
    return (np.maximum(0, covered) * to / side).astype(np.float32)


def _leftover(vectors: np.ndarray, mean: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """float64 (n,): squared length of what the axes (WIDTH, D) leave of the vectors less the mean."""
    centred = vectors - mean.astype(np.float32)
    seen = centred @ axes.astype(np.float32)
    return np.maximum((centred.astype(np.float64) ** 2).sum(1) - (seen.astype(np.float64) ** 2).sum(1), 0)
