"""The one Lab of a visitor's session, which every page works on, and the session's own name."""

from __future__ import annotations

import secrets

import streamlit as st

from lib.ui.counters import COUNTERS
from lib.ui.lab_state import LabState


def lab_of_this_session() -> LabState:
    """The visitor's Lab; made from the link by the first page that asks."""
    if "lab" not in st.session_state:
        COUNTERS.add("sessions")
        st.session_state["lab"] = LabState.from_link(st.query_params.to_dict())
    state: LabState = st.session_state["lab"]
    return state


def visitor() -> str:
    """Names this session among the server's; it says nothing about the person."""
    if "visitor" not in st.session_state:
        st.session_state["visitor"] = secrets.token_hex(8)
    return str(st.session_state["visitor"])
