"""Where the picture comes from: which source is open first, and what going back to one shows."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.case import SampleSource, UploadSource
from lib.drawing import Drawing, Stroke
from lib.samples import FOLDER
from lib.ui.lab_state import START_SAMPLE, LabState
from tests.pages.visitor import load_networks, run, visit

BAR = Drawing((Stroke("brush", 40, ((300, 100, 255), (300, 900, 255))),))


@pytest.fixture(scope="module", autouse=True)
def _networks_are_loaded() -> None:
    load_networks()


def lab_of(app: AppTest) -> LabState:
    return app.session_state["lab"]


def choose(app: AppTest, kind: str) -> None:
    app.segmented_control(key="input_kind").set_value(kind)
    run(app)


def test_a_visitor_without_a_link_finds_the_canvas_and_one_with_a_samples_link_the_samples() -> None:
    assert visit().session_state["input_kind"] == "Draw"
    assert visit(sample=START_SAMPLE).session_state["input_kind"] == "Draw"
    assert visit(sample="h-inverted").session_state["input_kind"] == "Samples"


def test_going_back_to_the_canvas_shows_the_drawing_and_to_an_empty_one_keeps_the_picture() -> None:
    app = visit()
    choose(app, "Samples")
    lab_of(app).show_sample("h-inverted")
    choose(app, "Draw")
    assert lab_of(app).source == SampleSource("h-inverted")

    lab_of(app).draw(BAR, final=True, seq=1)
    lab_of(app).show_sample("r-clean")
    choose(app, "Samples")
    assert lab_of(app).source == SampleSource("r-clean")
    choose(app, "Draw")
    assert lab_of(app).source == BAR


def test_going_back_to_the_upload_shows_the_kept_one_and_only_looking_there_changes_nothing() -> None:
    app = visit(sample="h-inverted")
    choose(app, "Upload")
    assert lab_of(app).source == SampleSource("h-inverted")

    path = FOLDER / next(file.name for file in sorted(FOLDER.glob("*.png")))
    lab_of(app).show_upload(path.read_bytes(), "mine.png")
    run(app)
    choose(app, "Samples")
    lab_of(app).show_sample("r-clean")
    choose(app, "Upload")
    assert lab_of(app).source == UploadSource("mine.png")
