"""Claims about what follows a teaching: its ends in words, and the same sweeps before and after."""

import types

import pytest

from lib.teach import LessonSettings
from lib.ui.dataset.taught import Taught, compare
from lib.ui.lab_state import LabState
from tests.evaluate.tiny import halves, pictures

SETTINGS = LessonSettings(contrast=False, blur=True, shift=True, noise=True)


def test_there_is_a_pair_of_curves_for_each_kind_that_was_taught() -> None:
    work = compare(halves(), halves(), ("before", "after"), pictures(12), SETTINGS)
    assert work.done.wait(60) and work.error == "" and work.result is not None
    assert [pair[0].axes[0].title for pair in work.result] == [
        "Edge softness: Gaussian sigma",
        "Scale, rotate, shift: shift x",
        "Noise: standard deviation",
    ]
    for before, after in work.result:
        assert (before.title, after.title) == ("before", "after")
        assert before.points == after.points, "the same network, measured alike"


@pytest.mark.parametrize(
    ("state", "error", "says"),
    [
        ("stopped", "", "stopped; nothing has changed"),
        ("failed", "No room on the disk.", "No room on the disk."),
    ],
)
def test_a_teaching_without_a_model_changes_nothing(state: str, error: str, says: str) -> None:
    teaching = types.SimpleNamespace(busy=False, state=state, error=error)
    lab = LabState.from_link({})
    taught = Taught("letters-mlp", halves(), teaching, pictures(4))  # type: ignore[arg-type]
    assert says in taught.go_on(lab)
    assert taught.bringing is None and lab.own == {}


def test_nothing_is_due_while_it_is_taught() -> None:
    teaching = types.SimpleNamespace(busy=True, state="running", error="")
    taught = Taught("letters-mlp", halves(), teaching, pictures(4))  # type: ignore[arg-type]
    assert taught.go_on(LabState.from_link({})) == "" and taught.bringing is None
