"""The upload of a visitor's own model: file, check with its progress, refusal with its sentence, or the model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from lib.html import text
from lib.ui.job import Job
from lib.ui.lab_state import LabState
from lib.ui.own.brought import Brought, bring
from lib.ui.own.form import ContractForm
from lib.ui.server import shelf
from lib.ui.visitor_models import VisitorModel
from lib.zoo.own import from_environment
from lib.zoo.own.families import FUNCTIONS

_NO_APPLICATION = "no: the file holds the whole model"


@dataclass
class Upload:
    """What was uploaded last and what became of it.

    Attributes:
        data, name: the file; kept until it has become a model, so that a wrong choice does not cost a second upload.
    """

    data: bytes = b""
    name: str = ""
    job: Job[Brought] | None = None


def upload_section(lab: LabState, opened: Callable[[str], None]) -> None:
    """Draws it. `opened` is called with the name of a model that has passed."""
    state: Upload = st.session_state.setdefault("own_upload", Upload())
    with st.container(border=True, key="own_upload_form"):
        st.markdown("#### Your own model")
        st.caption(
            "A Keras image classifier: .keras, .h5, a zipped SavedModel, or weights of a network of keras.applications. "
            "The file is checked in a separate process without access to anything; the model is yours alone, nothing is "
            "stored, and it goes when you leave."
        )
        file, weights = st.columns([2, 1], gap="medium")
        with weights:
            st.selectbox(
                "Weights alone, of a known network?",
                [_NO_APPLICATION, *FUNCTIONS],
                key="own_application",
                on_change=lambda: _start(state),
                disabled=_is_busy(state),
            )
        with file:
            st.file_uploader(
                "Model file",
                type=["keras", "h5", "hdf5", "zip"],
                key="own_file",
                on_change=lambda: _take(state),
                max_upload_size=from_environment().file_bytes // 1_000_000,
                label_visibility="collapsed",
            )
        st.fragment(_outcome, run_every=0.5 if _is_busy(state) else None)(lab, state, opened, _is_busy(state))


def _is_busy(state: Upload) -> bool:
    return state.job is not None and not state.job.done.is_set()


def _take(state: Upload) -> None:
    """A file arrived, or was taken away."""
    file = st.session_state.get("own_file")
    if file is None:
        _forget(state)
        return
    state.data, state.name = file.getvalue(), file.name
    _start(state)


def _start(state: Upload) -> None:
    """Checks the kept file with the chosen network."""
    if not state.name:
        return
    if state.job:
        state.job.cancel()
    chosen = st.session_state.get("own_application", _NO_APPLICATION)
    application = "" if chosen == _NO_APPLICATION else chosen
    data, name = state.data, state.name
    state.job = Job(
        lambda say, cancelled: bring(data, name, application, say, cancelled), f"The check of {name}"
    )


def _forget(state: Upload) -> None:
    if state.job:
        state.job.cancel()
    state.data, state.name, state.job = b"", "", None


def _outcome(lab: LabState, state: Upload, opened: Callable[[str], None], was_busy: bool) -> None:
    """What is known about the upload at the moment."""
    job = state.job
    if job is None:
        return
    if not job.done.is_set():
        words, stop = st.columns([4, 1], vertical_alignment="center")
        words.html(f'<div class="mr" role="status"><p>{text(job.status)}</p></div>')
        if stop.button("Stop", key="own_stop", icon=":material/stop:"):
            _forget(state)
            st.rerun()
    elif job.result is not None:
        name = keep(lab, job.result)
        state.data, state.name, state.job = b"", "", None
        opened(name)
    elif was_busy:
        st.rerun()  # once, to leave the polling fragment
    elif job.error:
        st.html(
            f'<div class="mr" role="alert" data-testid="own-refusal"><p class="hint">{text(job.error)}</p></div>'
        )
        # What went wrong may have been the server's; the file is still here, and need not travel again.
        if st.button("Check it again", key="own_again", icon=":material/refresh:"):
            _start(state)
            st.rerun()


def keep(lab: LabState, found: Brought) -> str:
    """Makes the checked file one of the visitor's models; returns its name."""
    form = ContractForm(found.inspection, tuple(found.network.model.inputs[0].shape[1:]))
    model = VisitorModel(found.card(form.contract), found.network, found, form)
    shelf().put(model)
    lab.add_model(model)
    return model.card.name
