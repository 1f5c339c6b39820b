"""The yardstick's own arithmetic."""

from __future__ import annotations

import pytest

from benchmarks.autopsy import Tally, row, wilson


def test_wilsons_interval_of_known_shares() -> None:
    assert wilson(5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-3)
    low, high = wilson(10, 10)
    assert low == pytest.approx(0.7225, abs=1e-3) and high == pytest.approx(1.0)
    assert wilson(0, 0) == (0.0, 1.0)


def test_a_row_relates_the_fix_to_what_the_right_pipeline_gives() -> None:
    tally = Tally([True, True, True, False], [False] * 4, [True, True, False, False], [True] * 4)
    tally.causes.update(["polarity"] * 4)
    cells = [cell.strip() for cell in row("x", tally).strip("|").split("|")]
    assert cells[1:5] == ["0.750", "0.000", "0.500", "0.667"] and cells[6] == "polarity 4"
