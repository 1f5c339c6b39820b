from __future__ import annotations

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lib.activations import (
    NOT_FINITE,
    TOP_LEVEL,
    cells,
    maps,
    padded_square,
    quantise,
    quantise_around_zero,
    statistics,
)

_ANY_FLOAT = st.floats(width=32, allow_nan=True, allow_infinity=True)
_FINITE = st.floats(width=32, allow_nan=False, allow_infinity=False)
_MATRICES = st.tuples(st.integers(1, 4), st.integers(1, 12))


def _values(quantised) -> np.ndarray:
    """What the levels stand for, as the browser computes it."""
    low, high = quantised.low.astype(np.float64)[:, None], quantised.high.astype(np.float64)[:, None]
    return low + quantised.levels / TOP_LEVEL * (high - low)


def test_two_hundred_units_make_a_square_of_fifteen_with_twenty_five_cells_that_are_none() -> None:
    values, is_unit = padded_square(np.arange(200, dtype=np.float32))
    assert values.shape == is_unit.shape == (15, 15)
    assert np.count_nonzero(~is_unit) == 25
    assert values[1, 0] == 15
    assert is_unit[13, 4]
    assert not is_unit[13, 5]


@given(st.integers(1, 2000))
def test_the_square_is_the_smallest_one_and_keeps_the_order(units: int) -> None:
    values, is_unit = padded_square(np.arange(units))
    side = len(values)
    assert (side - 1) ** 2 < units <= side**2
    assert values[is_unit].tolist() == list(range(units))


@pytest.mark.parametrize(
    ("shape", "form", "count", "height", "width"),
    [
        ((), "units", 1, 1, 1),
        ((50,), "units", 1, 8, 8),
        ((1, 1, 64), "units", 1, 8, 8),
        ((6, 12), "sequence", 1, 6, 12),
        ((7, 5, 3), "channels", 3, 7, 5),
        ((2, 7, 5, 3), "channels", 3, 14, 5),
    ],
)
def test_every_rank_has_a_picture(shape, form, count, height, width) -> None:
    layout = cells(np.zeros(shape, np.float32))
    assert (layout.form, len(layout.values), layout.height, layout.width) == (form, count, height, width)
    assert maps(np.zeros(shape, np.float32)).shape == (count, height, width)


def test_a_channel_is_the_map_it_was() -> None:
    activation = np.random.default_rng(0).normal(size=(4, 5, 3)).astype(np.float32)
    np.testing.assert_array_equal(maps(activation)[2], activation[:, :, 2])


def test_padding_is_not_a_number_and_never_zero() -> None:
    picture = maps(np.ones(3, np.float32))
    assert np.isnan(picture[0, 1, 1])
    assert picture[0, 1, 0] == 1


def test_an_empty_activation_has_no_cells() -> None:
    layout = cells(np.zeros((0,), np.float32))
    assert layout.values.size == 0
    assert statistics(layout).units == 0


@given(_MATRICES.flatmap(lambda shape: arrays(np.float32, shape, elements=_FINITE)))
def test_levels_say_each_value_to_half_a_level_of_its_maps_range(values: np.ndarray) -> None:
    quantised = quantise(values)
    span = quantised.high.astype(np.float64) - quantised.low
    error = np.abs(_values(quantised) - values)
    varied = span > 0
    assert (error[varied] <= (0.51 / TOP_LEVEL) * span[varied, None]).all()
    assert (quantised.levels <= TOP_LEVEL).all()
    assert (quantised.low == values.min(axis=1)).all()
    assert (quantised.high == values.max(axis=1)).all()


@given(_MATRICES.flatmap(lambda shape: arrays(np.float32, shape, elements=_ANY_FLOAT)))
@settings(max_examples=200)
def test_broken_values_are_marked_and_the_rest_is_unharmed_without_a_warning(values: np.ndarray) -> None:
    good = np.isfinite(values)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        quantised = quantise(values)
        numbers = statistics(cells(values.T[None]))
    assert ((quantised.levels == NOT_FINITE) == ~good).all()
    assert np.isfinite(quantised.low).all()
    assert np.isfinite(quantised.high).all()
    assert numbers.not_finite == np.count_nonzero(~good)


def test_a_dead_map_is_level_zero_and_another_constant_one_is_the_middle() -> None:
    quantised = quantise(np.array([[0, 0], [7, 7], [-3, -3]], np.float32))
    assert quantised.levels.tolist() == [[0, 0], [127, 127], [127, 127]]


@given(_MATRICES.flatmap(lambda shape: arrays(np.float32, shape, elements=_ANY_FLOAT)))
def test_in_a_difference_the_middle_level_is_exactly_zero(values: np.ndarray) -> None:
    values[:, 0] = 0
    quantised = quantise_around_zero(values)
    assert (quantised.levels[:, 0] == TOP_LEVEL // 2).all()
    assert (quantised.low == -quantised.high).all()


def test_units_that_are_zero_are_counted_as_silent_for_a_relu() -> None:
    numbers = statistics(cells(np.array([0, 0, 2, 4], np.float32)), "relu")
    assert (numbers.silent, numbers.units, numbers.strongest) == (2, 4, 3)
    assert (numbers.lowest, numbers.highest, numbers.mean) == (0, 4, 1.5)
    assert numbers.sentence() == "2 of 4 units silent (50 %) · highest 4 · mean 1.5"


def test_a_channel_is_silent_only_if_its_whole_map_is_zero() -> None:
    activation = np.zeros((2, 2, 3), np.float32)
    activation[0, 0, 1] = 5
    activation[:, :, 2] = 2
    numbers = statistics(cells(activation), "relu")
    assert (numbers.silent, numbers.units, numbers.strongest) == (1, 3, 2)


def test_pooling_after_a_relu_counts_as_rectified_and_a_linear_layer_does_not() -> None:
    assert statistics(cells(np.array([0, 1], np.float32))).silent == 1
    assert statistics(cells(np.array([-1, 0, 1], np.float32))).silent is None
    assert statistics(cells(np.array([0, 1], np.float32)), "sigmoid").silent is None
    assert statistics(cells(np.array([3, 1], np.float32)), "relu").silent == 0


@pytest.mark.parametrize(
    ("function", "values", "saturated"),
    [
        ("sigmoid", [0.005, 0.5, 0.995, 0.7], 0.5),
        ("softmax", [1.0, 0.0], 1.0),
        ("tanh", [-0.985, 0.97, 0.0, 0.0], 0.25),
        ("relu6", [0.0, 6.0], 0.5),
        ("relu", [0.0, 6.0], None),
    ],
)
def test_saturated_means_within_one_percent_of_the_functions_bound(function, values, saturated) -> None:
    assert statistics(cells(np.array(values, np.float32)), function).saturated == saturated


def test_broken_values_are_said() -> None:
    numbers = statistics(cells(np.array([np.nan, np.inf, 1, -2], np.float32)))
    assert numbers.not_finite == 2
    assert (numbers.lowest, numbers.highest, numbers.mean, numbers.strongest) == (-2, 1, -0.5, 2)
    assert numbers.sentence().startswith("2 values NaN or infinite")
    assert "NaN or infinite" in statistics(cells(np.array([np.nan], np.float32))).sentence()
