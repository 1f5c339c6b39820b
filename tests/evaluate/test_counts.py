"""Claims about counting answers, on a confusion matrix that was worked out by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from lib.evaluate.counts import (
    accuracy,
    by_class,
    confusion,
    in_cell,
    most_confused,
    share,
    surest_errors,
    top_k,
)
from tests.evaluate.tiny import answers

#        0: A A A B     1: B B C     2: C C C C A
LABELS = [0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2]
PREDICTED = [0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 2, 0]
SURE = [0.9, 0.6, 0.8, 0.7, 0.5, 0.9, 0.95, 0.9, 0.8, 0.7, 0.6, 0.99]


def test_the_confusion_matrix_counts_what_was_read_as_what() -> None:
    table = confusion(np.array(LABELS), np.array(PREDICTED), 3)
    assert table.tolist() == [[3, 1, 0], [0, 2, 1], [1, 0, 4]]


def test_recall_precision_and_f1_of_every_class() -> None:
    a, b, c = by_class(answers(LABELS, PREDICTED))
    assert (a.recall.count, a.recall.n, a.precision.n) == (3, 4, 4)
    assert (b.recall.count, b.recall.n, b.precision.n) == (2, 3, 3)
    assert (c.recall.count, c.recall.n, c.precision.n) == (4, 5, 5)
    assert [entry.f1 for entry in (a, b, c)] == pytest.approx([3 / 4, 2 / 3, 4 / 5])


def test_a_class_without_pictures_and_answers_has_no_scores() -> None:
    empty = by_class(answers([0, 1], [0, 1]))[2]
    assert empty.recall.n == 0 and np.isnan(empty.recall.value) and np.isnan(empty.f1)


def test_accuracy_has_the_interval_that_scipy_computes() -> None:
    found = accuracy(answers(LABELS, PREDICTED))
    assert (found.count, found.n, found.value) == (9, 12, 0.75)
    wilson = binomtest(9, 12).proportion_ci(0.95, "wilson")
    assert (found.low, found.high) == pytest.approx((wilson.low, wilson.high))


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_stays_within_0_and_1(pair: tuple[int, int]) -> None:
    count, n = pair
    found = share(count, n)
    wilson = binomtest(count, n).proportion_ci(0.95, "wilson")
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert (found.low, found.high) == pytest.approx((wilson.low, wilson.high), abs=1e-12)


def test_no_pictures_say_nothing() -> None:
    nothing = share(0, 0)
    assert (nothing.low, nothing.high) == (0, 1) and np.isnan(nothing.value)


def test_in_a_wrong_cell_the_surest_comes_first_and_in_a_right_one_the_least_sure() -> None:
    found = answers([0, 0, 0, 1, 1], [1, 1, 1, 1, 1], [0.7, 0.99, 0.8, 0.9, 0.6])
    assert in_cell(found, 0, 1).tolist() == [1, 2, 0]
    assert in_cell(found, 1, 1).tolist() == [4, 3]


def test_the_surest_errors_come_first() -> None:
    found = answers(LABELS, PREDICTED, SURE)
    assert surest_errors(found).tolist() == [11, 6, 3]
    assert surest_errors(found, 1).tolist() == [11]


def test_the_fullest_wrong_cells_come_first_and_empty_ones_never() -> None:
    found = answers([0, 0, 0, 1, 2], [1, 1, 0, 2, 2])
    assert most_confused(found, 10) == [(0, 1, 2), (1, 2, 1)]


def test_top_k_counts_the_label_among_the_k_largest_and_ties_go_to_the_first_class() -> None:
    found = answers([0, 1, 2], [0, 0, 0], [0.8, 0.8, 0.8])  # the other two classes are tied each time
    assert [top_k(found, k).count for k in (1, 2, 3)] == [1, 2, 3]
    assert top_k(found, 1).count == int(found.right.sum())
