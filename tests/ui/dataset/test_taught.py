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
    taught = Taught("letters-mlp", halves(), teaching, pictures(9), pictures(4))  # type: ignore[arg-type]
    assert says in taught.go_on(lab)
    assert taught.bringing is None and lab.own == {}


def test_nothing_is_due_while_it_is_taught() -> None:
    teaching = types.SimpleNamespace(busy=True, state="running", error="")
    taught = Taught("letters-mlp", halves(), teaching, pictures(9), pictures(4))  # type: ignore[arg-type]
    assert taught.go_on(LabState.from_link({})) == "" and taught.bringing is None


def test_measured_on_what_taught_it_a_copy_is_warned_of_and_nowhere_else() -> None:
    all_of_them, kept_out = pictures(9), pictures(4)
    lesson = types.SimpleNamespace(images=all_of_them.images[:5])
    teaching = types.SimpleNamespace(busy=False, state="done", error="", lesson=lesson)
    taught = Taught("letters-mlp", halves(), teaching, all_of_them, kept_out)  # type: ignore[arg-type]
    assert taught.warning("letters-mlp", all_of_them) == ""
    taught.own = "upload:copy"
    assert taught.warning("upload:copy", all_of_them).startswith("5 of these pictures taught this copy")
    assert "on the 4 that were kept out" in taught.warning("upload:copy", all_of_them)
    assert taught.warning("letters-mlp", all_of_them) == taught.warning("upload:copy", pictures(9)) == ""


def test_a_copy_that_is_still_being_checked_has_not_come_to_nothing() -> None:
    teaching = types.SimpleNamespace(busy=False, state="done", error="")
    taught = Taught("letters-mlp", halves(), teaching, pictures(9), pictures(4))  # type: ignore[arg-type]
    assert not taught.came_to_nothing
    taught.bringing = types.SimpleNamespace(busy=True, result=None)  # type: ignore[assignment]
    assert not taught.came_to_nothing
    taught.bringing = types.SimpleNamespace(busy=False, result=None)  # type: ignore[assignment]
    assert taught.came_to_nothing
    teaching.state, taught.bringing = "stopped", None
    assert taught.came_to_nothing
    taught.own = "upload:copy"
    assert not taught.came_to_nothing
