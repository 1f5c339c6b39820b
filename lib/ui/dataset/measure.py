"""Which model and which pipeline are measured, and the measurement: at once where it is quick, else when asked for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import streamlit as st

from lib.dataset import Dataset
from lib.evaluate import Answers, answer
from lib.evaluate.builtin import BUILT_IN, fitting
from lib.html import text
from lib.ui.dataset.state import PREPARED, STORED, DatasetState, Run
from lib.ui.dataset.work import Cancelled, Report, Work
from lib.ui.lab_state import LabState

if TYPE_CHECKING:
    from lib.network import Network

# Images times their values; below, the answers are there before anybody could press a button.
_QUICK = 20_000_000


def subject(state: DatasetState, lab: LabState) -> None:
    """The two choices."""
    st.session_state["dataset_model"] = state.model_of(lab)

    def model_chosen() -> None:
        state.model = st.session_state["dataset_model"]
        suitable = fitting(lab.card_of(state.model).contract)
        if state.source in BUILT_IN and suitable and state.source not in suitable:
            state.take(
                BUILT_IN[suitable[0]].make(), suitable[0]
            )  # capitals say nothing about a network of digits

    st.selectbox(
        "Model",
        list(lab.models),
        format_func=lambda name: lab.card_of(name).title,
        key="dataset_model",
        on_change=model_chosen,
    )
    st.session_state["dataset_prepared"] = state.prepared

    def prepared_chosen() -> None:
        state.prepared = st.session_state["dataset_prepared"]

    st.radio(
        "The pictures go in", PREPARED, key="dataset_prepared", on_change=prepared_chosen, horizontal=True
    )
    if state.dataset is not None:
        words = str(state.pipeline_of(lab, state.dataset))
        kind = (
            "Nothing is repaired: that is right for pictures which were prepared as in training. Others need the steps "
            "that are set in the Lab."
            if state.prepared == STORED
            else "Every picture goes through the steps that are set in the Lab."
        )
        st.html(f'<div class="ds"><p class="soft">{text(kind)} {text(words)}</p></div>')


def measured(state: DatasetState, lab: LabState, network: Network, dataset: Dataset) -> Run | None:
    """The run about what is chosen now; begun if it is quick or was asked for, else a button."""
    known = state.known_run(lab, network)
    if known is not None:
        return known
    values = len(dataset) * math.prod(network.contract.input_shape)
    heavy = (lab.card_of(state.model_of(lab)).parameters or 0) > 1_000_000 and len(dataset) > 50
    if (values > _QUICK or heavy) and not st.button(
        f"Measure {len(dataset):,} pictures",
        type="primary",
        key="dataset_measure",
        icon=":material/play_arrow:",
    ):
        return None
    if state.run is not None:
        state.run.work.stop()
        state.cell = None  # the first run may have a cell of a link
    state.run = begin(state, lab, network, dataset)
    return state.run


def begin(state: DatasetState, lab: LabState, network: Network, dataset: Dataset) -> Run:
    """Starts an evaluation in the background."""
    name = state.model_of(lab)
    pipeline = state.pipeline_of(lab, dataset)

    def work(report: Report, cancelled: Cancelled) -> Answers:
        return answer(network, dataset, pipeline, report, cancelled)

    return Run(dataset, name, network.contract, pipeline, Work(work, f"Asking {lab.card_of(name).title}"))
