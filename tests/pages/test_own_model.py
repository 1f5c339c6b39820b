"""A visitor's own model on the Models page without a browser: the contract form, the training sample, refusals."""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import keras
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.lab_state import LabState
from lib.ui.own import upload
from lib.zoo.own import ModelFileError
from tests.pages.visitor import PATIENCE, load_networks, run, shown, visit

NAME = "upload:tiny.keras"
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def model_file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Says which half of an 8 x 8 picture is brighter; trained, as it were, on values 0..255."""
    columns = np.arange(64) % 8
    kernel = np.stack([columns < 4, columns >= 4], 1).astype(np.float32)
    model = keras.Sequential([keras.Input((64,)), keras.layers.Dense(2, name="sides")])
    # The bias names class 0 unless the numbers are large.
    model.layers[0].set_weights([kernel, np.array([100.0, 0.0], np.float32)])
    path = tmp_path_factory.mktemp("model") / "tiny.keras"
    model.save(path)
    return path.read_bytes()


def sample() -> bytes:
    """120 such pictures as an .npz file."""
    random = np.random.default_rng(0)
    labels = np.arange(120) % 2
    pixels = random.integers(0, 60, (120, 8, 8)).astype(np.uint8)
    for picture, label in zip(pixels, labels, strict=True):
        picture[:, 4 * label : 4 * label + 4] += 180
    buffer = io.BytesIO()
    np.savez(buffer, images=pixels, labels=labels)
    return buffer.getvalue()


def until(app: AppTest, holds: Callable[[], bool]) -> None:
    """Reruns as the page's fragment does, until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it never came"
        time.sleep(0.2)
        run(app)


def lab_of(app: AppTest) -> LabState:
    return app.session_state["lab"]


@pytest.fixture(scope="module", autouse=True)
def _networks_are_loaded() -> None:
    load_networks()


@pytest.fixture(scope="module")
def app(model_file: bytes) -> AppTest:
    """The page of the uploaded model; the check runs in its real separate process."""
    app = visit("pages/models.py")
    app.file_uploader(key="own_file").upload("tiny.keras", model_file, "application/zip").run()
    until(app, lambda: NAME in lab_of(app).own)
    return run(app)


def test_the_form_is_filled_in_and_says_where_from(app: AppTest) -> None:
    assert NAME in app.query_params["model"]
    assert app.selectbox(key="own_picture").value == (8, 8, 1)
    assert "read from the file" in shown(app) and "assumed" in shown(app)
    assert app.selectbox(key="own_output").disabled, "the last layer is linear: there is nothing to choose"
    assert lab_of(app).model == NAME


def test_a_change_reaches_the_lab_and_undo_takes_it_back(app: AppTest) -> None:
    before = lab_of(app).card.contract
    app.selectbox(key="own_polarity").set_value("black on white").run()
    assert lab_of(app).card.contract.polarity == "black on white" != before.polarity
    assert "set by you" in shown(app)
    app.button(key="own_undo").click().run()
    assert lab_of(app).card.contract == before and "set by you" not in shown(app)


def test_names_that_do_not_fit_are_refused_at_once_and_stay_in_the_box(app: AppTest) -> None:
    app.text_area(key="own_names").set_value("left\nright\nmiddle").run()
    assert "3 class names, but the model gives 2" in shown(app)
    assert app.text_area(key="own_names").value == "left\nright\nmiddle"
    app.text_area(key="own_names").set_value("left\nright").run()
    assert lab_of(app).card.contract.class_names == ("left", "right")
    assert "class names, but" not in shown(app)


def test_a_sample_of_the_training_data_tests_the_contract_and_gives_a_reference(app: AppTest) -> None:
    app.selectbox(key="own_value_range").set_value("0..1").run()
    app.session_state["models_own_tab"] = "Training sample"
    run(app)
    app.file_uploader(key="own_sample").upload("halves.npz", sample(), "application/zip").run()
    until(app, lambda: "Under its contract" in shown(app))
    assert "reads 50.0 % of 120 images right" in shown(app)
    app.button(key="own_sample_contract").click().run()
    assert lab_of(app).card.contract.value_range == "0..255"
    app.file_uploader(key="own_sample").upload("halves.npz", sample(), "application/zip").run()
    until(app, lambda: "reads 100.0 % of 120 images right" in shown(app))
    network = lab_of(app).own[NAME].network
    assert network is not None and network.reference is not None
    assert network.reference.value_range == "0..255" and len(network.reference.held_out_labels) == 24


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("empty.keras", b"", "empty"),
        ("letter.keras", b"\x89PNG\r\n\x1a\n" + bytes(100), "PNG"),
        ("pickle.h5", b"\x80\x04\x95" + bytes(100), "pickle"),
    ],
)
def test_what_is_no_model_is_refused_with_a_sentence(name: str, data: bytes, says: str) -> None:
    app = visit("pages/models.py")
    app.file_uploader(key="own_file").upload(name, data, "application/octet-stream").run()
    until(app, lambda: "own-refusal" in shown(app))
    assert says in shown(app) and name in shown(app)
    assert lab_of(app).own == {}


def test_a_check_that_failed_can_be_repeated_without_another_upload(
    monkeypatch: pytest.MonkeyPatch, model_file: bytes
) -> None:
    checked: list[bytes] = []

    def bring(data: bytes, name: str, *_: object) -> None:
        checked.append(data)
        raise ModelFileError(f"The server was busy, {len(checked)} times. Try again.")

    monkeypatch.setattr(upload, "bring", bring)
    app = visit("pages/models.py")
    app.file_uploader(key="own_file").upload("tiny.keras", model_file, "application/octet-stream").run()
    until(app, lambda: "busy, 1 times" in shown(app))
    app.button(key="own_again").click()
    run(app)
    until(app, lambda: "busy, 2 times" in shown(app))
    assert checked == [model_file, model_file]
