"""Claims about telling inside from outside: AUROC and FPR by hand, by definition and by their symmetries."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.outliers import auroc, fpr_at_tpr, threshold_at_tpr

SCORES = st.lists(st.integers(-5, 5), min_size=1, max_size=30).map(np.array)


def test_areas_computed_by_hand():
    assert auroc(np.array([3, 4]), np.array([1, 2])) == 1
    assert auroc(np.array([1, 2]), np.array([3, 4])) == 0
    assert auroc(np.array([1, 1]), np.array([1])) == 0.5
    # Pairs (inside, outside): 1-0 won, 1-2 lost, 3-0 won, 3-2 won.
    assert auroc(np.array([1, 3]), np.array([0, 2])) == 0.75
    assert auroc(np.array([2.0]), np.array([2.0, 1.0])) == 0.75
    assert auroc(np.array([np.inf]), np.array([-np.inf, np.inf])) == 0.75


@given(SCORES, SCORES)
def test_the_area_is_the_share_of_pairs_in_the_right_order(inside, outside):
    pairs = (inside[:, None] > outside) + 0.5 * (inside[:, None] == outside)
    assert auroc(inside, outside) == pytest.approx(pairs.mean())
    assert auroc(outside, inside) == pytest.approx(1 - pairs.mean())
    assert auroc(np.exp(inside), np.exp(outside.astype(float))) == pytest.approx(pairs.mean())


def test_false_positives_computed_by_hand():
    inside = np.arange(1, 21)  # 1..20: 19 of 20 reach 2
    assert threshold_at_tpr(inside, 0.95) == 2
    assert fpr_at_tpr(inside, np.array([0, 1, 2, 30]), 0.95) == 0.5
    assert fpr_at_tpr(inside, np.array([0, 1, 2, 30]), 1.0) == 0.75
    assert fpr_at_tpr(inside, np.array([0, 1, 2, 30]), 0.05) == 0.25


@given(SCORES, SCORES, st.floats(0.01, 1))
def test_the_threshold_lets_enough_pass_and_no_higher_one_does(inside, outside, tpr):
    threshold = threshold_at_tpr(inside, tpr)
    assert (inside >= threshold).mean() >= tpr - 1e-9
    assert (inside > threshold).mean() < tpr
    assert fpr_at_tpr(inside, outside, tpr) == (outside >= threshold).mean()


def test_nothing_and_nan_are_refused():
    with pytest.raises(ValueError, match="no score"):
        auroc(np.zeros(0), np.zeros(1))
    with pytest.raises(ValueError, match="NaN"):
        auroc(np.zeros(1), np.array([np.nan]))
    with pytest.raises(ValueError, match="true positive rate"):
        threshold_at_tpr(np.zeros(1), 0)
