"""The one Lab of a visitor's session, which every page works on."""

from __future__ import annotations

import streamlit as st

from lib.ui.lab_state import LabState


def lab_of_this_session() -> LabState:
    """The visitor's Lab; made from the link by the first page that asks."""
    if "lab" not in st.session_state:
        st.session_state["lab"] = LabState.from_link(st.query_params.to_dict())
    state: LabState = st.session_state["lab"]
    return state
