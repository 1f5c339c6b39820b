"""The arithmetic behind the yardstick's figures, by hand."""

from __future__ import annotations

import pytest

from benchmarks.autopsy_tally import Outcome, of, summary, total, wilson
from benchmarks.skew import NOTHING_WRONG, PAIR, SINGLE, Skew


def _outcome(right: bool, skewed: bool, fixed: bool, *causes: str, verdict: str = "fixable") -> Outcome:
    return Outcome(right, skewed, fixed, causes, verdict, 0.1)


def _never(*_: object):
    raise AssertionError("a tally makes no picture")


def test_wilsons_interval_of_known_shares() -> None:
    # (0.5 + 0.19207) / 1.38415 -+ 1.96 sqrt(0.025 + 0.0096) / 1.38415
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-4)
    # 1 / (1 + 1.96^2 / 10)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_recovered_counts_only_pictures_that_the_right_pipeline_reads() -> None:
    skew = Skew("s", ("polarity",), _never)
    outcomes = [
        _outcome(True, False, True, "polarity"),
        _outcome(True, False, False, "stroke-width", "polarity"),
        _outcome(True, True, True, verdict="healthy"),
        _outcome(False, False, True, "polarity"),
    ]
    row = summary(skew, outcomes)
    assert row["recovered"] == {"k": 2, "n": 3}
    assert row["right"] == {"k": 3, "n": 4} and row["fixed"] == {"k": 3, "n": 4}
    assert row["named"] == {"k": 2, "n": 4}
    assert row["named_of_misread"] == {"k": 2, "n": 3}
    assert row["silent_read_right"] == {"k": 1, "n": 4}
    assert row["first"] == {"polarity": 2, "stroke-width": 1, "nothing": 1}


def test_of_a_pair_both_halves_must_be_among_the_findings() -> None:
    halves = (("polarity",), ("orientation", "mirrored"))
    skew = Skew("p", ("polarity", "orientation", "mirrored"), _never, kind=PAIR, both=halves)
    outcomes = [
        _outcome(True, False, True, "mirrored", "polarity"),
        _outcome(True, False, True, "polarity", "stroke-width"),
    ]
    row = summary(skew, outcomes)
    assert row["both"] == {"k": 1, "n": 2} and row["named"] == {"k": 2, "n": 2}


def test_healthy_pictures_count_alarms_and_what_the_fix_spoils() -> None:
    skew = Skew("h", (), _never, kind=NOTHING_WRONG)
    outcomes = [
        _outcome(True, True, True, verdict="healthy"),
        _outcome(True, True, False, "stroke-width"),
        _outcome(False, False, False, verdict="unlike training"),
        _outcome(False, False, False, "healthy-misread", verdict="healthy"),
        _outcome(True, True, True, "not-in-any-class"),
    ]
    row = summary(skew, outcomes)
    assert row["alarms"] == {"k": 2, "n": 5}
    assert row["spoilt"] == {"k": 1, "n": 3}
    assert row["disowned"] == {"k": 2, "n": 5}
    assert "recovered" not in row


def test_totals_add_up_the_rows_of_a_kind() -> None:
    rows = [
        {"kind": SINGLE, "recovered": of([True, False])},
        {"kind": PAIR, "recovered": of([True])},
        {"kind": SINGLE, "recovered": of([True, True, True])},
        {"kind": SINGLE},
    ]
    assert total(rows, "recovered", [SINGLE]) == {"k": 4, "n": 5}
    assert total(rows, "recovered", [NOTHING_WRONG]) == {"k": 0, "n": 0}
