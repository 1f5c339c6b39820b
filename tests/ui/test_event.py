"""Reading a view's report: whatever stands in the session's state, an object or a text comes out."""

import pytest

from lib.ui import event as module
from lib.ui.event import event, event_text


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> dict:
    """What Streamlit keeps for the session."""
    found: dict = {}
    monkeypatch.setattr(module.st, "session_state", found)
    return found


def test_the_object_that_a_view_sent(state: dict) -> None:
    state["steps"] = {"values": {"seq": 3, "final": True}, "preset": "Photo of paper"}
    assert event("steps", "values") == {"seq": 3, "final": True}
    assert event_text("steps", "preset") == "Photo of paper"


def test_a_report_is_a_copy_so_that_nobody_changes_the_sessions_state(state: dict) -> None:
    state["steps"] = {"values": {"seq": 3}}
    event("steps", "values")["seq"] = 4
    assert state["steps"]["values"] == {"seq": 3}


@pytest.mark.parametrize("stored", [None, {}, {"values": None}, 3, "text", [], object()])
def test_nothing_sent_is_an_empty_object_or_text(state: dict, stored: object) -> None:
    state["steps"] = stored
    assert event("steps", "values") == {}
    assert event_text("steps", "values") == ""
    assert event("never mounted", "values") == {}


@pytest.mark.parametrize("value", [3, True, ["a"], 2.5, b"bytes"])
def test_a_report_of_another_kind_counts_as_none(state: dict, value: object) -> None:
    state["steps"] = {"values": value}
    assert event("steps", "values") == {}
    assert event_text("steps", "values") == ""


def test_an_object_is_no_text_and_a_text_no_object(state: dict) -> None:
    state["view"] = {"object": {"a": 1}, "text": "a"}
    assert event_text("view", "object") == ""
    assert event("view", "text") == {}
