"""The BatchNorm microscope: 100 % while training, 33 % when predicting the same pictures; why, and how to repair it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from lib import ui
from lib.html import text
from lib.ui.batchnorm.bench import bench_of_this_session, trainings
from lib.ui.batchnorm.check import check
from lib.ui.batchnorm.link import TABS, missing, options, tab_of, take_link
from lib.ui.batchnorm.pictures import pictures
from lib.ui.batchnorm.progress import progress
from lib.ui.batchnorm.result import result, title
from lib.ui.batchnorm.setup import settings_form, train_button
from lib.ui.entry import through_app
from lib.ui.page_link import copy_link, link_notes, write_address
from lib.ui.session import lab_of_this_session

through_app("pages/batchnorm.py")
lab = lab_of_this_session()
bench = bench_of_this_session()
all_trainings = trainings()
_RUN = "run"


def current():
    """The experiment that is shown: this session's, or the one that the link names."""
    token = st.query_params.get(_RUN, "")
    if token and token != bench.token:
        found = all_trainings.find(token)
        if found is not None:
            bench.take_up(found)
        elif not bench.token:
            bench.error = "That training is not here any more: the server was restarted, or needed the room. Train again."
    found = all_trainings.find(bench.token) if bench.token else None
    if found is not None:
        if st.query_params.get(_RUN) != found.token:
            st.query_params[_RUN] = found.token
    elif _RUN in st.query_params:
        del st.query_params[_RUN]
    return found


def reproduce() -> None:
    """Pictures, settings, the training, and what came of it."""
    experiment = current()
    locked = experiment is not None and experiment.active is not None
    left, right = st.columns([1.5, 1], gap="large")
    with left:
        st.markdown("##### Three pictures, one label each")
        pictures(bench, lab, all_trainings.limits.pictures, locked)
    with right:
        st.markdown("##### A short training")
        if "bn_architecture" not in st.session_state:  # the form comes again after another tab or page
            bench.start = bench.settings
        bench.settings = settings = settings_form(all_trainings, bench, locked)
        train_button(bench, all_trainings, settings, locked)
    if bench.error:
        st.html(f'<div class="bn" role="alert"><p class="alarm">{text(bench.error)}</p></div>')
    if experiment is None:
        return
    if locked:
        st.fragment(waiting, run_every=1.0)(experiment)
    if not experiment.base.active:
        title("The same pictures, twice", "one network, one moment; only BatchNorm’s mode differs")
        if bench.pictures_differ(experiment.base.subject):
            st.caption(
                "The pictures above have changed since: what follows is about those that were trained on."
            )
        result(bench, experiment, all_trainings)


def waiting(experiment) -> None:
    """The training that is going on."""
    run = experiment.active
    if run is None:
        st.rerun()  # once, to leave the polling fragment
        return
    name = next((name for name, repair in experiment.repairs.items() if repair is run), "")
    progress(run, all_trainings, f"Training with {name}" if name else "Training")


st.html(Path(ui.__file__).parent / "batchnorm" / "batchnorm.css")
take_link(bench, lab, all_trainings.limits.pictures)
heading, link = st.columns([2.5, 1.0], gap="medium", vertical_alignment="center")
with link.container(horizontal=True, horizontal_alignment="right"):
    copy_link(lab, "batchnorm", missing(bench))
heading.markdown("### 100 % while training, 33 % when predicting")
heading.caption(
    "The same network, the same pictures: fit() says it has learnt them, predict() gets them wrong. The cause is usually "
    "BatchNorm, which keeps two kinds of statistics. See it happen, see why, repair it."
)
link_notes(lab, "batchnorm")
first_tab = st.session_state.setdefault("bn_first_tab", tab_of(lab))
reproducing, checking = st.tabs(TABS, default=first_tab, key="bn_tab", on_change="rerun")
if reproducing.open:
    with reproducing:
        reproduce()
if checking.open:
    with checking:
        check(lab, bench)
run = {_RUN: bench.token} if bench.token else {}
write_address(lab, "batchnorm", options(bench, st.session_state.get("bn_tab", first_tab)), more=run)
