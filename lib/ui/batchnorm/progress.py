"""A training while it waits and runs: its place in the queue, how far it is, loss and accuracy, and the stop button."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.batchnorm.trainings import WAITING, Run, Trainings
from lib.html import text
from lib.wording import share

_BLUE, _ORANGE = "#3b82c4", "#d9822b"


def progress(run: Run, all_trainings: Trainings, what: str) -> None:
    """Draws it; called again and again while the run is active."""
    records, epochs = list(run.records), run.settings.epochs
    words, stop = st.columns([5, 1], vertical_alignment="center")
    with words:
        st.progress(len(records) / epochs if run.state != WAITING else 0.0, text=None)
        st.html(
            f'<div class="bn" role="status"><p>{text(what)}: {text(sentence(run, all_trainings.position(run)))}</p></div>'
        )
    stop.button("Stop", key="bn_stop", icon=":material/stop:", on_click=run.stop, width="stretch")
    if records:
        live_curves(run)


def sentence(run: Run, before: int) -> str:
    """Where it is, in words."""
    if run.state == WAITING:
        if not before:
            return "starting"
        waiting = "one training is" if before == 1 else f"{before} trainings are"
        return f"waiting, {waiting} before yours on this server"
    records = run.records
    if not records:
        return f"{run.stage} …"
    last = records[-1]
    targets = run.subject.targets
    predicted = float(np.mean(last.inference.argmax(axis=1) == targets))
    after = "" if run.stage == "training" else f" · {run.stage}"
    return (
        f"epoch {last.epoch} of {run.settings.epochs} · loss {last.loss:.3g} · fit() says {share(last.fit_accuracy)} · "
        f"predict() says {share(predicted)}{after}"
    )


def live_curves(run: Run) -> None:
    """Accuracy as fit() and as predict() have it, and the loss, epoch by epoch."""
    records, targets = list(run.records), run.subject.targets
    left, right = st.columns(2, gap="large")
    with left:
        st.caption("Accuracy: what fit() reports, and what predict() gives at the same moment")
        st.line_chart(
            {
                "epoch": [r.epoch for r in records],
                "fit()": [r.fit_accuracy for r in records],
                "predict()": [float(np.mean(r.inference.argmax(axis=1) == targets)) for r in records],
            },
            x="epoch",
            color=[_BLUE, _ORANGE],
            height=190,
        )
    with right:
        st.caption("Loss as fit() reports it")
        st.line_chart(
            {"epoch": [r.epoch for r in records], "loss": [r.loss for r in records]},
            x="epoch",
            color=[_BLUE],
            height=190,
        )
