"""From logits to probabilities: closed forms, and no overflow."""

from __future__ import annotations

import numpy as np
from scipy import special

from lib.probabilities import logsumexp, softmax

LOGITS = np.random.default_rng(0).normal(0, 50, (20, 7))


def test_two_equal_logits_share_everything() -> None:
    np.testing.assert_array_equal(softmax(np.array([[3.0, 3.0], [1e4, 1e4]])), np.full((2, 2), 0.5))
    np.testing.assert_allclose(logsumexp(np.array([[0.0, 0.0], [1e4, 0.0]])), [np.log(2), 1e4])


def test_they_are_what_scipy_computes() -> None:
    np.testing.assert_allclose(softmax(LOGITS), special.softmax(LOGITS, axis=1), rtol=1e-12)
    np.testing.assert_allclose(logsumexp(LOGITS), special.logsumexp(LOGITS, axis=1), rtol=1e-12)


def test_half_precision_is_computed_in_full() -> None:
    half = np.array([[6e4, -6e4, 5.0]], np.float16)
    assert softmax(half).dtype == logsumexp(half).dtype == np.float64
    np.testing.assert_array_equal(softmax(half), [[1.0, 0.0, 0.0]])
