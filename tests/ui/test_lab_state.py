"""What each event does to a visitor's Lab, and that its link brings all of it back."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlencode

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import zoo
from lib.analysis import Analysis
from lib.case import LONGEST_LINK, SampleSource, UploadSource
from lib.contract import Contract
from lib.drawing import Drawing, Stroke
from lib.network import Trace
from lib.picture import PictureError, decode
from lib.pipeline import Pipeline
from lib.samples import sample, samples
from lib.ui.lab_state import START_MODEL, START_SAMPLE, LabState, cards, default_pipeline
from lib.ui.visitor_models import VisitorModel
from tests.pipeline.strategies import steps_of

OTHER_MODEL = "letters-cnn"
LINE = Drawing((Stroke("pen", 90, ((100, 100, 255), (900, 900, 255))),))
LONGER = Drawing((Stroke("pen", 90, ((100, 100, 255), (900, 900, 255), (100, 900, 255))),))


@dataclass
class Network:
    """Answers every tensor with other probabilities, so that it shows which answer is kept."""

    name: str = START_MODEL
    traced: list[np.ndarray] = field(default_factory=list)

    layers: tuple = ()

    @property
    def contract(self) -> Contract:
        return zoo.card(self.name).contract

    def trace(self, batch: np.ndarray, layers: tuple[str, ...] | None = None) -> Trace:
        self.traced.append(batch[0])
        return Trace(np.zeros((1, 26), np.float32), np.full((1, 26), float(len(self.traced))), {})


def png(level: int, side: int = 8) -> bytes:
    return cv2.imencode(".png", np.full((side, side, 3), level, np.uint8))[1].tobytes()


def shown(state: LabState) -> float:
    """Which of the network's answers is on the screen."""
    assert state.analysis is not None and state.analysis.trace is not None
    return float(state.analysis.trace.probabilities[0, 0])


def ghost(state: LabState) -> float | None:
    return None if state.settled is None else float(state.settled[0])


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def lab(network: Network) -> LabState:
    """A Lab whose first picture is on the screen and in the address bar."""
    state = LabState.from_link({})
    state.analyse(network)
    state.link_is_due = False
    return state


# ---- begin ---------------------------------------------------------------------------------------------------------------


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
    assert "does not carry the drawing." in note and "fewer strokes" in note
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


# ---- gestures ------------------------------------------------------------------------------------------------------------


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


EVENTS: dict[str, Callable[[LabState], None]] = {
    "show_sample": lambda lab: lab.show_sample("x-soft"),
    "show_drawing": lambda lab: lab.show_drawing(),
    "show_upload": lambda lab: lab.show_upload(png(9), "a.png"),
    "choose_preset": lambda lab: lab.choose_preset(lab.presets[1].name),
    "replace_pipeline": lambda lab: lab.replace_pipeline(lab.default),
    "last stroke": lambda lab: lab.draw(LINE, True, 1),
    "slider let go": lambda lab: lab.change_pipeline(lab.default, True, 1),
}


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


# ---- pictures ------------------------------------------------------------------------------------------------------------


def test_drawing_and_upload_are_kept_while_another_picture_is_looked_at(lab: LabState) -> None:
    lab.draw(LINE, True, 1)
    lab.show_upload(png(50), "mine.png")
    lab.show_sample("x-soft")
    assert lab.picture() == sample("x-soft").picture()
    assert lab.drawing == LINE and lab.upload == decode(png(50))
    lab.show_drawing()
    assert lab.picture() == LINE.picture() and not lab.source_is_upload


def test_an_upload_is_shown_under_its_name(lab: LabState) -> None:
    lab.show_upload(png(50), "C:\\photos\\mine.png")
    assert lab.source == UploadSource("mine.png") and lab.source_is_upload
    assert lab.picture() == decode(png(50))
    assert lab.query()[0]["upload"] == "mine.png"


@pytest.mark.parametrize("data", [b"", b"not a picture", png(1)[:40]])
def test_a_bad_upload_changes_nothing_but_the_message(data: bytes, lab: LabState) -> None:
    lab.show_upload(png(50), "good.png")
    lab.link_is_due = False
    before = copy.copy(vars(lab))
    lab.show_upload(data, "bad.png")
    changed = {name for name, value in vars(lab).items() if value is not before[name]}
    assert changed == {"error"}
    with pytest.raises(PictureError) as expected:
        decode(data, "bad.png")
    assert lab.error == str(expected.value)


@pytest.mark.parametrize("event", ["show_sample", "show_drawing", "show_upload", "last stroke"])
def test_the_message_goes_with_the_next_picture(event: str, lab: LabState) -> None:
    lab.show_upload(b"", "bad.png")
    lab.change_pipeline(lab.default, True, 1)
    assert lab.error, "a slider says nothing about the file"
    EVENTS[event](lab)
    assert lab.error == ""


# ---- models and pipelines ------------------------------------------------------------------------------------------------


def test_another_model_gets_the_picture_and_what_of_the_pipeline_makes_sense_and_says_so(
    lab: LabState,
) -> None:
    lab.show_sample("x-soft")
    lab.change_pipeline(lab.default.with_step("sigmoid", on=True), True, 1)
    lab.choose_model(OTHER_MODEL)
    assert lab.card.name == OTHER_MODEL and lab.source == SampleSource("x-soft")
    assert lab.pipeline == default_pipeline(OTHER_MODEL).with_step("sigmoid", on=True)
    assert "Sigmoid contrast were kept" in lab.switch_note and "0..255 → 0..1" in lab.switch_note
    lab.choose_model(START_MODEL)
    assert lab.pipeline == default_pipeline(START_MODEL).with_step("sigmoid", on=True)
    lab.show_sample("x-hard")
    assert lab.switch_note == "", "it is about the last change of the model only"


# ---- the visitor's own models ----------------------------------------------------------------------------------------


def own(name: str = "upload:mine.keras", **contract: object) -> VisitorModel:
    card = zoo.card(START_MODEL)
    changed = dataclasses.replace(card.contract, **contract)
    return VisitorModel(
        dataclasses.replace(card, name=name, title="mine", origin="own", folder=None, contract=changed), None
    )


def test_an_own_model_is_chosen_at_once_and_listed_first(lab: LabState) -> None:
    mine = own(value_range="-1..1")
    lab.add_model(mine)
    assert lab.model == next(iter(lab.models)) == "upload:mine.keras" and lab.card is mine.card
    assert lab.pipeline["value_range"].mode == "-1..1"
    assert lab.query()[0]["model"] == "upload:mine.keras"


def test_another_contract_for_the_chosen_model_takes_the_pipeline_along(lab: LabState) -> None:
    lab.add_model(own())
    lab.change_pipeline(lab.pipeline.with_step("softness", on=True), True, 1)
    lab.analyse(Network())
    revision = lab.pipeline_revision
    lab.add_model(own(value_range="0..1"))
    assert lab.pipeline["value_range"].mode == "0..1" and lab.pipeline["softness"].on
    assert lab.pipeline_revision > revision
    assert lab.analysis is None and len(lab.own) == 1


def test_removing_the_chosen_model_goes_back_to_the_first_one_and_drops_what_was_pinned_of_it(
    lab: LabState,
) -> None:
    lab.add_model(own())
    lab.pin()
    lab.remove_model("upload:mine.keras")
    assert lab.model == START_MODEL and lab.pinned is None and lab.own == {}
    lab.remove_model("upload:mine.keras")
    lab.remove_model(START_MODEL)
    assert START_MODEL in lab.models


def test_a_link_with_somebody_elses_own_model_says_whom_to_ask() -> None:
    state = LabState.from_link({"model": "upload:<b>mine</b>.keras", "steps": "sigmoid:on"})
    assert state.model == START_MODEL and state.pipeline["sigmoid"].on
    assert "<b>mine</b>.keras" in state.notes[0] and "Models page" in state.notes[0]


def test_choosing_another_model_has_no_ghost_of_the_old_one(lab: LabState) -> None:
    lab.choose_model(OTHER_MODEL)
    assert lab.settled is None
    # The old model's answer is on the screen until the new one has been asked.
    lab.change_pipeline(lab.pipeline.with_step("sigmoid", on=True), True, 1)
    assert lab.settled is None


@pytest.mark.parametrize("name", [START_MODEL, "no such model", ""])
def test_the_same_or_an_unknown_model_changes_nothing(name: str, lab: LabState) -> None:
    before = copy.copy(vars(lab))
    lab.choose_model(name)
    assert vars(lab) == before


def test_an_unknown_preset_changes_nothing(lab: LabState) -> None:
    before = copy.copy(vars(lab))
    lab.choose_preset("no such preset")
    assert vars(lab) == before


def test_each_preset_sets_its_pipeline(lab: LabState) -> None:
    for preset in lab.presets:
        lab.choose_preset(preset.name)
        assert lab.pipeline == preset.pipeline


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


# ---- comparing -----------------------------------------------------------------------------------------------------------


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


def test_asking_for_a_dialog_changes_nothing_else(lab: LabState) -> None:
    before = copy.copy(vars(lab))
    lab.ask_for("code")
    assert vars(lab) == {**before, "dialog": "code"}


# ---- work ----------------------------------------------------------------------------------------------------------------


def test_the_network_is_asked_only_when_the_tensor_changes(lab: LabState, network: Network) -> None:
    lab.analyse(network)
    lab.set_view(k="9")
    lab.analyse(network)
    assert len(network.traced) == 1
    lab.show_sample("x-soft")
    lab.analyse(network)
    assert len(network.traced) == 2
