"""The Lab's page logic without a browser: links, models, uploads, and what a visitor is told."""

from __future__ import annotations

import gc
from urllib.parse import parse_qs

import pytest
from streamlit.testing.v1 import AppTest

from lib.samples import FOLDER
from lib.ui.lab_state import START_SAMPLE, LabState
from tests.pages.visitor import load_networks, shown, visit


@pytest.fixture(scope="module", autouse=True)
def _networks_are_loaded() -> None:
    load_networks()


def lab_of(app: AppTest) -> LabState:
    return app.session_state["lab"]


def best(app: AppTest) -> str:
    analysis = lab_of(app).analysis
    assert analysis and analysis.trace and analysis.network
    return analysis.network.contract.class_names[analysis.trace.top(1)[0]]


def test_a_visitor_without_a_link_sees_the_first_sample_analysed() -> None:
    app = visit()
    assert lab_of(app).case.source.id == START_SAMPLE
    assert best(app) == "R"


def test_a_link_opens_its_sample_model_and_steps() -> None:
    app = visit(model="letters-cnn", sample="h-inverted", steps="softness:on,sigma=2")
    lab = lab_of(app)
    assert (lab.model, lab.case.source.id, lab.pipeline["softness"].sigma) == (
        "letters-cnn",
        "h-inverted",
        2.0,
    )
    assert best(app) == "H"
    assert parse_qs(lab.address)["steps"] == ["softness:on,sigma=2"]


def test_a_hostile_link_is_answered_with_notes() -> None:
    app = visit(model="<script>alert(1)</script>", drawing="%%%", steps="invert:method=eval")
    assert len(app.info) == 3
    assert best(app) == "R"


def test_switching_the_model_keeps_the_picture_and_the_settings_and_says_what_changed() -> None:
    app = visit(sample="h-inverted", steps="softness:on")
    app.selectbox(key="model").set_value("letters-cnn").run()
    lab = lab_of(app)
    assert lab.model == "letters-cnn" and lab.case.source.id == "h-inverted"
    assert lab.pipeline["softness"].on and lab.pipeline["value_range"].mode == "0..1"
    assert "Value range: range 0..255 → 0..1" in lab.switch_note


def test_an_upload_is_shown_and_named_in_the_link() -> None:
    app = visit()
    app.segmented_control(key="input_kind").set_value("Upload").run()
    app.file_uploader(key="upload").upload(
        "h.png", (FOLDER / "h-inverted.png").read_bytes(), "image/png"
    ).run()
    assert not app.exception
    assert best(app) == "H"
    assert parse_qs(lab_of(app).address)["upload"] == ["h.png"]


def test_a_bad_upload_keeps_what_was_there() -> None:
    app = visit(sample="h-inverted")
    app.segmented_control(key="input_kind").set_value("Upload").run()
    app.file_uploader(key="upload").upload("letter.png", b"not a picture", "image/png").run()
    assert not app.exception
    assert "letter.png" in lab_of(app).error
    assert best(app) == "H"


def test_a_rerun_that_changes_nothing_computes_nothing() -> None:
    app = visit()
    before = lab_of(app).analysis
    app.run()
    after = lab_of(app).analysis
    assert before and after and after.trace is before.trace
    assert after.stages.final is before.stages.final


def test_what_a_rerun_collects_is_a_small_part_of_what_is_alive() -> None:
    # The guard of lib/ui/rerun_cost.py: Streamlit collects garbage after every run, and TensorFlow's objects are not walked.
    visit()
    assert gc.get_freeze_count() > 100_000
    assert len(gc.get_objects()) < gc.get_freeze_count() / 2


def test_the_wrong_modes_open_once_when_asked_for() -> None:
    app = visit(model="letters-cnn", sample="r-clean")
    lab_of(app).ask_for("modes")
    app.run()
    assert not app.exception
    assert "As it was trained" in shown(app) and "Not scaled at all" in shown(app)
    app.run()
    assert lab_of(app).dialog == ""


def test_the_code_opens_when_asked_for() -> None:
    app = visit(sample="r-clean")
    lab_of(app).ask_for("code")
    app.run()
    assert not app.exception
    assert any("def preprocess" in code.value for code in app.code)
