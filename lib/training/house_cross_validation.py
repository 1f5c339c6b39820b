"""Cross-validation over photos: how well digits of photos are read by networks that never saw those photos.

How a network is trained without some photos is the caller's affair (see `house_numbers`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np

from lib.training.data import Labelled
from lib.training.fit import logits_of

_SPLIT_SEED = 32
_RESAMPLES = 4_000


def folds(photos: np.ndarray, count: int) -> np.ndarray:
    """int64 (N,): the fold 0..count-1 of each image, whole photos each; -1 where the photo is negative, none.

    The split does not depend on the seed of the training, so that recipes can be compared.
    """
    names = np.unique(photos[photos >= 0])
    order = np.random.default_rng(_SPLIT_SEED).permutation(names)
    fold_of = {photo: index % count for index, photo in enumerate(order.tolist())}
    return np.array([fold_of.get(photo, -1) for photo in photos.tolist()], np.int64)


def cross_validate(
    crops: Labelled,
    photos: np.ndarray,
    train_without: Callable[[np.ndarray], keras.Model],
    to_tensor: Callable[[np.ndarray], np.ndarray],
    count: int,
) -> np.ndarray:
    """bool (N,): whether each crop is read rightly by the network that was trained without its fold's photos.

    Args:
        crops: the images to read.
        photos: int64 (N,), the photo of each, none of them negative.
        train_without: given int64 photos, makes a network that has not seen any of them.
        to_tensor: as in a recipe.
        count: folds, at least 2.
    """
    right = np.zeros(len(crops), bool)
    fold_of = folds(photos, count)
    for fold in range(count):
        rows = fold_of == fold
        if rows.any():
            model = train_without(np.unique(photos[rows]))
            part = crops.take(rows)
            right[rows] = logits_of(model, to_tensor(part.images)).argmax(1) == part.labels
    return right


def score(
    right: np.ndarray, labels: np.ndarray, photos: np.ndarray, names: tuple[str, ...]
) -> dict[str, Any]:
    """What a card says of it: accuracy, its 95 % interval, and the accuracy of each class.

    The interval is the bootstrap's over photos (Efron 1979), because digits of one photo look alike: they share
    paint, light and blur, and are read rightly or wrongly together.
    """
    _, photo = np.unique(photos, return_inverse=True)
    rights, totals = np.bincount(photo, right), np.bincount(photo)
    draws = np.random.default_rng(_SPLIT_SEED).integers(0, len(totals), (_RESAMPLES, len(totals)))
    resampled = rights[draws].sum(1) / totals[draws].sum(1)
    low, high = np.quantile(resampled, (0.025, 0.975))
    return {
        "accuracy": round(float(right.mean()), 4),
        "n": len(right),
        "photos": len(totals),
        "interval_95": [round(float(low), 4), round(float(high), 4)],
        "per_class": {
            name: round(float(right[labels == label].mean()), 4) if (labels == label).any() else None
            for label, name in enumerate(names)
        },
    }
