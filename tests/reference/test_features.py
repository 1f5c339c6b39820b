"""Claims about the penultimate layer: which one it is, its vectors, and distances in it."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.reference.features import NEIGHBOURS, directions, neighbour_distances, penultimate, vectors
from lib.unfold import unfold
from tests.keras_models import BUILDS


def sequential(*layers):
    return unfold(keras.Sequential([keras.layers.Input((8, 8, 2)), *layers]))


def test_it_is_the_layer_that_the_last_weights_read():
    dense, conv = keras.layers.Dense, keras.layers.Conv2D
    flat, pooled = keras.layers.Flatten(name="flat"), keras.layers.GlobalAveragePooling2D(name="pooled")
    head = (dense(5, "relu", name="wide"), keras.layers.Dropout(0.5), dense(3, name="logits"))
    assert penultimate(sequential(flat, *head).layers) == "wide"
    ended = sequential(flat, dense(5, name="wide"), dense(3), keras.layers.Softmax())
    assert penultimate(ended.layers) == "wide"
    relu = keras.layers.ReLU(name="relu")
    assert penultimate(sequential(flat, dense(5, name="wide"), relu, dense(3, "softmax")).layers) == "relu"
    assert penultimate(sequential(conv(4, 3), pooled, dense(3)).layers) == "pooled"
    assert penultimate(sequential(conv(4, 3, name="map"), keras.layers.Flatten(), dense(3)).layers) == "map"


def test_a_network_with_a_single_layer_is_compared_by_that_layer():
    assert (
        penultimate(sequential(keras.layers.Flatten(), keras.layers.Dense(3, name="only")).layers) == "only"
    )


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_every_build_has_one(build):
    opened = unfold(build()[0])
    assert penultimate(opened.layers) in opened.tensors


def test_a_map_counts_by_the_mean_of_each_channel():
    maps = np.arange(24).reshape(1, 2, 3, 4)
    np.testing.assert_array_equal(vectors(maps), maps.mean((1, 2)))
    np.testing.assert_array_equal(vectors(np.ones((2, 3))), np.ones((2, 3)))


def test_distances_computed_by_hand():
    bank = np.array([[1, 0], [0, 1], [-1, 0]], np.float32)
    rows = np.array([[1, 0], [0, -1]], np.float32)
    expected = [(0 + np.sqrt(2) + 2) / 3, (np.sqrt(2) + 2 + np.sqrt(2)) / 3]
    np.testing.assert_allclose(neighbour_distances(bank, rows), expected, atol=1e-6)


@given(st.integers(0, 1000), st.integers(1, 40), st.integers(0, 300))
def test_distances_are_those_of_the_definition(seed, known, count):
    random = np.random.default_rng(seed)
    bank = directions(random.normal(size=(known, 6)))
    rows = directions(random.normal(size=(count, 6)))
    every = np.sort(np.linalg.norm(rows[:, None].astype(np.float64) - bank[None], axis=2), axis=1)
    np.testing.assert_allclose(neighbour_distances(bank, rows), every[:, :NEIGHBOURS].mean(1), atol=1e-3)


def test_a_vector_of_zeros_has_no_direction_and_stays():
    np.testing.assert_array_equal(
        directions(np.array([[0.0, 0.0], [3.0, 4.0]])), np.array([[0, 0], [0.6, 0.8]], np.float32)
    )
