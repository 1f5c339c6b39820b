"""Claims about conformal p-values: by hand, and their guarantee on exchangeable data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kstest

from lib.verdict.conformal import Known


def test_p_is_the_share_at_least_as_strange_with_the_picture_itself_counted():
    known = Known(np.array([[1.0], [2.0], [3.0]]))
    found = known.p_values(np.array([[0.0], [2.0], [2.5], [4.0]]))
    np.testing.assert_allclose(found.each[:, 0], [1, 3 / 4, 2 / 4, 1 / 4])
    np.testing.assert_allclose(found.combined, found.each[:, 0])


def test_two_witnesses_computed_by_hand():
    # Pool of three: known (1, 4) and (2, 3), new (3, 5). Ranks from the strangest: new 1, 1; known (3, 2) and (2, 3).
    found = Known(np.array([[1.0, 4.0], [2.0, 3.0]])).p_values(np.array([[3.0, 5.0]]))
    np.testing.assert_allclose(found.each, [[1 / 3, 1 / 3]])
    assert found.score[0] == pytest.approx(2 * np.log(3))
    assert found.combined[0] == pytest.approx(1 / 3)
    # As strange as (1, 4) in the second witness and least in the first: all three share 2 log(3) - log(6) or more.
    tied = Known(np.array([[1.0, 4.0], [2.0, 3.0]])).p_values(np.array([[0.0, 2.0]]))
    assert tied.combined[0] == 1


def exchangeable(draws, size=60, witnesses=3, seed=1, per_unit=None):
    """p-values of `draws` new pictures, each with known pictures of its own, all from one dependent heavy-tailed source."""
    random = np.random.default_rng(seed)
    mixed = random.normal(size=(witnesses, witnesses))
    found = []
    for _ in range(draws):
        values = random.standard_cauchy((size + 1, witnesses)) @ mixed
        found.append(Known(values[1:], per_unit=per_unit).p_values(values[:1]))
    return found


@pytest.mark.parametrize("per_unit", [None, (0, 0.7, 2)])
def test_p_values_of_exchangeable_pictures_are_uniform(per_unit):
    found = exchangeable(1000, per_unit=per_unit)
    # A p-value is a multiple of 1 / 61; spread evenly below itself it is uniform on 0..1.
    jitter = np.random.default_rng(101).random(1000) / 61
    assert kstest(np.array([p.combined[0] for p in found]) - jitter, "uniform").pvalue > 0.01
    for witness in range(3):
        assert kstest(np.array([p.each[0, witness] for p in found]) - jitter, "uniform").pvalue > 0.01


def test_what_a_value_adds_by_itself_computed_by_hand():
    # By rank the new picture is the most ordinary of three in the first witness; the second is 4 units, at 3 nats each.
    known = np.array([[1.0, 0.0], [2.0, 0.0]])
    ranked = Known(known, (1, 0)).p_values(np.array([[0.0, 4.0]]))
    assert ranked.combined[0] == 1
    found = Known(known, (1, 0), (0, 3)).p_values(np.array([[0.0, 4.0]]))
    np.testing.assert_allclose(found.nats, [[0, 12]])
    assert found.score[0] == pytest.approx(12)
    assert found.combined[0] == pytest.approx(1 / 3)
    # A known picture that lies out as far, and is ordinary in nothing, is at least as strange.
    known[0, 1] = 4
    assert Known(known, (1, 0), (0, 3)).p_values(np.array([[0.0, 4.0]])).combined[0] == pytest.approx(2 / 3)
    endless = Known(known, (1, 0), (0, 3)).p_values(np.array([[np.inf, 0.0], [0.0, np.inf]]))
    np.testing.assert_allclose(endless.combined, [2 / 3, 1 / 3])


@pytest.mark.parametrize("offset", [0.0, 1e3, 1e8, 1e12])
def test_ties_stay_ties_however_far_out_everything_lies(offset):
    random = np.random.default_rng(7)
    for _ in range(60):
        values = random.integers(0, 3, (31, 3)).astype(float)
        far = values + np.array([0, 0, offset])
        near = Known(values[1:], (1, 0.3, 0), (0, 0, 1)).p_values(values[:1]).combined
        assert Known(far[1:], (1, 0.3, 0), (0, 0, 1)).p_values(far[:1]).combined >= near - 1e-12


def test_with_ties_p_values_only_become_larger():
    random = np.random.default_rng(2)
    p = []
    for _ in range(1500):
        values = random.integers(0, 3, (40, 2)).astype(float)
        p.append(Known(values[1:]).p_values(values[:1]).combined[0])
    for level in (0.05, 0.1, 0.3, 0.5):
        assert np.mean(np.array(p) <= level) <= level + 0.02


@given(st.integers(0, 10_000), st.integers(1, 30), st.integers(1, 4))
def test_the_combination_is_that_of_the_definition_in_the_pool_of_known_and_new(seed, size, witnesses):
    random = np.random.default_rng(seed)
    known = random.integers(0, 8, (size, witnesses)).astype(float)
    new = random.integers(0, 8, (3, witnesses)).astype(float)
    found = Known(known).p_values(new)
    for row, picture in enumerate(new):
        pool = np.vstack([known, picture])
        shares = (pool[None] >= pool[:, None]).sum(1) / (size + 1)
        scores = -np.log(shares).sum(1)
        assert found.combined[row] == pytest.approx((scores >= scores[-1] - 1e-9).mean())


@given(st.integers(0, 1000))
def test_only_the_order_of_a_witness_counts(seed):
    random = np.random.default_rng(seed)
    known, new = random.normal(size=(20, 2)), random.normal(size=(5, 2))
    plain, bent = Known(known).p_values(new), Known(np.exp(known)).p_values(np.exp(new))
    np.testing.assert_allclose(plain.combined, bent.combined)


def test_many_pictures_at_once_get_what_each_gets_alone(monkeypatch):
    random = np.random.default_rng(3)
    known, new = Known(random.normal(size=(30, 2))), random.normal(size=(50, 2))
    together = known.p_values(new).combined
    monkeypatch.setattr("lib.verdict.conformal._AT_ONCE", 60 * 7)
    np.testing.assert_array_equal(known.p_values(new).combined, together)
    assert known.p_values(new[:0]).combined.shape == (0,)


def test_not_a_number_is_the_strangest_and_nothing_known_is_refused():
    found = Known(np.array([[1.0], [2.0]])).p_values(np.array([[np.nan], [np.inf]]))
    np.testing.assert_allclose(found.combined, 1 / 3)
    for wrong in (np.zeros((0, 2)), np.zeros((3, 0)), np.array([[np.nan]])):
        with pytest.raises(ValueError, match="need known pictures"):
            Known(wrong)


def test_a_weight_is_a_witness_heard_so_often():
    random = np.random.default_rng(4)
    known, new = random.normal(size=(40, 2)), random.normal(size=(9, 2))
    twice = Known(known[:, [0, 0, 1]]).p_values(new[:, [0, 0, 1]])
    weighted = Known(known, [2, 1]).p_values(new)
    np.testing.assert_allclose(weighted.combined, twice.combined)
    np.testing.assert_allclose(weighted.score, twice.score)
