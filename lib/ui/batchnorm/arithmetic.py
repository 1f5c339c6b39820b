"""The arithmetic with the visitor's own numbers: how much of the initial statistics is left, and when predict() "
"recovers."""

from __future__ import annotations

import numpy as np
import streamlit as st

from lib.batchnorm import initial_weight
from lib.batchnorm.arithmetic import SETTLED
from lib.batchnorm.trainings import Run
from lib.html import text
from lib.ui.batchnorm.figures import recovery_figure
from lib.ui.batchnorm.layers import NO_BAR
from lib.ui.batchnorm.setup import MOMENTA
from lib.wording import number, share

# Parts of the gauge: with less than this they are not drawn, or have no room for words.
_VISIBLE, _ROOM = 0.004, 0.2
_FURTHER = (0, 1, 2, 5, 10, 20, 50, 100, 150, 200, 300, 500, 1000)


def arithmetic(run: Run) -> None:
    """Draws gauge, formula and prediction."""
    settings, updates = run.settings, run.records[-1].updates
    left = initial_weight(settings.momentum, updates)
    st.html(gauge(left, settings.momentum, updates))
    words, formula = st.columns([1, 1], gap="large")
    with words:
        st.markdown(
            "In `fit()` each BatchNorm layer normalises with the mean and variance **of the batch**. It also keeps "
            "a moving "
            "average of them for later, which begins at mean 0 and variance 1. `predict()` uses only that average. After "
            f"every batch, Keras keeps {share(settings.momentum)} of the old value and adds "
            f"{share(1 - settings.momentum)} "
            f"of the new one: {updates:,} batches are not enough to forget the beginning."
        )
    with formula:
        kept, added = f"{settings.momentum:g}", f"{1 - settings.momentum:.4g}"
        st.latex(rf"\text{{moving}} \leftarrow {kept}\cdot\text{{moving}} + {added}\cdot\text{{batch}}")
        result = f"= {left:.3g}" if left >= 1e-4 else "< 0.0001"
        st.latex(rf"{kept}^{{{updates}}} {result}")
        st.caption(f"is the weight that the initial 0 and 1 still have after {updates:,} updates.")
    if run.outcome is not None:
        _prediction(run)


def gauge(left: float, momentum: float, updates: int) -> str:
    """The share of the initial statistics as a bar, HTML."""
    still = (
        f"Your statistics are still {share(left)} the initial 0 and 1."
        if left > SETTLED
        else "Next to nothing of the initial 0 and 1 is left in the statistics."
    )
    parts = (("initial", left, "initial 0 and 1"), ("learnt", 1 - left, "from batches"))
    bar = "".join(
        f'<span class="{css}" style="flex:{part:.4f} 1 0">{text(f"{share(part)} {words}") if part > _ROOM else ""}</span>'
        for css, part, words in parts
        if part > _VISIBLE
    )
    batches = (
        "" if left <= SETTLED else f"; {share(1 - left)} come from your batches, the last ones counting most"
    )
    return (
        f'<div class="bn"><p class="lead" data-testid="bn-gauge">{text(still)}</p><div class="gauge" role="img" '
        f'aria-label="{text(still)}">{bar}</div><p class="small">{updates:,} updates at momentum {momentum:g}'
        f"{text(batches)}.</p></div>"
    )


@st.fragment
def _prediction(run: Run) -> None:
    """How many more updates, at which momentum."""
    outcome = run.outcome
    assert outcome is not None
    found, targets, records = outcome.recovery, run.subject.targets, run.records
    st.html('<div class="bn"><h4>When does predict() recover?</h4></div>')
    first, second = st.columns(2, gap="large")
    momentum = first.select_slider(
        "Momentum from now on", sorted(MOMENTA), run.settings.momentum, key="bn_predict_momentum"
    )
    further = second.select_slider(
        "Further updates (the weights held still)", _FURTHER, 0, key="bn_predict_updates"
    )
    st.html(
        f'<div class="bn"><p data-testid="bn-prediction">{text(prediction(run, momentum, further))}</p></div>'
    )
    rows = np.arange(len(targets))
    measured = np.stack([record.inference[rows, targets] for record in records])
    st.plotly_chart(
        recovery_figure(
            ([r.updates for r in records], measured), found, momentum, further, run.subject.labels
        ),
        key="bn_recovery",
        config=NO_BAR,
        alt="Measured and predicted probability of the right classes in predict() over the updates",
    )
    st.html(
        '<div class="bn"><p class="small">Solid: measured after every epoch. Dashed: the trained network, asked with its '
        "statistics moved on by the formula, as if it saw the same batches again without learning. When it goes on "
        "learning, the statistics chase a moving target and arrive later.</p></div>"
    )


def prediction(run: Run, momentum: float, further: int) -> str:
    """The sliders' answer in words."""
    outcome = run.outcome
    assert outcome is not None
    until = outcome.recovery.updates(momentum)
    each = run.settings.updates_per_epoch(len(run.subject.pictures))
    if outcome.recovery.share == 1:
        recovers = "Every picture is read right already."
    elif until is None:
        recovers = "Even with exactly these pictures' statistics, predict() is not right about all: train longer first."
    else:
        epochs = -(-until // each)
        batches = "one update" if each == 1 else f"{each} updates"
        recovers = (
            f"At momentum {momentum:g}, predict() is right about every picture after {until:,} more updates: "
            f"{epochs:,} epochs of {batches} each."
        )
    if not further:
        return recovers
    right, accuracy = outcome.recovery.after(momentum, further)
    return (
        f"{recovers} After {further:,} more, {share(initial_weight(momentum, further))} of today's error of the "
        f"statistics is left, predict() reads {share(accuracy)} of the pictures, and the right class of the least "
        "sure one "
        f"has {number(100 * right.min())} %."
    )
