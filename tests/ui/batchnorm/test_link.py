"""The BatchNorm page's link: settings, bench, tab and model come back; what makes no sense is the usual page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import streamlit as st

from lib.batchnorm.settings import TrainingSettings
from lib.picture import Picture
from lib.ui.batchnorm import link
from lib.ui.batchnorm.bench import Bench, sample_slot
from lib.ui.batchnorm.link import TABS, missing, options, settings_of, tab_of, take_link
from lib.ui.lab_state import LabState


@pytest.fixture(autouse=True)
def session(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Any]]:
    """A session without Streamlit's server."""
    state: dict[str, Any] = {}
    monkeypatch.setattr(link.st, "session_state", state)
    yield state
    assert st.session_state is state


def opened(given: Any) -> tuple[Bench, LabState]:
    lab, bench = LabState.from_link({"view.batchnorm": json.dumps(given)}), Bench()
    take_link(bench, lab, 12)
    return bench, lab


def shown(bench: Bench) -> list[tuple[str, str]]:
    return [(slot.picture.name, slot.label) for slot in bench.slots]


def test_what_nobody_changed_is_not_written() -> None:
    assert options(Bench(), TABS[0]) == {}


def test_settings_pictures_tab_and_model_come_back(session: dict[str, Any]) -> None:
    sender = Bench(slots=[sample_slot("espresso"), sample_slot("window")])
    sender.slots[0].label = "not coffee"
    sender.settings = TrainingSettings("ResNet50", 30, 0.9, 2, 7)
    session["bn_model"] = "letters-cnn"
    given = options(sender, TABS[1])
    del session["bn_model"]
    bench, lab = opened(given)
    assert bench.start == bench.settings == sender.settings
    assert shown(bench) == shown(sender)
    assert (tab_of(lab), session["bn_model"]) == (TABS[1], "letters-cnn")


def test_a_network_brings_its_own_usual_epochs() -> None:
    assert settings_of({"net": "ResNet50"}).epochs == 5
    assert options(Bench(settings=TrainingSettings("ResNet50", 5)), TABS[0]) == {"net": "ResNet50"}


def test_a_picture_of_the_visitors_own_is_said_to_be_missing() -> None:
    bench = Bench()
    assert missing(bench) == ""
    bench.add(Picture.from_array(np.zeros((4, 4, 3), np.uint8), "mine.png"), "mine")
    assert "not in the link" in missing(bench)
    assert options(bench, TABS[0]) == {}


def test_the_link_is_taken_once() -> None:
    bench, lab = opened({"epochs": 30})
    bench.start = TrainingSettings(epochs=9)
    take_link(bench, lab, 12)
    assert bench.start.epochs == 9


@pytest.mark.parametrize(
    "given",
    [
        [],
        {"net": "<script>", "epochs": "many", "momentum": 1.0, "batch": [], "seed": None, "model": "gone"},
        {"momentum": 0.12345, "pictures": "cat", "tab": 3},
        {"momentum": True, "pictures": [["cat", "cat"]]},
        {"pictures": [["cat"], ["../../etc/passwd", "x"], ["rocket", 5], 7, None, ["flower", "x"]]},
    ],
)
def test_nonsense_is_the_usual_page(given: Any, session: dict[str, Any]) -> None:
    bench, lab = opened(given)
    assert bench.start == TrainingSettings()
    assert shown(bench) == shown(Bench()) and tab_of(lab) == TABS[0] and "bn_model" not in session


def test_more_pictures_than_the_server_takes_are_left_out() -> None:
    assert len(opened({"pictures": [["cat", f"cat {n}"] for n in range(99)]})[0].slots) == 12


def test_numbers_beyond_the_form_are_its_ends() -> None:
    assert settings_of({"epochs": 10**9, "batch": -3, "seed": 10**9}) == TrainingSettings(
        epochs=400, batch_size=1, seed=9999
    )
