"""Where a visitor's Lab begins, and that its link brings all of it back."""

from __future__ import annotations

from urllib.parse import urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import zoo
from lib.case import LONGEST_LINK, SampleSource, UploadSource
from lib.drawing import Drawing, Stroke
from lib.pipeline import Pipeline
from lib.samples import sample, samples
from lib.ui.lab_state import START_MODEL, START_SAMPLE, LabState, cards, default_pipeline
from tests.pipeline.strategies import steps_of
from tests.ui.lab_state.stand_in import LINE, Network


def test_a_visitor_without_a_link_sees_the_first_sample_in_the_first_model() -> None:
    state = LabState.from_link({})
    assert state.model == START_MODEL and state.source == SampleSource(START_SAMPLE)
    assert state.pipeline == default_pipeline(START_MODEL) == zoo.card(START_MODEL).contract.pipeline()
    assert state.picture() == sample(START_SAMPLE).picture()
    assert (state.notes, state.error, state.pinned, state.drawing) == ((), "", None, Drawing())
    assert state.link_is_due, "the address bar says from the start what is shown"


def test_a_link_to_a_drawing_puts_it_on_the_canvas() -> None:
    state = LabState.from_link({"drawing": LINE.encode()})
    assert state.source == state.drawing == LINE
    assert state.picture() == LINE.picture()


def test_a_link_to_an_upload_says_so_and_keeps_the_settings() -> None:
    state = LabState.from_link({"upload": "phone.jpg", "steps": "sigmoid:on"})
    assert state.source == UploadSource("phone.jpg") and state.pipeline["sigmoid"].on
    assert "phone.jpg" in state.notes[0]
    assert state.query()[0]["upload"] == "phone.jpg", "a reload asks for the same file again"
    assert state.picture() is sample(START_SAMPLE).picture()
    assert state.stand_in.startswith("phone.jpg is not here")


def test_nothing_stands_in_once_the_upload_is_there_and_the_kept_upload_comes_back() -> None:
    state = LabState.from_link({"upload": "phone.jpg"})
    data = sample("h-inverted").path.read_bytes()
    state.show_upload(data, "phone.jpg")
    assert state.stand_in == ""
    state.show_sample("x-soft")
    state.show_kept_upload()
    assert state.source == UploadSource("phone.jpg") and state.picture() is state.upload


def test_without_an_upload_there_is_none_to_go_back_to() -> None:
    state = LabState.from_link({})
    state.show_kept_upload()
    assert state.source == SampleSource(START_SAMPLE)


@pytest.mark.parametrize("pinned", [False, True])
def test_a_link_whose_steps_cannot_run_shows_the_default_and_a_sentence(
    pinned: bool, network: Network
) -> None:
    broken = {"steps": "grayscale:off"}
    state = LabState.from_link({"a": urlencode(broken)} if pinned else broken)
    analysis = state.analyse_pinned(network) if pinned else state.analyse(network)
    assert analysis is not None and analysis.trace is not None
    assert "turn Grayscale on" in analysis.problem
    np.testing.assert_array_equal(
        analysis.stages.final, default_pipeline(START_MODEL).run(state.picture()).final
    )


# ---- links ---------------------------------------------------------------------------------------------------------------


points = st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 255))
drawings = st.lists(points, min_size=1, max_size=9).map(lambda p: Drawing((Stroke("brush", 90, tuple(p)),)))


@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_a_link_brings_the_screen_back_and_is_the_link_of_what_it_brings(data: st.DataObject) -> None:
    state = LabState.from_link({})
    for _ in range(data.draw(st.integers(1, 2))):
        state.choose_model(data.draw(st.sampled_from(sorted(cards()))))
        steps = [data.draw(steps_of(type(step))) for step in state.default]
        state.change_pipeline(Pipeline(tuple(steps)), True, 1)
        if data.draw(st.booleans()):
            state.draw(data.draw(drawings), True, 1)
        else:
            state.show_sample(data.draw(st.sampled_from([s.id for s in samples()])))
        if data.draw(st.booleans()):
            state.pin()
    state.set_view(predictions='{"k":7}')
    query, note = state.query()
    again = LabState.from_link(query)
    assert note == "" and again.notes == ()
    assert again.case == state.case
    assert again.picture() == state.picture()
    assert again.query() == (query, "")
    assert again.changes_since_pinned() == state.changes_since_pinned()


def scribble(points: int, seed: int = 0) -> Drawing:
    places = np.random.default_rng(seed).integers(0, 1001, (points, 2)).tolist()
    return Drawing((Stroke("pen", 30, tuple((x, y, 255) for x, y in places)),))


def test_a_drawing_too_long_for_a_link_leaves_it_with_a_sentence(lab: LabState) -> None:
    lab.replace_pipeline(lab.pipeline.with_step("sigmoid", on=True))
    lab.draw(scribble(4000), True, 1)
    query, note = lab.query()
    assert "drawing" not in query and query["steps"] == "sigmoid:on"
    assert "does not carry the drawing." in note and "bundle (.zip)" in note
    assert len(urlencode(query)) < LONGEST_LINK


def test_a_pinned_drawing_too_long_for_a_link_does_not_take_the_present_one_along(lab: LabState) -> None:
    lab.draw(scribble(4000), True, 1)
    lab.pin()
    assert "the pinned state A and the drawing" in lab.query()[1]
    lab.draw(LINE, True, 2)
    query, note = lab.query()
    assert query["drawing"] == LINE.encode() and "a" not in query
    assert "does not carry the pinned state A." in note


def test_two_drawings_that_fit_only_one_by_one_leave_the_pinned_one_out(lab: LabState) -> None:
    lab.draw(scribble(1100), True, 1)
    lab.pin()
    lab.draw(scribble(1100, seed=1), True, 2)
    query, note = lab.query()
    assert "drawing" in query and "a" not in query and "the pinned state A." in note
