"""Claims about calibration: closed forms, and what a temperature can and cannot change."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.calibration import adaptive_ece, brier, ece, fit_temperature, nll
from lib.network import softmax


def drawn(rows=4000, classes=5, seed=0):
    """Logits, and labels that are drawn from their softmax: calibrated by construction."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 2, (rows, classes))
    sums = softmax(logits).cumsum(1)
    return logits, (random.random(rows)[:, None] > sums).sum(1).clip(max=classes - 1)


@pytest.mark.parametrize(("right", "n"), [(0, 10), (7, 10), (10, 10), (1, 3)])
def test_always_sure_with_accuracy_a_has_an_error_of_one_minus_a(right, n):
    hits = np.arange(n) < right
    assert ece(np.ones(n), hits) == pytest.approx(1 - right / n, abs=1e-15)
    assert adaptive_ece(np.ones(n), np.full(n, True)) == 0


def test_a_bin_holds_its_upper_edge_and_not_its_lower_one():
    # 0.5 and 0.51 share the upper half only if 0.5 does not belong to the lower one.
    assert ece(np.array([0.5, 0.51]), np.array([1, 0]), bins=2) == pytest.approx((0.5 + 0.51) / 2)
    assert ece(np.array([0.5, 0.49]), np.array([1, 0]), bins=2) == pytest.approx(abs(0.99 - 1) / 2)
    assert ece(np.array([0.0, 1.0]), np.array([0, 1])) == 0
    assert ece(np.array([1 / 15, 2 / 15, 0.2]), np.array([0, 0, 1])) == pytest.approx(
        (1 / 15 + 2 / 15 + 0.8) / 3
    )


def test_errors_computed_by_hand():
    confidence, right = np.array([0.9, 0.8, 0.6, 0.3]), np.array([1, 0, 1, 0])
    # Ten bins: each picture is alone. Two bins of equal number: {0.3, 0.6} and {0.8, 0.9}.
    assert ece(confidence, right, bins=10) == pytest.approx((0.1 + 0.8 + 0.4 + 0.3) / 4)
    assert adaptive_ece(confidence, right, bins=2) == pytest.approx((0.1 + 0.7) / 4)
    assert adaptive_ece(confidence, right, bins=15) == pytest.approx((0.1 + 0.8 + 0.4 + 0.3) / 4)


def test_brier_and_likelihood_computed_by_hand():
    probabilities = np.array([[0.7, 0.2, 0.1], [0.0, 1.0, 0.0]])
    assert brier(probabilities, np.array([0, 1])) == pytest.approx((0.09 + 0.04 + 0.01) / 2)
    assert brier(probabilities, np.array([0, 0])) == pytest.approx((0.14 + 2) / 2)
    with np.errstate(divide="ignore"):
        logits = np.log(np.array([[0.7, 0.2, 0.1], [0.25, 0.5, 0.25]]))
    assert nll(logits, np.array([0, 1])) == pytest.approx(-(np.log(0.7) + np.log(0.5)) / 2)
    assert nll(np.array([[1e30, 0.0]]), np.array([1])) == 1e30


def test_calibrated_logits_have_temperature_one_and_doubled_ones_two():
    logits, labels = drawn()
    once = fit_temperature(logits, labels)
    assert once == pytest.approx(1, abs=0.06)
    assert fit_temperature(2 * logits, labels) == pytest.approx(2 * once, rel=1e-9)
    assert fit_temperature(logits / 7, labels) == pytest.approx(once / 7, rel=1e-9)


@given(st.integers(0, 10_000))
def test_at_the_fitted_temperature_it_is_as_sure_on_average_as_it_is_right(seed):
    random = np.random.default_rng(seed)
    logits, labels = random.normal(0, 3, (60, 4)), random.integers(0, 4, 60)
    found = fit_temperature(logits, labels)
    sure = softmax(logits / found).max(1).mean()
    right = ((logits.argmax(1) == labels).sum() + 0.5) / 61
    if 0.01 < found < 100:
        assert sure == pytest.approx(right, abs=1e-9)
    else:
        assert (sure >= right) == (found == 100)


def test_a_temperature_computed_by_hand():
    # Three of four are right, 3.5 / 5 with half a picture more: the two probabilities are to be 0.7 and 0.3.
    logits = np.array([[1.0, 0.0]] * 4)
    assert fit_temperature(logits, np.array([0, 0, 1, 0])) == pytest.approx(1 / np.log(7 / 3))


def test_a_few_right_answers_are_no_certainty():
    logits = np.array([[2.0, 0.0]] * 10)
    sure = softmax(logits / fit_temperature(logits, np.zeros(10, int))).max(1)
    np.testing.assert_allclose(sure, 10.5 / 11)


@given(st.floats(0.01, 100), st.integers(0, 1000))
def test_no_temperature_changes_the_named_class(temperature, seed):
    logits = np.random.default_rng(seed).normal(0, 5, (20, 6))
    np.testing.assert_array_equal(softmax(logits / temperature).argmax(1), logits.argmax(1))


def test_a_temperature_repairs_what_a_factor_has_spoilt():
    logits, labels = drawn(20_000)
    spoilt = 3 * logits
    right = spoilt.argmax(1) == labels
    temperature = fit_temperature(spoilt, labels)
    assert ece(softmax(spoilt).max(1), right) > 0.1
    assert ece(softmax(spoilt / temperature).max(1), right) < 0.015


def test_where_no_temperature_will_do_the_end_of_the_range_is_given():
    logits = np.array([[3.0, 0.0], [0.0, 2.0]])
    assert fit_temperature(logits, np.array([1, 0])) == 100
    assert fit_temperature(1e-9 * logits, np.array([0, 1])) == 0.01
    assert fit_temperature(np.zeros((3, 3)), np.array([1, 1, 2])) == 100


def test_what_cannot_be_calibrated_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match=r"0\.\.1"):
        ece(np.array([1.2]), np.array([1]))
    with pytest.raises(ValueError, match="one confidence"):
        ece(np.zeros(0), np.zeros(0))
    with pytest.raises(ValueError, match="from 0 to 2"):
        fit_temperature(np.zeros((2, 3)), np.array([0, 3]))
    with pytest.raises(ValueError, match="NaN"):
        nll(np.array([[np.nan, 0]]), np.array([0]))
    with pytest.raises(ValueError, match="N labels"):
        brier(np.zeros((2, 3)), np.array([0]))
