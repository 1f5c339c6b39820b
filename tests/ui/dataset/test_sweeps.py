"""Claims about the sweeps tab's words: what an axis is called, where the visitor's picture stands, what a curve says."""

import pytest

from lib.evaluate.axis import Axis
from lib.evaluate.point_cache import Point
from lib.evaluate.sweep import Sweep, SweepPoint
from lib.ui.dataset.sweeps import in_words, place_of_picture, words
from lib.ui.lab_state import LabState


def test_a_choice_is_called_as_the_slider_in_the_lab() -> None:
    assert words(("sigmoid", "slope")) == "Sigmoid contrast: slope s"
    assert words(("noise", "")) == "Noise: standard deviation (before all steps)"
    assert words(("", "")) == "nothing else"


@pytest.mark.parametrize(
    ("axis", "place"),
    [
        (Axis("sigmoid", "slope", (1.0, 2.0)), 12.0),
        (Axis("move", "rotation", (1.0, 2.0)), 0.0),
        (Axis("stroke", "amount", (1.0, 2.0)), 0.0),
        (Axis("resize", "filter", ("area", "nearest")), "area"),
        (Axis("background", "window", (5.0, 6.0)), None),
        (Axis("noise", "", (0, 5)), 0),
        (Axis("jpeg", "", (100, 5)), 100),
    ],
    ids=lambda value: f"{value.name}" if isinstance(value, Axis) else str(value),
)
def test_the_visitors_picture_stands_where_the_lab_has_it(axis: Axis, place: object) -> None:
    lab = LabState.from_link({"model": "letters-mlp", "steps": "sigmoid:on,slope=12"})
    assert place_of_picture(lab, axis) == place


def test_the_sentence_names_best_worst_and_where_the_network_is_proud_and_wrong() -> None:
    axis = Axis("move", "rotation", (0.0, 30.0, 60.0))
    points = [
        SweepPoint((v,), Point(100, right, sure))
        for v, right, sure in ((0.0, 90, 95.0), (30.0, 40, 80.0), (60.0, 5, 85.0))
    ]
    said = in_words([Sweep("net", (axis,), tuple(points), 100)])
    assert "90.0% at best (0), 5.0% at worst (60)" in said and "at 60 it is 85% sure and 5% right" in said
    assert said.endswith("Each point is measured on 100 pictures.")
