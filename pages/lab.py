"""The Lab: draw or upload a letter, move the sliders, watch predictions and every layer change."""

from __future__ import annotations

import streamlit as st

from lib.ui import lines, panels
from lib.ui.autopsy.lab_bar import undo_bar, why_button
from lib.ui.counters import COUNTERS
from lib.ui.entry import through_app
from lib.ui.feed import feed, place
from lib.ui.inputs import inputs
from lib.ui.pace import PACE
from lib.ui.page_link import link_notes
from lib.ui.server import engine, network_of, why_not
from lib.ui.session import lab_of_this_session, visitor

through_app("pages/lab.py")
lab, who = lab_of_this_session(), visitor()


def header() -> None:
    """What this is, and the model that is looked into."""
    name, model, summary = st.columns([1.0, 1.05, 1.35], gap="medium", vertical_alignment="center")
    with name:
        st.markdown("### Misread")
        st.caption("See what your classifier sees, and why it gets your picture wrong.")
    st.session_state["model"] = lab.model  # going back to state A may have changed it
    model.selectbox(
        "Model",
        list(lab.models),
        format_func=lambda name: lab.card_of(name).title,
        key="model",
        on_change=lambda: lab.choose_model(st.session_state["model"]),
        label_visibility="collapsed",
    )
    with summary:
        st.caption(lab.card.summary)
        st.page_link("pages/models.py", label="Use your own model", icon=":material/upload:")


def board() -> None:
    """The places of the views."""
    left, middle, right = st.columns([1.0, 1.05, 1.35], gap="medium")
    with left:
        inputs(lab)
        why_button(lab)
        place("verdict")
        place("predictions")
        place("sureness")
        place("compare")
        place("share")
    with middle:
        place("steps")
        place("readout")
    with right:
        place("layers")


def live() -> None:
    """What follows the pen and the sliders: a fragment, so that reruns coalesce instead of interrupting each other."""
    if st.session_state["model"] != lab.model:
        st.rerun()  # the header lies outside this fragment
    network = network_of(lab, lab.model)
    if network and waiting_for_network:
        st.rerun()  # once, to leave the polling fragment
    failure = "" if network else why_not(lab, lab.model)
    waiting = "" if network else failure or engine().status()
    with lines.live(network is not None and lines.is_large(network.layers)).place(who):
        analysis = lab.analyse(network)
        pinned = lab.analyse_pinned(network_of(lab, lab.pinned.model)) if lab.pinned else None
        lab.write_link()
        parts = panels.parts(lab, analysis, pinned, waiting)
    COUNTERS.add("lab_answers")
    is_loading = network is None and not failure
    feed(parts, lab.acks, panels.handlers(lab), lab.address, PACE.answered(who), is_loading)
    if lab.dialog:
        from lib.ui.dialogs import open_dialog  # brings the Autopsy along: not what the first page waits for

        open_dialog(lab, analysis)


header()
link_notes(lab, "lab")
undo_bar(lab)
board()
waiting_for_network = network_of(lab, lab.model) is None and not why_not(lab, lab.model)
st.fragment(live, run_every=0.4 if waiting_for_network else None)()
