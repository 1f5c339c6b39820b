"""What the Lab shows of the Autopsy: the way there, and after a fix the way back."""

from __future__ import annotations

import streamlit as st

from lib.ui.autopsy.treatment import applied, forget_treatment, undo
from lib.ui.lab_state import LabState
from lib.ui.plain import plain

PAGE = "pages/autopsy.py"


def why_button(lab: LabState) -> None:
    """Opens the Autopsy of what the Lab shows."""
    if st.button(
        "Why?",
        icon=":material/troubleshoot:",
        key="autopsy_why",
        type="primary",
        help="Finds out which difference between training and your preprocessing is to blame, and how to put it right.",
    ):
        st.switch_page(PAGE, query_params=lab.query()[0])


def undo_bar(lab: LabState) -> None:
    """After a fix was applied: what it was, and how to take it back. Nothing otherwise."""
    treatment = applied(lab)
    if treatment is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="autopsy_undo_bar"):
        st.markdown(f"**Fix applied:** {plain(treatment.title)}", width="content")
        st.button(
            "Undo the fix",
            icon=":material/undo:",
            key="autopsy_undo",
            on_click=undo,
            args=(lab,),
            width="content",
        )
        st.button("Keep it", key="autopsy_keep", on_click=forget_treatment, width="content", type="tertiary")
