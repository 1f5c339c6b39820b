"""The Data set page: what a network does over many labelled pictures, and where it goes wrong."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib import ui
from lib.html import text
from lib.ui.dataset.link import FILE_NOTE, TABS, options, tab_of, take_link
from lib.ui.dataset.load import FILE, choose, reading, summary
from lib.ui.dataset.measure import measured, subject
from lib.ui.dataset.results import results
from lib.ui.dataset.room import room
from lib.ui.dataset.serving import serving
from lib.ui.dataset.state import dataset_state
from lib.ui.dataset.strangers import strangers
from lib.ui.dataset.sureness import sureness
from lib.ui.dataset.sweeps import sweeps
from lib.ui.dataset.teach import teach
from lib.ui.dataset.wall import open_wanted
from lib.ui.dataset.work import progress_bar, refusal
from lib.ui.entry import through_app
from lib.ui.page_link import copy_link, link_notes, write_address
from lib.ui.server import engine, network_of, why_not
from lib.ui.session import lab_of_this_session

through_app("pages/dataset.py")
lab = lab_of_this_session()
state = dataset_state()


def head() -> None:
    """What is measured on what."""
    title, link = st.columns([2.5, 1.0], gap="medium", vertical_alignment="center")
    title.markdown("### Data set")
    title.caption(
        "How good is it really? Measure a model over many labelled pictures, and look at what it gets wrong."
    )
    with link.container(horizontal=True, horizontal_alignment="right"):
        copy_link(lab, "dataset", FILE_NOTE if state.source == FILE else "")
    left, right = st.columns([1.5, 1.0], gap="large")
    with left:
        choose(state, lab.card_of(state.model_of(lab)).contract)
        if state.dataset is not None:
            summary(state.dataset)
    with right:
        subject(state, lab)


def body(was_busy: bool) -> None:
    """What is going on, and what came of it."""
    if (
        "dataset_tab" not in st.session_state
    ):  # at first, and whenever a measurement stood in the place of the tabs
        st.session_state["dataset_first_tab"] = tab_of(lab)
    first_tab = st.session_state["dataset_first_tab"]
    write_address(lab, "dataset", options(state, st.session_state.get("dataset_tab", first_tab)))
    if reading(state):
        st.rerun()
    room().looked_at(state)
    dataset = state.dataset
    if dataset is None:
        st.html(
            f'<div class="ds"><p class="soft">{text(state.gone or "Load a data set to begin.")}</p></div>'
        )
        return
    name = state.model_of(lab)
    network = network_of(lab, name)
    if network is None:
        st.html(f'<div class="ds" role="status"><p>{text(why_not(lab, name) or engine().status())}</p></div>')
        return
    run = measured(state, lab, network, dataset)
    if run is None:
        return
    if run.work.busy:
        if not was_busy:
            st.rerun()  # once, to get into the polling fragment
        progress_bar(run.work, "dataset_run_stop")
        return
    if run.work.result is None:
        refusal(run.work.error or "The measurement was stopped.")
        if st.button("Measure again", key="dataset_again"):
            state.run = None
            st.rerun()
        return
    open_wanted(lab, dataset, name, run.pipeline)
    answers = run.work.result
    views = (
        lambda: results(state, dataset, answers),
        lambda: sureness(state, network, answers),
        lambda: strangers(state, dataset, network, run),
        lambda: sweeps(state, lab, dataset, run),
        lambda: serving(state, lab, dataset, network, run, answers),
        lambda: teach(state, lab, dataset, network),
    )
    taught = state.others.get("taught")
    if taught is not None and (warning := taught.warning(name, dataset)):
        refusal(warning, "dataset-taught-with")
    tabs = st.tabs(TABS, default=first_tab, key="dataset_tab", on_change="rerun")
    for tab, draw in zip(tabs, views, strict=True):
        if tab.open:
            with tab:
                draw()
    if state.is_busy != was_busy:
        st.rerun()  # into the polling fragment, or out of it


st.html(Path(ui.__file__).parent / "dataset" / "dataset.css")
take_link(state, lab)
link_notes(lab, "dataset")
head()
waiting = network_of(lab, state.model_of(lab)) is None and not why_not(lab, state.model_of(lab))
is_busy = waiting or state.is_busy
st.fragment(body, run_every=0.5 if is_busy else None)(is_busy)
