"""Random samples of a stream of unknown length: each image draws a number, the lowest numbers stay.

The same images come out whatever the format of the file and the size of the blocks it is read in.
"""

from __future__ import annotations

import numpy as np

from lib.dataset.guards import Request
from lib.dataset.packing import Packed


def lowest(keys: np.ndarray, codes: np.ndarray, most: int, balanced: bool) -> np.ndarray:
    """Which images stay, given the random number that each has drawn.

    Balanced, every class keeps its q lowest, with the largest q that keeps at most `most`; the places left over go
    to the lowest of those that are next in their class. Applied to the survivors of a part of the stream together
    with the rest of it, the choice is the same as applied to all at once: q never rises when images are added.

    Args:
        keys: float64 (N,), the numbers drawn.
        codes: (N,) non-negative integers, the classes.
        most: how many stay at most.

    Returns:
        int64 positions, increasing.
    """
    if len(keys) <= most:
        return np.arange(len(keys))
    if not balanced:
        return np.sort(np.argpartition(keys, most - 1)[:most])
    order = np.lexsort((keys, codes))
    counts = np.bincount(codes)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    rank = np.empty(len(keys), np.int64)
    rank[order] = np.arange(len(keys)) - first[codes[order]]
    level = _level(counts, most)
    stay = rank < level
    following = np.flatnonzero(rank == level)
    left_over = most - int(stay.sum())
    stay[following[np.argsort(keys[following], kind="stable")[:left_over]]] = True
    return np.flatnonzero(stay)


def _level(counts: np.ndarray, most: int) -> int:
    """The largest q for which the classes together have at most `most` images when each has at most q."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if np.minimum(counts, middle).sum() <= most:
            low = middle
        else:
            high = middle - 1
    return low


def choose(codes: np.ndarray, most: int | None, seed: int, balanced: bool) -> np.ndarray:
    """Positions, increasing, of a sample of images whose classes are all known beforehand."""
    if most is None:
        return np.arange(len(codes))
    return lowest(np.random.default_rng(seed).random(len(codes)), codes, most, balanced)


class Collector:
    """Keeps what a stream offers: all of it, or a sample in as many places as the sample has images."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.seen = 0
        self._random = np.random.default_rng(request.seed)
        self._everything = Packed()
        self._places: np.ndarray | None = None  # of a sample
        self._codes: list[np.ndarray] = []
        self._keys = np.zeros(0)
        self._kept = np.zeros(0, np.int64)
        self._order = np.zeros(0, np.int64)

    def offer(self, images: np.ndarray, codes: np.ndarray) -> None:
        """Takes uint8 images (n, D) and their classes (n,)."""
        most = self.request.sample_size(images.shape[1])
        first, self.seen = self.seen, self.seen + len(images)
        if most is None:
            self.request.check_images(self.seen, images.shape[1])
            self._everything.add(images)
            self._codes.append(codes)
            return
        if self._places is None:
            self._places = np.empty((most, images.shape[1]), np.uint8)
        places, filled = self._places, len(self._keys)
        keys = np.concatenate([self._keys, self._random.random(len(images))])
        kept = np.concatenate([self._kept, codes])
        order = np.concatenate([self._order, np.arange(first, self.seen)])
        stay = lowest(keys, kept, most, self.request.balanced)
        gone = np.setdiff1d(np.arange(filled), stay, assume_unique=True)
        incoming = stay[stay >= filled]
        free = np.concatenate([gone, np.arange(filled, most)])[: len(incoming)]
        places[free] = images[incoming - filled]
        self._keys, self._kept, self._order = (
            _placed(old[:filled], old[incoming], free, len(stay)) for old in (keys, kept, order)
        )

    def finish(self) -> tuple[np.ndarray | Packed, np.ndarray]:
        """uint8 (N, D), packed if it is all that the stream offered, and int64 (N,), in the stream's order. The collector is
        empty afterwards.
        """
        if self.request.most is None:
            codes = np.concatenate(self._codes) if self._codes else np.zeros(0, np.int64)
            return self._everything, codes
        if self._places is None:
            return np.zeros((0, 0), np.uint8), self._kept
        order, places = np.argsort(self._order), self._places
        self._places = None
        return places[order], self._kept[order]


def _placed(old: np.ndarray, incoming: np.ndarray, free: np.ndarray, size: int) -> np.ndarray:
    """The old entries with the incoming ones put at the free places."""
    new = np.empty(max(size, len(old)), old.dtype)
    new[: len(old)] = old
    new[free] = incoming
    return new
