"""Claims about curves: the numbers of the results are the numbers that are drawn."""

import numpy as np
import pytest

from lib.evaluate.axis import Axis
from lib.evaluate.point_cache import Point
from lib.evaluate.reliability import calibrated
from lib.evaluate.sweep import Sweep, SweepPoint
from lib.evaluate.unknown import Separation
from lib.ui.dataset.curves import map_figure, reliability_figure, separation_figure, sweep_figure
from tests.evaluate.tiny import answers

ROTATION = Axis("move", "rotation", (-10.0, 0.0, 10.0))
GAMMA = Axis("tone", "gamma", (1.0, 2.0))


def curve(title: str = "<b>net</b>") -> Sweep:
    points = [
        SweepPoint((v,), Point(10, r, 9.0), ("R", 0.8))
        for v, r in zip(ROTATION.values, (2, 9, 4), strict=True)
    ]
    return Sweep(title, (ROTATION,), tuple(points), 10)


def test_a_sweep_shows_accuracy_with_its_interval_and_the_sureness() -> None:
    band, right, sure = sweep_figure([curve()], 0.0).data
    assert list(right.x) == [-10.0, 0.0, 10.0] and list(right.y) == [0.2, 0.9, 0.4]
    assert list(sure.y) == [0.9, 0.9, 0.9]
    assert len(band.y) == 6 and all(
        low <= y <= high for high, y, low in zip(band.y[:3], right.y, band.y[:2:-1], strict=True)
    )
    assert right.name == "&lt;b&gt;net&lt;/b&gt;" and "your picture: R, 80.0%" in right.customdata[0][1]


def test_the_place_of_the_visitors_picture_is_marked() -> None:
    marked = sweep_figure([curve()], 0.0).layout
    assert marked.shapes[0].x0 == 0.0 and marked.annotations[0].text == "your picture is here"
    assert sweep_figure([curve()], None).layout.shapes == ()


def test_two_networks_are_two_curves_in_two_colours() -> None:
    lines = [
        trace
        for trace in sweep_figure([curve("one"), curve("two")], None).data
        if trace.mode == "lines+markers"
    ]
    assert [line.name for line in lines] == ["one", "two"] and lines[0].line.color != lines[1].line.color


def test_a_map_has_a_row_for_each_value_of_the_first_parameter_and_gaps_for_what_is_missing() -> None:
    points = [
        SweepPoint((a, b), Point(10, r, 10.0))
        for (a, b), r in zip([(-10.0, 1.0), (-10.0, 2.0), (0.0, 1.0)], (1, 2, 3), strict=True)
    ]
    found = Sweep("net", (ROTATION, GAMMA), tuple(points), 10)
    assert not found.finished
    shown, mark = map_figure(found, (3.0, 1.9)).data
    np.testing.assert_array_equal(shown.z, [[0.1, 0.2], [0.3, np.nan], [np.nan, np.nan]])
    assert (mark.x[0], mark.y[0]) == ("2.0", "0.0"), "the nearest cell"
    (gap,) = map_figure(found, None, sure=True).data
    assert gap.z[0][0] == pytest.approx(0.9)


def test_the_reliability_diagram_shows_only_bins_with_answers() -> None:
    found = calibrated(answers([0] * 40, [0] * 30 + [1] * 10, [0.9] * 40))
    _, before, after = reliability_figure(found).data
    assert len(before.x) == 1 and before.x[0] == pytest.approx(0.9, abs=1e-6)
    assert before.y[0] == found.before.accuracy and before.customdata[0][0] == 20
    assert len(after.x) == 1


def test_both_histograms_are_shares_and_nothing_is_lost() -> None:
    found = Separation("energy", "", np.linspace(0, 10, 300), np.array([-50.0, 0.0, 1e6]), 0.0, 0.0)
    inside, outside = separation_figure(found, 5.0).data
    assert sum(inside.y) == pytest.approx(1) and sum(outside.y) == pytest.approx(1)


def test_a_score_that_is_the_same_everywhere_can_be_drawn() -> None:
    same = Separation("x", "", np.ones(5), np.ones(5), 0.5, 1.0)
    inside, _ = separation_figure(same, 1.0).data
    assert sum(inside.y) == pytest.approx(1)
