"""The Autopsy: why the network reads the Lab's picture as it does, with the evidence, and the fix."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from lib.autopsy.report import to_html, to_markdown
from lib.autopsy.report.document import PIECES_CSS
from lib.html import text
from lib.ui.autopsy.behaviour import known_behaviour
from lib.ui.autopsy.examination import Examination, examination, forget
from lib.ui.autopsy.findings import result_view, waiting_view
from lib.ui.autopsy.lab_bar import undo_bar
from lib.ui.autopsy.more_pictures import picture_bar
from lib.ui.entry import through_app
from lib.ui.page_link import copy_link, link_notes, link_to, write_address
from lib.ui.plain import plain
from lib.ui.server import engine, network_of, why_not
from lib.ui.session import lab_of_this_session

through_app("pages/autopsy.py")
lab = lab_of_this_session()


def header(examined: Examination | None) -> None:
    """What this is about, and what can be done with it."""
    title, actions = st.columns([1.6, 1.0], gap="medium", vertical_alignment="center")
    title.markdown("### Why did it read that?")
    title.caption(
        f"The Lab’s picture in {plain(lab.card.title)}: what differs from training, the evidence, and the fix."
    )
    with actions.container(horizontal=True, horizontal_alignment="right", key="autopsy_bar"):
        if st.button("Back to the Lab", icon=":material/arrow_back:", key="autopsy_back"):
            st.switch_page("pages/lab.py")
        copy_link(lab, "autopsy")
        if examined is None or not examined.job.done.is_set():
            return
        st.button("Run again", icon=":material/refresh:", key="autopsy_again", on_click=forget)
        if examined.job.result is not None:
            with st.popover("Report", icon=":material/download:"):
                downloads(examined)


def downloads(examined: Examination) -> None:
    """The report as files; written when asked for."""
    result, subject = examined.job.result, replace(examined.subject, link=link_to(lab, "autopsy"))
    assert result is not None and network is not None
    behaviour = known_behaviour(network)
    st.download_button(
        "As one HTML file",
        lambda: to_html(result.autopsy, subject, behaviour),
        "misread_autopsy.html",
        "text/html",
        key="autopsy_html",
        on_click="ignore",
        help="With all pictures and styles inside; opens anywhere and prints.",
    )
    st.download_button(
        "As Markdown",
        lambda: to_markdown(result.autopsy, subject, behaviour),
        "misread_autopsy.md",
        "text/markdown",
        key="autopsy_markdown",
        on_click="ignore",
        help="Ready to be pasted as an answer.",
    )


def body(examined: Examination | None) -> None:
    """The result, or how far it is."""
    if examined is None:
        waiting_for_network()
        return
    job = examined.job
    if not job.done.is_set():
        waiting_view(examined)
        return
    if not was_done:
        st.rerun()  # once, to leave the polling fragment
    if job.result is None:
        st.html(f'<div class="au" role="alert"><p>{text(job.error or "The autopsy was given up.")}</p></div>')
        return
    assert network is not None
    result_view(lab, network, examined, job.result)


def waiting_for_network() -> None:
    """What a visitor sees while there is no network."""
    if network_of(lab, lab.model):
        st.rerun()
    failure = why_not(lab, lab.model)
    st.html(f'<div class="au" role="status"><p>{text(failure or engine().status())}</p></div>')


st.html(PIECES_CSS)
network = network_of(lab, lab.model)
examined = examination(lab, network) if network else None
was_done = examined is not None and examined.job.done.is_set()
header(examined)
link_notes(lab, "autopsy")
write_address(lab, "autopsy", {})
undo_bar(lab)
if network:
    picture_bar(lab)
busy = (examined is None and not why_not(lab, lab.model)) or not was_done
st.fragment(body, run_every=0.4 if busy else None)(examined)
