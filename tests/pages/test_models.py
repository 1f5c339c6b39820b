"""The Models page without a browser: cards, the way into one model and to the Lab, and what a visitor is told."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui.lab_state import LabState
from lib.ui.server import engine
from lib.zoo import catalogue
from tests.pages.visitor import load_networks, shown
from tests.pages.visitor import visit as open_page

TABS = ["Card", "Architecture", "Graph", "Weights", "First filters"]


@pytest.fixture(scope="module", autouse=True)
def _networks_are_loaded() -> None:
    load_networks()


def visit(**query: str) -> AppTest:
    """The page as a visitor opens it by a link or the navigation."""
    return open_page("pages/models.py", **query)


def open_tab(app: AppTest, name: str) -> AppTest:
    app.session_state["models_tab"] = name
    app.run()
    assert not app.exception
    return app


def test_every_model_of_the_catalogue_has_a_card_with_two_ways_on() -> None:
    app = visit()
    text = shown(app)
    for card in catalogue():
        assert card.title in text
        assert app.button(key=f"look_{card.name}").label == "Look inside"
        assert app.button(key=f"use_{card.name}").label == "Use in the Lab"


def test_look_inside_opens_the_model_and_the_link_says_so() -> None:
    app = visit()
    app.button(key="look_letters-cnn").click().run()
    assert app.query_params["model"] in ("letters-cnn", ["letters-cnn"])
    assert app.selectbox(key="models_choice").value == "letters-cnn"
    assert "bright ink on a dark ground" in shown(app)
    app.button(key="models_back").click().run()
    assert "model" not in app.query_params
    assert app.button(key="look_letters-cnn")


def test_another_model_is_chosen_from_the_bar() -> None:
    app = visit(model="letters-cnn")
    app.selectbox(key="models_choice").set_value("letters-mlp").run()
    assert app.query_params["model"] in ("letters-mlp", ["letters-mlp"])
    assert "Question" not in shown(app) and "raw values 0..255" in shown(app)


def test_the_architecture_of_the_dense_network() -> None:
    app = open_tab(visit(model="letters-mlp"), "Architecture")
    assert "208,626 parameters" in shown(app)
    rows = app.dataframe[0].value
    assert list(rows["layer"]) == ["dense1", "dense2", "dense3", "dense4", "logits"]
    assert list(rows["parameters"]) == [157_000, 30_150, 15_100, 5_050, 1_326]
    assert sum(rows["share"]) == pytest.approx(1)


def test_the_graph_of_the_convolutional_network_is_folded_and_unfolds() -> None:
    app = open_tab(visit(model="letters-cnn"), "Graph")
    choice = app.segmented_control(key="graph_folding_letters-cnn")
    assert choice.value == "Chains as one"
    choice.set_value("Every layer").run()
    assert not app.exception


def test_the_weights_follow_the_chosen_layer() -> None:
    app = open_tab(visit(model="letters-cnn"), "Weights")
    assert len(app.dataframe[0].value) == 34
    assert len(app.get("plotly_chart")) == 1, "conv1 has no bias"
    app.selectbox(key="weights_layer_letters-cnn").set_value("bn1").run()
    assert len(app.get("plotly_chart")) == 4
    assert "moving_variance" in shown(app)


def test_the_first_filters_say_how_to_read_them() -> None:
    app = open_tab(visit(model="letters-mlp"), "First filters")
    assert "Each picture is one unit of dense1: its 784 weights, laid out as the 28 × 28 pixels" in shown(app)
    app.segmented_control(key="filters_order").set_value("Strongest first").run()
    assert not app.exception


def test_use_in_the_lab_takes_the_model_there() -> None:
    app = visit(model="letters-cnn")
    app.button(key="models_use").click().run()
    assert not app.exception
    lab: LabState = app.session_state["lab"]
    assert lab.model == "letters-cnn"
    assert app.selectbox(key="model").value == "letters-cnn", "this is the Lab"


def test_looking_at_a_large_model_downloads_nothing_until_asked() -> None:
    app = open_tab(visit(model="ResNet50"), "Architecture")
    assert "The weights (103 MB) are downloaded once" in shown(app)
    assert app.button(key="models_load")
    assert engine().finished.is_set(), "the engine was not asked for it"


def test_a_model_that_cannot_be_had_says_why_and_can_be_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = "No network: <script>alert(1)</script> put the file there."
    monkeypatch.setattr(type(engine()), "failure", lambda _, name: reason if name == "ResNet50" else "")
    app = open_tab(visit(model="ResNet50"), "Weights")
    assert "No network: &lt;script&gt;" in shown(app) and "<script>alert" not in shown(app)
    assert app.button(key="models_again")


def test_an_unknown_model_in_the_link_shows_the_overview() -> None:
    app = visit(model="<script>alert(1)</script>")
    assert app.button(key="look_letters-mlp")
    assert "<script>alert" not in shown(app)


def test_a_rerun_computes_nothing_again(monkeypatch: pytest.MonkeyPatch) -> None:
    app = open_tab(visit(model="letters-cnn"), "Weights")
    monkeypatch.setattr("lib.ui.models.weights.weights", lambda network: pytest.fail("computed again"))
    app.run()
    assert not app.exception
