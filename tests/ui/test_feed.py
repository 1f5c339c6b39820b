"""The one live message: every view gets its part, and what views report reaches its handler."""

from typing import Any

import numpy as np
import pytest

from lib.ui import component, wire
from lib.ui import feed as module
from lib.ui.feed import LIVE_VIEWS, feed, place


@pytest.fixture
def mounted(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What is handed to Streamlit."""
    found: dict[str, Any] = {}
    monkeypatch.setattr(module, "_feed", lambda **given: found.update(given))
    return found


def test_every_view_gets_exactly_its_message(mounted: dict[str, Any]) -> None:
    parts = {
        "steps": wire.pack({"a": 1}, {"x": np.arange(3, dtype=np.uint8)}),
        "notes": wire.pack({"b": [2]}),
    }
    feed(parts, {"steps": 7}, {}, "v=1&sample=x")
    header, arrays = wire.unpack(mounted["data"])
    assert header["acks"] == {"steps": 7} and header["address"] == "v=1&sample=x"
    assert {name: array.tobytes() for name, array in arrays.items()} == parts


@pytest.mark.parametrize("waiting", [True, False])
def test_the_browser_is_told_whether_something_is_still_to_come(
    mounted: dict[str, Any], waiting: bool
) -> None:
    feed({}, {}, {}, "", waiting=waiting)
    assert wire.unpack(mounted["data"])[0]["waiting"] is waiting


def test_the_parts_begin_where_typed_arrays_can_begin(mounted: dict[str, Any]) -> None:
    feed({"notes": wire.pack({"text": "x"}), "steps": wire.pack({"text": "xyz"})}, {}, {}, "")
    length = int.from_bytes(mounted["data"][:4], "little")
    for message in (wire.pack({"text": "x"}), wire.pack({"text": "xyz"})):
        assert mounted["data"].index(message, 4 + length) % 4 == 0


def test_an_event_reaches_its_handler_once_and_silence_reaches_none(
    mounted: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    state: dict[str, Any] = {}
    monkeypatch.setattr(component.st, "session_state", state)
    seen: list[tuple[str, Any]] = []
    handlers = {
        name: lambda value, name=name: seen.append((name, value)) for name in ("steps_values", "compare_do")
    }
    feed({}, {}, handlers, "")
    state["feed"] = {"compare_do": "pin"}
    mounted["on_compare_do_change"]()
    mounted["on_steps_values_change"]()
    assert seen == [("compare_do", "pin")]


def test_only_live_views_have_a_place() -> None:
    with pytest.raises(KeyError):
        place("gallery")
    assert len(set(LIVE_VIEWS)) == len(LIVE_VIEWS)
