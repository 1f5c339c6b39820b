"""Claims about cross-validation over photos."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.training.data import Labelled
from lib.training.house_cross_validation import cross_validate, folds, score


@given(st.lists(st.integers(-2, 30), min_size=1, max_size=80), st.integers(2, 6))
def test_a_photo_is_in_one_fold_only_and_folds_are_equally_large(photos, count):
    photos = np.array(photos)
    fold_of = folds(photos, count)
    assert ((fold_of == -1) == (photos < 0)).all()
    sizes = np.zeros(count, int)
    for photo in np.unique(photos[photos >= 0]):
        assert len(set(fold_of[photos == photo].tolist())) == 1
        sizes[fold_of[photos == photo][0]] += 1
    assert sizes.max() - sizes.min() <= 1


def always(label):
    model = keras.Sequential([keras.layers.Input((4,)), keras.layers.Dense(10, kernel_initializer="zeros")])
    model.layers[0].bias.assign(np.eye(10)[label])
    return model


def test_every_crop_is_read_once_by_a_network_that_was_denied_its_photo():
    photos = np.array([5, 5, 6, 7, 7, 8, 9])
    crops = Labelled(np.zeros((7, 2, 2), np.uint8), np.array([3, 3, 3, 0, 3, 3, 3]))
    denied = []

    def train_without(held):
        denied.append(set(held.tolist()))
        return always(3)

    right = cross_validate(crops, photos, train_without, lambda x: x.reshape(-1, 4).astype(np.float32), 5)
    assert right.tolist() == [True, True, True, False, True, True, True]
    assert sorted(photo for held in denied for photo in held) == [5, 6, 7, 8, 9]


def test_the_network_of_a_fold_reads_that_fold():
    photos = np.arange(10)
    crops = Labelled(np.zeros((10, 2, 2), np.uint8), np.arange(10))
    # A network that only knows the first photo it was denied is right for that one crop of each fold.
    right = cross_validate(
        crops, photos, lambda held: always(held[0]), lambda x: x.reshape(-1, 4).astype(np.float32), 5
    )
    assert right.sum() == 5


def test_the_score_gives_accuracy_by_class_and_an_interval_around_it():
    right = np.array([1, 1, 1, 0] * 25, bool)
    labels = np.array([0, 0, 1, 1] * 25)
    result = score(right, labels, np.arange(100), ("0", "1", "2"))
    assert result["accuracy"] == 0.75 and result["n"] == 100 and result["photos"] == 100
    assert result["per_class"] == {"0": 1.0, "1": 0.5, "2": None}
    low, high = result["interval_95"]
    # The binomial's standard error is sqrt(0.75 * 0.25 / 100) = 0.0433.
    assert low == pytest.approx(0.75 - 1.96 * 0.0433, abs=0.015)
    assert high == pytest.approx(0.75 + 1.96 * 0.0433, abs=0.015)


def test_digits_of_the_same_photo_make_the_interval_wider():
    right = np.repeat(np.array([1, 1, 1, 0] * 5, bool), 5)
    labels = np.zeros(100, int)

    def width(photos):
        low, high = score(right, labels, photos, ("0",))["interval_95"]
        return high - low

    assert width(np.repeat(np.arange(20), 5)) > 1.8 * width(np.arange(100))
