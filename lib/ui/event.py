"""Reading what a view reported: the only place that knows how Streamlit hands over a component's values."""

from __future__ import annotations

from typing import Any

import streamlit as st


def event(key: str, name: str) -> dict[str, Any]:
    """The object that view `key` sent as `name`; empty when it sent none. To be called in the event's callback."""
    value = _value(key, name)
    return dict(value) if isinstance(value, dict) else {}


def event_text(key: str, name: str) -> str:
    """The text that view `key` sent as `name`; empty when it sent none."""
    value = _value(key, name)
    return value if isinstance(value, str) else ""


def _value(key: str, name: str) -> Any:
    state = st.session_state.get(key)
    read = getattr(state, "get", None)
    return read(name) if callable(read) else None
