"""Claims about axes: what can be varied, over which values, and what is refused."""

import pytest

from lib.contract import Contract
from lib.evaluate.axis import Axis, possible, spaced, usual
from lib.evaluate.disturbance import DISTURBANCES
from lib.evaluate.errors import EvaluationError

PIPELINE = Contract((28, 28, 1), (28, 28), ("a", "b")).pipeline()


def test_every_numeric_step_and_every_disturbance_can_be_varied_and_nothing_that_changes_the_shape() -> None:
    found = possible(PIPELINE)
    wanted = {
        ("sigmoid", "slope"),
        ("softness", "sigma"),
        ("move", "scale"),
        ("move", "rotation"),
        ("stroke", "amount"),
    }
    wanted |= {("tone", "contrast"), ("move", "shift_x"), ("noise", ""), ("jpeg", ""), ("resize", "filter")}
    assert wanted <= set(found)
    assert not {("resize", "height"), ("layout", "shape"), ("working_size", "longest")} & set(found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("choice", possible(PIPELINE), ids=".".join)
def test_every_one_of_them_has_usual_values_within_its_range(choice: tuple[str, str]) -> None:
    axis = usual(*choice)
    assert 2 <= len(axis.values) <= 20
    for value in axis.values:
        axis.at(PIPELINE, value)


def test_a_step_that_was_off_is_on_at_every_value() -> None:
    changed = Axis("sigmoid", "slope", (12.0,)).at(PIPELINE, 12.0)["sigmoid"]
    assert changed.on and changed.values()["slope"] == 12.0 and not PIPELINE["sigmoid"].on


def test_values_lie_on_the_sliders_grid_and_whole_numbers_stay_whole() -> None:
    assert spaced("move", "rotation", -10, 10, 5).values == (-10.0, -5.0, 0.0, 5.0, 10.0)
    assert spaced("sigmoid", "slope", 1, 2, 9).values == (1.0, 1.5, 2.0)


def test_a_disturbances_values_begin_where_it_changes_nothing() -> None:
    for name, disturbance in DISTURBANCES.items():
        assert usual(name, "").values[0] == disturbance.values[0]
    assert usual("noise", "", 5).values == (0, 25, 50, 70, 120)


@pytest.mark.parametrize(
    ("name", "parameter", "values", "says"),
    [
        ("wash", "soap", (1.0,), "nothing called 'wash'"),
        ("move", "colour", (1.0,), "nothing called 'move' 'colour'"),
        ("move", "rotation", (1000.0,), "must lie from -180 to 180"),
        ("move", "rotation", (1.0, 1.0), "differ from each other"),
        ("move", "rotation", (), "differ from each other"),
        ("resize", "filter", ("best",), "must be one of nearest"),
    ],
)
def test_what_cannot_be_is_refused(name: str, parameter: str, values: tuple, says: str) -> None:
    with pytest.raises(EvaluationError, match=says):
        Axis(name, parameter, values)
