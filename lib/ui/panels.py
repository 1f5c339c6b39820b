"""The Lab's panels: each hands one part of an analysis to its view."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.analysis import Analysis
from lib.snippet import snippet
from lib.ui.copy_link import copy_link
from lib.ui.lab_state import LabState, default_pipeline
from lib.ui.layers import LayerOptions, LayerView, layers_view
from lib.ui.predictions import PredictionOptions, prediction_options, predictions_view
from lib.ui.readout import HistogramBand, readout_view
from lib.ui.steps import steps


def step_panel(state: LabState, analysis: Analysis) -> None:
    """The preprocessing steps."""
    gray = state.card.contract.channels == 1
    steps(
        "steps",
        analysis.stages,
        default_pipeline(state.model),
        state.presets,
        state.pipeline_revision,
        state.change_pipeline,
        state.choose_preset,
        locked=frozenset({"grayscale"} if gray else ()),
    )


def tensor_panel(analysis: Analysis) -> None:
    """The exact numbers that the network gets."""
    reference = analysis.network.reference if analysis.network else None
    band = None
    if reference is not None:
        low, mid, high = reference.histogram_quantiles
        band = HistogramBand(reference.histogram_edges, low, mid, high)
    readout_view("readout", analysis.stages.final, band=band)


def prediction_panel(state: LabState, analysis: Analysis, pinned: Analysis | None, waiting: str) -> None:
    """The top-k."""
    trace = analysis.trace
    other = (
        pinned.trace
        if pinned and pinned.trace and state.pinned and state.pinned.model == state.model
        else None
    )
    options = predictions_view(
        "predictions",
        class_names=state.card.contract.class_names,
        probabilities=trace.probabilities[0] if trace else np.zeros(0),
        logits=trace.logits[0] if trace else None,
        previous_probabilities=state.settled if trace else None,
        pinned=other.probabilities[0] if other and trace else None,
        output=state.card.contract.output,
        message=analysis.problem or waiting or None,
        options=PredictionOptions.from_json(state.view.get("predictions")),
    )
    _remember(state, "predictions", options.to_json())


def layer_panel(state: LabState, analysis: Analysis, pinned: Analysis | None, waiting: str) -> None:
    """Every layer. The last view of the page: it acknowledges what the others sent, after the work."""
    trace, network = analysis.trace, analysis.network
    views = []
    if trace is not None and network is not None:
        last = network.layers[-1].name
        names = network.contract.class_names
        views = [
            LayerView(
                layer.name,
                layer.kind,
                trace.activations[layer.name][0],
                labels=names if layer.name == last else None,
                function=layer.activation,
            )
            for layer in network.layers
        ]
    other = None
    if pinned and pinned.trace and state.pinned and state.pinned.model == state.model:
        other = {name: values[0] for name, values in pinned.trace.activations.items()}
    options = layers_view(
        "layers",
        views,
        pinned=other,
        options=LayerOptions.from_json(state.view.get("layers")),
        acks=state.acks,
        empty=waiting,
    )
    _remember(state, "layers", options.to_json())


def compare_panel(state: LabState) -> None:
    """Pin the present state as A, go on as B; what differs, in words."""
    with st.container(horizontal=True, vertical_alignment="center"):
        if state.pinned is None:
            st.button(
                "Pin as A",
                key="pin",
                icon=":material/push_pin:",
                on_click=state.pin,
                help="Keep this state and compare what you do next with it.",
            )
            return
        st.button("Unpin A", key="unpin", icon=":material/keep_off:", on_click=state.unpin)
        st.button("Back to A", key="back", icon=":material/undo:", on_click=state.back_to_pinned)
    changes = state.changes_since_pinned()
    st.markdown("**From A to now:** " + ("; ".join(changes) if changes else "nothing has changed."))


def share_panel(state: LabState, analysis: Analysis) -> None:
    """The link and the code."""
    _, note = state.query()
    if state.source_is_upload:
        note = (
            "Copied. The uploaded picture itself is not in the link, only the settings: send the file along."
        )
    with st.container(horizontal=True, vertical_alignment="center"):
        copy_link("copy_link", note)
        if st.button("Copy code", key="copy_code", icon=":material/code:"):
            k = prediction_options("predictions").k
            _code_dialog(snippet(state.pipeline, state.source, analysis.picture, state.card, k))


@st.dialog("The same numbers from your own script", width="large")
def _code_dialog(code: str) -> None:
    st.markdown(
        "Run it from the project's folder: the pipeline needs only NumPy and OpenCV, the prediction Keras."
    )
    st.code(code, language="python", height=480)
    st.download_button("Download", code, "misread_case.py", "text/x-python", on_click="ignore")


def _remember(state: LabState, name: str, options: str) -> None:
    """Keeps a view's options for the link."""
    text = "" if options == "{}" else options
    if state.view.get(name, "") != text:
        state.set_view(**{name: text})
