"""Claims about what the page keeps: which model and pipeline count, and when a measurement is about them."""

import types

from lib.ui.dataset.state import LAB, DatasetState, Run
from lib.ui.lab_state import LabState
from tests.evaluate.tiny import pictures

DATA = pictures(4)


def work(busy: bool = False) -> types.SimpleNamespace:
    return types.SimpleNamespace(busy=busy, stop=lambda: None)


def test_without_a_choice_the_labs_model_is_measured_and_a_lost_one_gives_way_to_it() -> None:
    lab = LabState.from_link({"model": "letters-cnn"})
    assert DatasetState().model_of(lab) == "letters-cnn"
    assert DatasetState(model="letters-mlp").model_of(lab) == "letters-mlp"
    assert DatasetState(model="upload:gone.keras").model_of(lab) == "letters-cnn"


def test_the_labs_pipeline_goes_over_to_another_model() -> None:
    lab = LabState.from_link({"model": "letters-mlp", "steps": "sigmoid:on,slope=12"})
    state = DatasetState(prepared=LAB)
    assert state.pipeline_of(lab, DATA) == lab.pipeline
    other = state.pipeline_of(lab, DATA, "letters-cnn")
    assert other["sigmoid"].on and other["value_range"].values()["mode"] == "0..1"
    stored = DatasetState().pipeline_of(lab, DATA)
    assert not stored["sigmoid"].on and not stored["invert"].on


def test_a_run_is_about_the_same_data_model_contract_and_pipeline() -> None:
    lab = LabState.from_link({})
    contract, pipeline = lab.card.contract, lab.pipeline
    run = Run(DATA, "letters-mlp", contract, pipeline, work())  # type: ignore[arg-type]
    assert run.is_about(DATA, "letters-mlp", contract, pipeline)
    assert not run.is_about(pictures(4), "letters-mlp", contract, pipeline)
    assert not run.is_about(DATA, "letters-cnn", contract, pipeline)
    assert not run.is_about(DATA, "letters-mlp", contract, pipeline.with_step("sigmoid", on=True))


def test_another_data_set_lets_go_of_what_was_about_the_one_before() -> None:
    stopped = []
    state = DatasetState(cell=(1, 2))
    state.run = types.SimpleNamespace(work=types.SimpleNamespace(stop=lambda: stopped.append(1)))  # type: ignore[assignment]
    state.take(DATA, "file")
    assert stopped == [1] and state.run is None and state.cell is None and state.dataset is DATA


def test_anything_in_the_background_makes_the_page_look_again() -> None:
    state = DatasetState()
    assert not state.is_busy
    for name, entry in (
        ("second_reading", work(True)),
        ("sweeping", types.SimpleNamespace(work=work(True))),
        ("serving", (None, work(True))),
        ("strangers", {"noise": (None, None, work(True))}),
        ("taught", types.SimpleNamespace(teaching=work(True), bringing=None, comparing=None)),
    ):
        assert DatasetState(others={name: entry}).is_busy, name
    state.others["strangers"] = {"noise": (None, None, work(False))}
    assert not state.is_busy
