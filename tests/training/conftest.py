"""A tiny stand-in for the letters data: 26 patterns of two blocks with noise, so that a few steps learn them."""

import numpy as np
import pytest

from lib.training.data import Labelled, Source, TrainingData


def _letters(count: int, seed: int) -> Labelled:
    random = np.random.default_rng(seed)
    labels = random.integers(0, 26, count)
    patterns = np.random.default_rng(99).integers(0, 2, (26, 4, 4)) * 200
    images = np.kron(patterns[labels], np.ones((1, 5, 5)))
    images = np.pad(images, ((0, 0), (4, 4), (4, 4))) + random.integers(0, 30, (count, 28, 28))
    return Labelled(images.astype(np.uint8), labels.astype(np.int64))


@pytest.fixture(scope="session")
def tiny_letters():
    return TrainingData(
        _letters(600, 0),
        _letters(100, 1),
        _letters(100, 2),
        {"new": _letters(100, 3)},
        (Source("blocks", "made by the tests", "CC0", "everything"),),
        "bounding box",
        ("These are blocks.",),
    )
