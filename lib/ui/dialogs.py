"""What the Lab shows on top of the page when asked: the code, and the same picture through the usual mistakes."""

from __future__ import annotations

import streamlit as st

from lib.analysis import Analysis
from lib.autopsy import Finding
from lib.bundle import write_bundle
from lib.case import to_query
from lib.snippet import snippet
from lib.ui.autopsy.examination import known_examination
from lib.ui.lab_state import LabState
from lib.ui.predictions import PredictionOptions
from lib.ui.wrong_modes import wrong_modes_view


def open_dialog(state: LabState, analysis: Analysis) -> None:
    """Opens what the visitor has asked for, once."""
    asked, state.dialog = state.dialog, ""
    if asked == "code":
        code_dialog(state, analysis)
    elif asked == "modes":
        modes_dialog(state, analysis)


_NOT_IN_IT = {
    "own": "Your model’s file is not in the .zip, only its SHA-256: send it along, to lie beside the script.",
    "keras.applications": "The weights are not in the .zip: Keras fetches them when the script runs.",
}


@st.dialog("The same numbers from your own script", width="large")
def code_dialog(state: LabState, analysis: Analysis) -> None:
    """The pipeline, the model and the top-k as a script."""
    k = PredictionOptions.from_json(state.view.get("predictions")).k
    code = snippet(state.pipeline, state.source, analysis.picture, state.card, k)
    st.markdown(
        "Run it from the project's folder: the pipeline needs only NumPy and OpenCV, the prediction Keras."
    )
    st.code(code, language="python", height=480)
    script, everything = st.columns(2)
    script.download_button("Download the script", code, "misread_case.py", "text/x-python", on_click="ignore")
    if analysis.trace is not None:
        findings = _findings(state, analysis)
        everything.download_button(
            "Download everything (.zip)",
            lambda: _bundle(state, analysis, findings),  # written when it is asked for
            "misread_case.zip",
            "application/zip",
            on_click="ignore",
            help="Picture, tensor, pipeline, model, predictions, the Autopsy's findings if there are any, and a script that "
            "prints the same numbers. Dropped into the Lab, it opens this screen again.",
        )
    if state.card.origin != "bundled":
        st.caption(_NOT_IN_IT[state.card.origin])


def _findings(state: LabState, analysis: Analysis) -> tuple[Finding, ...] | None:
    """What the Autopsy found, if it was about what is shown."""
    known = known_examination()
    if known is None or analysis.network is None or not known.is_about(state, analysis.network):
        return None
    result = known.job.result
    return (
        (*result.autopsy.findings, *result.autopsy.also, *result.autopsy.model_findings) if result else None
    )


def _bundle(state: LabState, analysis: Analysis, findings: tuple[Finding, ...] | None) -> bytes:
    """The case as a file."""
    assert analysis.trace is not None
    query = to_query(state.case, state.default_of)
    own = state.own.get(state.model)
    digest = own.brought.sha256 if own is not None and own.brought is not None else None
    return write_bundle(
        query, analysis.picture, analysis.stages, analysis.trace, state.card, findings, digest
    )


@st.dialog("The same picture, preprocessed wrongly", width="large")
def modes_dialog(state: LabState, analysis: Analysis) -> None:
    """The usual mistakes side by side."""
    if analysis.network is None:
        st.markdown("The network is still loading: close this and ask again in a moment.")
        return
    wrong_modes_view(analysis.network, analysis.picture, state.pipeline)
