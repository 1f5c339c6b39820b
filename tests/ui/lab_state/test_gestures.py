"""What belongs to one gesture, what the browser is told after it, and when the network is asked."""

from __future__ import annotations

import copy
from collections.abc import Callable

import pytest

from lib.ui.lab_state import LabState
from tests.ui.lab_state.stand_in import EVENTS, LINE, LONGER, OTHER_MODEL, Network, ghost, shown


def test_the_ghost_is_what_was_shown_before_the_gesture_began(lab: LabState, network: Network) -> None:
    assert ghost(lab) is None
    before = shown(lab)
    for seq, drawing in enumerate((LINE, LONGER, LINE), start=1):
        lab.draw(drawing, seq == 3, seq)
        lab.analyse(network)
        assert ghost(lab) == before != shown(lab)
    settled = shown(lab)
    lab.change_pipeline(lab.pipeline.with_step("invert", method="255 - x"), False, 1)
    assert ghost(lab) == settled
    lab.analyse(network)
    lab.change_pipeline(lab.pipeline.with_step("invert", method="1 - x as float"), True, 2)
    assert ghost(lab) == settled


@pytest.mark.parametrize("name", EVENTS)
def test_every_finished_event_is_a_gesture_of_its_own(name: str, lab: LabState) -> None:
    before = shown(lab)
    EVENTS[name](lab)
    assert lab.link_is_due
    assert ghost(lab) == before


def test_the_link_waits_for_the_end_of_a_gesture(lab: LabState) -> None:
    lab.draw(LINE, False, 1)
    lab.change_pipeline(lab.default, False, 1)
    assert not lab.link_is_due
    lab.draw(LONGER, True, 2)
    assert lab.link_is_due
    lab.draw(LINE, False, 3)
    assert lab.link_is_due, "a link that is due stays due until it is written"


@pytest.mark.parametrize(
    "event",
    [
        LabState.pin,
        LabState.unpin,
        lambda lab: lab.set_view(k="5"),
        lambda lab: lab.choose_model(OTHER_MODEL),
    ],
)
def test_pins_views_and_models_go_into_the_link_at_once(
    event: Callable[[LabState], None], lab: LabState
) -> None:
    event(lab)
    assert lab.link_is_due


def test_without_an_answer_on_the_screen_there_is_no_ghost() -> None:
    lab = LabState.from_link({})
    lab.analyse(None)
    lab.draw(LINE, True, 1)
    assert lab.settled is None


def test_the_browsers_numbers_are_kept_for_the_answer(lab: LabState) -> None:
    lab.draw(LINE, False, 7)
    lab.change_pipeline(lab.default, False, 3)
    assert lab.acks == {"sketchpad": 7, "steps": 3}


@pytest.mark.parametrize(
    ("event", "pipeline", "drawing"),
    [
        ("choose_preset", 1, 0),
        ("replace_pipeline", 1, 0),
        ("last stroke", 0, 0),
        ("slider let go", 0, 0),
        ("show_sample", 0, 0),
        ("show_upload", 0, 0),
        ("show_drawing", 0, 0),
    ],
)
def test_revisions_grow_when_the_server_replaces_what_the_browser_has(
    event: str, pipeline: int, drawing: int, lab: LabState
) -> None:
    before = lab.pipeline_revision, lab.drawing_revision
    EVENTS[event](lab)
    assert (lab.pipeline_revision - before[0], lab.drawing_revision - before[1]) == (pipeline, drawing)


def test_another_models_pipeline_is_new_to_the_browser(lab: LabState) -> None:
    before = lab.pipeline_revision
    lab.choose_model(OTHER_MODEL)
    assert lab.pipeline_revision == before + 1


def test_asking_for_a_dialog_changes_nothing_else(lab: LabState) -> None:
    before = copy.copy(vars(lab))
    lab.ask_for("code")
    assert vars(lab) == {**before, "dialog": "code"}


def test_the_network_is_asked_only_when_the_tensor_changes(lab: LabState, network: Network) -> None:
    lab.analyse(network)
    lab.set_view(k="9")
    lab.analyse(network)
    assert len(network.traced) == 1
    lab.show_sample("x-soft")
    lab.analyse(network)
    assert len(network.traced) == 2
