"""Distances between stored and batch statistics in closed form; the way from one to the other; packing."""

from __future__ import annotations

import numpy as np
import pytest

from lib.batchnorm.statistics import (
    BatchNormLayer,
    Distance,
    Statistics,
    by_channel,
    distances,
    first_diverging,
)

LAYERS = (BatchNormLayer("one", 2, 0.99, 0.0), BatchNormLayer("two", 1, 0.99, 0.0))


def statistics(means: tuple, variances: tuple) -> Statistics:
    return Statistics(
        tuple(np.array(m, np.float32) for m in means), tuple(np.array(v, np.float32) for v in variances)
    )


BATCH = statistics(([10.0, -6.0], [0.0]), ([4.0, 9.0], [1.0]))
STORED = statistics(([0.0, 0.0], [0.0]), ([1.0, 1.0], [1.0]))


def test_the_distance_of_means_is_in_standard_deviations_of_the_batch() -> None:
    first, second = distances(LAYERS, STORED, BATCH)
    assert first.mean == pytest.approx(np.sqrt((5.0**2 + 2.0**2) / 2))  # 10 / 2 and 6 / 3
    assert first.scale == pytest.approx(np.sqrt((np.log(2) ** 2 + np.log(3) ** 2) / 2))
    assert (second.mean, second.scale, second.factor) == (0.0, 0.0, 1.0)
    off, scale = by_channel(LAYERS[0], 0, STORED, BATCH)
    np.testing.assert_allclose(off, [-5.0, 2.0])
    np.testing.assert_allclose(scale, [-np.log(2), -np.log(3)])


def test_a_channel_without_variance_is_finite() -> None:
    constant = statistics(([0.0, 0.0], [0.0]), ([0.0, 0.0], [0.0]))
    layers = tuple(BatchNormLayer(layer.name, layer.channels, 0.99, 1e-3) for layer in LAYERS)
    assert all(np.isfinite(d.total) for d in distances(layers, STORED, constant))


def test_the_first_diverging_layer_is_the_first_in_order_not_the_worst() -> None:
    near, far, worse = Distance(0.1, 0.1), Distance(0.4, 0.4), Distance(9.0, 0.0)
    assert first_diverging([near, far, worse]) == 1
    assert first_diverging([near, near]) is None


def test_the_way_to_other_statistics_is_straight() -> None:
    half = STORED.towards(BATCH, 0.5)
    np.testing.assert_allclose(half.means[0], [5.0, -3.0])
    np.testing.assert_allclose(half.variances[0], [2.5, 5.0])
    np.testing.assert_array_equal(STORED.towards(BATCH, 1.0).packed(), STORED.packed())
    np.testing.assert_array_equal(STORED.towards(BATCH, 0.0).packed(), BATCH.packed())


def test_packing_and_unpacking_gives_the_same_back() -> None:
    again = Statistics.unpacked(BATCH.packed(), LAYERS)
    for one, other in zip((*again.means, *again.variances), (*BATCH.means, *BATCH.variances), strict=True):
        np.testing.assert_array_equal(one, other)
    with pytest.raises(ValueError, match="do not belong"):
        Statistics.unpacked(BATCH.packed()[:, :-1], LAYERS)
