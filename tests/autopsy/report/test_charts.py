"""Bands and waterfalls: places on an axis, and bars that begin where the last one ended."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.autopsy.finding import Witness
from lib.autopsy.report.charts import axis, waterfall, witnesses
from tests.autopsy.report.cases import Tags, two_causes

numbers = st.floats(-1e12, 1e12)


def test_an_axis_holds_band_and_value_with_a_margin_of_eight_percent() -> None:
    # 0..100 with 8 on both sides: 116 wide.
    assert axis(Witness("x", 100.0, 0.0, 50.0)) == pytest.approx((8 / 116, 58 / 116, 108 / 116))


def test_a_band_open_above_reaches_to_the_end() -> None:
    begin, end, here = axis(Witness("x", 0.0, low=10.0)) or (0, 0, 0)
    assert (begin, end, here) == pytest.approx((10.8 / 11.6, 1.0, 0.8 / 11.6))


@pytest.mark.parametrize("witness", [Witness("x", 1.0), Witness("x", float("nan"), 0.0, 1.0)])
def test_without_a_band_or_a_number_there_is_no_axis(witness: Witness) -> None:
    assert axis(witness) is None
    assert not Tags(witnesses([witness])).named("axis")


@given(numbers, numbers, numbers)
def test_the_value_stands_on_the_side_of_the_band_where_it_is(value: float, one: float, two: float) -> None:
    low, high = sorted((one, two))
    begin, end, here = axis(Witness("x", value, low, high)) or (-1, -1, -1)
    assert 0 <= begin <= end <= 1 and 0 <= here <= 1
    assert here <= begin if value < low else here >= end if value > high else begin <= here <= end


def test_a_number_outside_of_its_band_is_marked_and_said() -> None:
    drawn = Tags(witnesses([Witness("inside", 1.0, 0.0, 2.0), Witness("outside", 3.0, 0.0, 2.0)]))
    assert [" out" in str(a["class"]) for a in drawn.named("witness")] == [False, True]
    assert [a["aria-label"] for a in drawn.named("axis")] == [
        "inside: 1, expected 0 to 2",
        "outside: 3, expected 0 to 2",
    ]


def test_the_bars_of_a_waterfall_add_up() -> None:
    source = waterfall(two_causes().findings, "“I” (8 %)", "“R” (99.99 %)")
    assert re.findall(r"left:([\d.]+)%;width:([\d.]+)%", source) == [
        ("0.0", "75.0"),
        ("75.0", "25.0"),
        ("0.0", "100.0"),
    ]
    assert "“I” (8 %)" in source and "“R” (99.99 %)" in source


def test_one_change_needs_no_waterfall_and_none_of_no_use_divides_by_zero() -> None:
    one, two = two_causes().findings
    assert waterfall([one], "", "") == "" and waterfall([], "", "") == ""
    assert waterfall([one, replace(two, fix=None)], "", "") == ""
    assert "width:100.0%" in waterfall([replace(one, weight=0.0), replace(two, weight=0.0)], "", "")
