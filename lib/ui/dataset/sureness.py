"""The tab "How sure": reliability diagram and calibration figures, before and after a temperature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lib.evaluate import Answers, EvaluationError
from lib.evaluate.reliability import Calibrated, Reliability, calibrated
from lib.html import table, text
from lib.ui.dataset.charts import CONFIG
from lib.ui.dataset.curves import reliability_figure
from lib.ui.dataset.state import DatasetState
from lib.ui.dataset.work import refusal

if TYPE_CHECKING:
    from lib.network import Network


def sureness(state: DatasetState, network: Network, answers: Answers) -> None:
    """Everything in the tab."""
    known = state.others.get("sureness")
    if known is None or known[0] is not answers:
        try:
            known = (answers, calibrated(answers, network.reference))
        except EvaluationError as error:
            refusal(str(error), "dataset-sureness-refusal")
            return
        state.others["sureness"] = known
    found: Calibrated = known[1]
    st.html(f'<div class="ds" data-testid="dataset-sureness"><p>{text(sentence(found.before))}</p></div>')
    left, right = st.columns([1.3, 1.0], gap="large")
    left.plotly_chart(
        reliability_figure(found),
        key="dataset_reliability",
        config=CONFIG,
        alt="Reliability diagram: how often right over how sure, before and after temperature scaling",
    )
    right.html(f'<div class="ds">{_figures(found)}</div>')


def sentence(before: Reliability) -> str:
    """What the gap between confidence and accuracy means."""
    gap = before.confidence - before.accuracy
    sure, right = f"{100 * before.confidence:.1f} %", f"{100 * before.accuracy:.1f} %"
    if abs(gap) < 0.01:
        return (
            f"The network is {sure} sure on average and right {right} of the time: "
            "its probabilities can be taken at their word, on pictures like these."
        )
    way = "surer than it should be" if gap > 0 else "less sure than it could be"
    return (
        f"The network is {sure} sure on average and right {right} of the time: "
        f"{100 * abs(gap):.1f} points {way}."
    )


def _figures(found: Calibrated) -> str:
    before, after = found.before, found.after
    rows = [
        ("Expected calibration error", f"{100 * before.ece:.2f} %", f"{100 * after.ece:.2f} %"),
        (
            "the same, equally full bins",
            f"{100 * before.adaptive_ece:.2f} %",
            f"{100 * after.adaptive_ece:.2f} %",
        ),
        ("Brier score (0 to 2)", f"{before.brier:.4f}", f"{after.brier:.4f}"),
        ("Negative log-likelihood", f"{before.nll:.4f}", f"{after.nll:.4f}"),
        ("sure on average", f"{100 * before.confidence:.1f} %", f"{100 * after.confidence:.1f} %"),
        ("right", f"{100 * before.accuracy:.1f} %", f"{100 * after.accuracy:.1f} %"),
    ]
    return (
        f"<h4>Before and after dividing all logits by {after.temperature:.3f}</h4>"
        f"{table(('', 'before', 'after'), rows)}"
        f'<p class="soft">The temperature makes it as sure on average as it is right on {text(found.source)}. '
        "It never changes which class is named. "
        f"Fifteen bins of equal width, (low, high]; {before.n:,} pictures.</p>"
    )
