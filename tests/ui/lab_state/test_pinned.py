"""State A: pinned, compared with B, and gone back to."""

from __future__ import annotations

import copy

import numpy as np

from lib.analysis import Analysis
from lib.picture import decode
from lib.samples import sample
from lib.ui.lab_state import START_MODEL, START_SAMPLE, LabState
from tests.ui.lab_state.stand_in import LINE, LONGER, OTHER_MODEL, Network, png


def test_state_a_is_the_case_without_views_and_stays_while_b_changes(lab: LabState) -> None:
    lab.set_view(k="9")
    lab.draw(LINE, True, 1)
    lab.pin()
    assert lab.pinned is not None and lab.pinned.source == LINE and lab.pinned.view == {}
    assert lab.changes_since_pinned() == []
    lab.show_sample("x-soft")
    lab.change_pipeline(lab.default.with_step("invert", method="255 - x"), True, 1)
    assert lab.pinned.source == LINE and lab.pinned.pipeline == lab.default
    assert lab.changes_since_pinned() == ["another picture", "Invert: method auto → 255 - x"]
    lab.choose_model(OTHER_MODEL)
    assert lab.changes_since_pinned()[0] == f"model {START_MODEL} → {OTHER_MODEL}"


def test_two_files_of_the_same_name_are_two_pictures(lab: LabState) -> None:
    lab.show_upload(png(50), "letter.png")
    lab.pin()
    assert lab.changes_since_pinned() == []
    lab.show_upload(png(60), "letter.png")
    assert lab.changes_since_pinned() == ["another picture"]


def test_back_to_a_restores_picture_pipeline_and_model(lab: LabState) -> None:
    lab.draw(LINE, True, 1)
    lab.change_pipeline(lab.default.with_step("sigmoid", on=True), True, 1)
    case = lab.case
    lab.pin()
    lab.choose_model(OTHER_MODEL)
    lab.draw(LONGER, True, 2)
    revisions = lab.pipeline_revision, lab.drawing_revision
    lab.back_to_pinned()
    assert (lab.model, lab.source, lab.pipeline) == (case.model, case.source, case.pipeline)
    assert lab.drawing == LINE
    assert lab.pipeline_revision > revisions[0] and lab.drawing_revision == revisions[1] + 1
    assert lab.changes_since_pinned() == [] and lab.link_is_due


def test_back_to_a_restores_an_upload_that_was_replaced(lab: LabState) -> None:
    lab.show_upload(png(50), "letter.png")
    lab.pin()
    lab.show_upload(png(60), "letter.png")
    lab.back_to_pinned()
    assert lab.picture() == decode(png(50)) and lab.changes_since_pinned() == []


def test_back_to_a_of_another_model_shows_no_ghost_of_this_one(lab: LabState, network: Network) -> None:
    lab.pin()
    lab.choose_model(OTHER_MODEL)
    lab.analyse(Network(OTHER_MODEL))
    lab.back_to_pinned()
    assert lab.model == START_MODEL and lab.settled is None


def test_without_a_pin_going_back_changes_nothing(lab: LabState) -> None:
    before = copy.copy(vars(lab))
    lab.back_to_pinned()
    assert vars(lab) == before


def test_state_a_is_computed_once(lab: LabState, network: Network) -> None:
    lab.pin()
    first = lab.analyse_pinned(network)
    asked = len(network.traced)
    lab.show_sample("x-soft")
    lab.analyse(network)
    assert lab.analyse_pinned(network) is first
    assert len(network.traced) == asked + 1
    assert isinstance(first, Analysis)
    np.testing.assert_array_equal(first.stages.final, lab.default.run(sample(START_SAMPLE).picture()).final)


def test_state_a_is_what_was_pinned_even_when_the_screen_lags_behind(lab: LabState, network: Network) -> None:
    lab.draw(LINE, True, 1)
    lab.pin()  # in the same run as the stroke: the screen still shows the sample
    pinned = lab.analyse_pinned(network)
    assert pinned is not None and pinned.picture == LINE.picture()


def test_state_a_of_a_link_waits_for_its_network(network: Network) -> None:
    lab = LabState.from_link({"a": "sample=x-soft"})
    waiting = lab.analyse_pinned(None)
    assert waiting is not None and waiting.trace is None
    there = lab.analyse_pinned(network)
    assert there is not None and there.trace is not None
    assert there.picture == sample("x-soft").picture()


def test_unpinning_forgets_a(lab: LabState, network: Network) -> None:
    lab.pin()
    lab.analyse_pinned(network)
    lab.unpin()
    assert (lab.pinned, lab.pinned_analysis, lab.pinned_upload) == (None, None, None)
    assert lab.analyse_pinned(network) is None
    assert lab.changes_since_pinned() == [] and "a" not in lab.query()[0]
