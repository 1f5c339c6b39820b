"""The moving average: against Keras's own layer, against the closed form, and how long it takes."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.batchnorm import initial_weight, moving_average, updates_until

MOMENTA = st.floats(0.0, 1.0)


def test_five_updates_of_one_layer_are_the_average_by_hand() -> None:
    layer = keras.layers.BatchNormalization(momentum=0.9)
    batches = [np.array([[1.0], [3.0]]), np.array([[5.0], [5.0]]), np.array([[0.0], [8.0]])]
    batches += [np.array([[2.0], [2.0]]), np.array([[-1.0], [1.0]])]
    for batch in batches:
        layer(batch, training=True)
    # By hand, m <- 0.9 m + 0.1 batch: 0 -> 0.2 -> 0.68 -> 1.012 -> 1.1108 -> 0.99972; the variances of the batches are
    # 1, 0, 16, 0, 1: 1 -> 1 -> 0.9 -> 2.41 -> 2.169 -> 2.0521.
    np.testing.assert_allclose(np.asarray(layer.moving_mean), [0.99972], rtol=1e-5)
    np.testing.assert_allclose(np.asarray(layer.moving_variance), [2.0521], rtol=1e-5)
    assert moving_average(0.9, 0.0, [b.mean() for b in batches]) == pytest.approx(0.99972)
    assert moving_average(0.9, 1.0, [b.var() for b in batches]) == pytest.approx(2.0521)


def test_batches_of_zero_leave_exactly_the_weight_of_the_beginning() -> None:
    layer = keras.layers.BatchNormalization(momentum=0.99)
    for _ in range(5):
        layer(np.zeros((2, 3)), training=True)
    np.testing.assert_allclose(np.asarray(layer.moving_variance), initial_weight(0.99, 5), rtol=1e-5)


@given(MOMENTA, st.floats(-100, 100), st.lists(st.floats(-100, 100), max_size=20))
def test_the_initial_value_has_the_weight_that_is_said(momentum: float, start: float, batches: list) -> None:
    difference = moving_average(momentum, start, batches) - moving_average(momentum, 0.0, batches)
    assert difference == pytest.approx(start * initial_weight(momentum, len(batches)), abs=1e-9)


def test_the_questions_own_numbers() -> None:
    assert initial_weight(0.99, 5) == pytest.approx(0.951, abs=5e-4)
    assert initial_weight(0.99, 30) == pytest.approx(0.7397, abs=5e-5)
    assert updates_until(0.99, 0.01) == 459
    assert updates_until(0.9, 0.5) == 7


@given(st.floats(0.01, 0.999), st.floats(1e-6, 0.999))
def test_the_number_of_updates_is_the_smallest_that_suffices(momentum: float, share: float) -> None:
    updates = updates_until(momentum, share)
    assert updates is not None
    assert initial_weight(momentum, updates) <= share < initial_weight(momentum, updates - 1)


def test_the_ends_of_the_momentum() -> None:
    assert updates_until(1.0, 0.5) is None
    assert updates_until(0.0, 0.5) == 1
    assert updates_until(0.9, 0.0) is None
    assert updates_until(0.9, 1.0) == 0
    with pytest.raises(ValueError, match="from 0 to 1"):
        initial_weight(1.5, 3)
    with pytest.raises(ValueError, match="updates"):
        initial_weight(0.5, -1)
