"""The Data set page without a browser: built-in set, files right and wrong, cells, pictures, and every tab."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.evaluate.capitals import capitals
from lib.ui.dataset.state import LAB, DatasetState
from lib.ui.lab_state import LabState
from tests.pages.visitor import PATIENCE, load_networks, run, shown, visit

PAGE = "pages/dataset.py"


@pytest.fixture(scope="module", autouse=True)
def _networks_are_loaded() -> None:
    load_networks()


def until(app: AppTest, holds: Callable[[], bool]) -> AppTest:
    """Reruns as the page's fragment does, until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.1)
        run(app)
    return app


def opened() -> AppTest:
    """The page after its first measurement."""
    app = visit(PAGE)
    return until(app, lambda: "dataset-headline" in shown(app))


def state_of(app: AppTest) -> DatasetState:
    return app.session_state["dataset_state"]


def lab_of(app: AppTest) -> LabState:
    return app.session_state["lab"]


def tab(app: AppTest, name: str) -> AppTest:
    app.session_state["dataset_tab"] = name
    return run(app)


def rows(images: np.ndarray, labels: list[object]) -> bytes:
    return "".join(
        f"{label},{','.join(map(str, image.ravel()))}\n" for label, image in zip(labels, images, strict=True)
    ).encode()


def upload(app: AppTest, name: str, data: bytes) -> AppTest:
    if app.radio(key="dataset_source").value != "file":
        app.radio(key="dataset_source").set_value("file").run()
    key = f"dataset_file_{state_of(app).uploads}"
    app.file_uploader(key=key).upload(name, data, "text/csv").run()
    return until(app, lambda: not state_of(app).is_busy)


def test_the_page_shows_something_at_once_and_says_what_it_is() -> None:
    app = opened()
    page = shown(app)
    assert "90.8 %" in page and "520 pictures, 48 read wrong" in page
    assert any("no font and no data set" in text.value for text in app.caption)
    assert "The surest errors" in page and "drawn capitals" in page


def test_another_model_and_the_labs_pipeline_are_measured_anew() -> None:
    app = opened()
    app.selectbox(key="dataset_model").set_value("letters-cnn").run()
    until(app, lambda: "96.7 %" in shown(app))
    first = state_of(app).run
    app.radio(key="dataset_prepared").set_value(LAB).run()
    until(app, lambda: state_of(app).run is not first and "dataset-headline" in shown(app))
    assert state_of(app).run.pipeline["frame"].values()["mode"] == "crop to ink"  # type: ignore[union-attr]
    assert lab_of(app).model == "letters-mlp", "the Lab keeps its own model"


def test_a_file_with_broken_rows_is_read_and_the_rows_are_listed_by_line() -> None:
    images, labels = capitals(3, seed=4)
    text = rows(images, [chr(65 + k) for k in labels]).split(b"\n")
    text[4] = b"E,1,2,3"
    text[9] = text[9].replace(b",0,", b",x,", 1)
    app = upload(opened(), "mine.csv", b"\n".join(text))
    until(app, lambda: "76 pictures," in shown(app))
    page = shown(app)
    assert "mine.csv" in page and "2 left out" in page
    assert "Line 5: 4 values, but a row is a label and 784 pixels." in page and "Line 10: pixel" in page
    assert state_of(app).dataset is not None and len(state_of(app).dataset) == 76  # type: ignore[arg-type]


def test_what_is_no_data_set_is_refused_and_the_one_before_stays() -> None:
    app = upload(opened(), "words.csv", b"hello\nworld\n")
    assert "dataset-refusal" in shown(app) and "its lines are not values between commas" in shown(app)
    assert "520 pictures" in shown(app)


def test_classes_that_the_model_does_not_have_are_refused_with_a_sentence() -> None:
    images, _ = capitals(1)
    app = upload(opened(), "signs.csv", rows(images[:26], [f"sign {k}" for k in range(26)]))
    until(app, lambda: "matched by their order" in shown(app))  # as many classes as the network has
    app = upload(app, "few.csv", rows(images[:6], [f"sign {k}" for k in range(6)]))
    until(app, lambda: "are not the network&#x27;s" in shown(app))


def test_a_cell_shows_its_pictures_and_a_click_on_one_opens_it_in_the_lab() -> None:
    app = opened()
    app.selectbox(key="dataset_cell").set_value((6, 16)).run()
    assert "“G” read as “Q” <small>6, the worst first" in shown(app)
    app.session_state["dataset_open_in_lab"] = 136  # what the wall reports
    run(app)
    lab = lab_of(app)
    assert lab.source_is_upload and lab.upload is not None
    np.testing.assert_array_equal(
        lab.upload.pixels[..., 0],
        state_of(app).dataset.images[136],  # type: ignore[union-attr, index]
    )
    assert lab.pipeline == state_of(app).run.pipeline, "with the very steps of the measurement"  # type: ignore[union-attr]
    assert "labelled “G”" in lab.switch_note and "replaced the Lab’s" in lab.switch_note


def test_how_sure_shows_the_figures_before_and_after() -> None:
    app = tab(opened(), "How sure")
    page = shown(app)
    assert "94.2 % sure on average and right 90.8 %" in page and "1,597 held-out pictures" in page


def test_outsiders_are_scored_and_a_threshold_has_its_price() -> None:
    app = tab(opened(), "Outsiders")
    until(app, lambda: "dataset-cost" in shown(app))
    assert "strokes (best)</td><td>1.000" in shown(app) and "likeness to a prototype" in shown(app)
    app.slider(key="dataset_strangers_keep").set_value(80).run()
    assert "keeps 80.0 % of yours" in shown(app)


def test_a_sweep_is_measured_in_the_background_and_stays_when_the_page_is_left() -> None:
    app = tab(opened(), "Sweeps")
    app.slider(key="dataset_sweep_points_first_20").set_value(3).run()
    app.button(key="dataset_sweep_start").click().run()
    until(app, lambda: "Each point is measured on 520 pictures" in shown(app) and not state_of(app).is_busy)
    app.switch_page("pages/lab.py").run()
    app.switch_page(PAGE).run()
    tab(app, "Sweeps")
    assert "Each point is measured on 520 pictures" in shown(app)
    sweeps = state_of(app).others["sweeping"].sweeps
    assert [entry.values[0] for entry in sweeps[0].points] == [-60.0, 0.0, 60.0]
    assert sweeps[0].points[1].point.right == 472


def test_train_and_serve_names_the_drift_and_the_names_order() -> None:
    app = tab(opened(), "Train and serve")
    until(app, lambda: "dataset-drift" in shown(app))
    assert "Other stroke width than in training" in shown(app) and "The names are in order" in shown(app)
    lab_of(app).replace_pipeline(lab_of(app).default.with_step("value_range", mode="0..1"))
    app.radio(key="dataset_serving_way_3").set_value("This set, and what the Lab makes of it").run()
    until(app, lambda: "Values too small" in shown(app))


def test_labels_counted_from_one_are_found_out() -> None:
    images, labels = capitals(12, seed=6)
    moved = [chr(65 + (k + 1) % 26) for k in labels]
    app = upload(opened(), "off.npz", _npz(images, moved))
    tab(app, "Train and serve")
    until(app, lambda: "Classes off by one" in shown(app))


def test_a_lesson_that_cannot_be_is_refused() -> None:
    app = upload(opened(), "few.csv", rows(capitals(1)[0], [chr(65 + k) for k in range(26)]))
    tab(app, "Teach it")
    app.button(key="dataset_teach_start").click().run()
    assert "26 pictures are too few to teach anything" in shown(app)


def _npz(images: np.ndarray, labels: list[str]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, images=images, labels=np.array(labels))
    return buffer.getvalue()
