"""The tab "Teach it": a copy of the network learns from changed pictures of this set, and is compared with the first."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.batchnorm.settings import SettingsError
from lib.dataset import Dataset, DatasetError
from lib.evaluate import EvaluationError
from lib.html import text
from lib.teach import LessonSettings, Teaching, TeachingError, prepare
from lib.teach.lesson import KINDS, MOST_EPOCHS
from lib.teach.teaching import check_pictures
from lib.ui.batchnorm.bench import trainings
from lib.ui.dataset.charts import BLUE, CONFIG, ORANGE, bare
from lib.ui.dataset.curves import sweep_figure
from lib.ui.dataset.state import DatasetState
from lib.ui.dataset.taught import Taught
from lib.ui.dataset.work import progress_bar, refusal
from lib.ui.lab_state import LabState

if TYPE_CHECKING:
    from lib.network import Network

_USUAL = ["contrast", "blur", "shift"]


def teach(state: DatasetState, lab: LabState, dataset: Dataset, network: Network) -> None:
    """Everything in the tab."""
    st.html(
        '<div class="ds"><p class="soft">A copy of the network learns from this data set, every picture changed anew in '
        "each round. A fifth of the pictures is kept out, to compare on. The first network stays as it is.</p>"
        "</div>"
    )
    left, right = st.columns([1.0, 2.0], gap="large")
    with left:
        _form(state, lab, dataset, network)
    with right:
        taught: Taught | None = state.others.get("taught")
        if taught is not None and (taught.model == state.model_of(lab) or not taught.came_to_nothing):
            _shown(state, lab, taught)


def _form(state: DatasetState, lab: LabState, dataset: Dataset, network: Network) -> None:
    kept: list[str] = state.others.get("teach_kinds", _USUAL)
    kinds = st.multiselect(
        "Changed copies",
        list(KINDS),
        default=kept,
        format_func=lambda name: KINDS[name],
        key="dataset_teach_kinds",
    )
    state.others["teach_kinds"] = kinds
    epochs = st.slider("Rounds", 1, MOST_EPOCHS, 10, key="dataset_teach_epochs")
    st.caption("Contrast-enhanced copies are what the first question’s answer recommends.")
    busy = state.others.get("taught") is not None and state.others["taught"].teaching.busy
    if st.button(
        f"Teach a copy of {lab.card_of(state.model_of(lab)).title}",
        type="primary",
        key="dataset_teach_start",
        icon=":material/school:",
        disabled=busy,
    ):
        settings = LessonSettings(**{name: name in kinds for name in KINDS}, epochs=epochs)
        try:
            state.others["taught"] = begin(state.model_of(lab), dataset, network, settings)
        except (TeachingError, SettingsError, DatasetError, EvaluationError) as error:
            refusal(str(error), "dataset-teach-refusal")
            return
        st.rerun()


def begin(model: str, dataset: Dataset, network: Network, settings: LessonSettings) -> Taught:
    """Puts a teaching into the server's line.

    Raises:
        TeachingError, SettingsError, DatasetError, EvaluationError: it cannot be, or there is no room.
    """
    lesson, kept_out = prepare(network, dataset, settings)
    teaching = Teaching(network, lesson, check_pictures(network, dataset, kept_out))
    trainings().queue(teaching)
    return Taught(model, network, teaching, dataset, dataset.take(kept_out))


def _shown(state: DatasetState, lab: LabState, taught: Taught) -> None:
    teaching = taught.teaching
    if teaching.busy:
        bar, stop = st.columns([5, 1], vertical_alignment="center")
        bar.progress(min(1.0, teaching.share))
        bar.html(f'<div class="ds" role="status"><p class="soft">{text(teaching.stage)}</p></div>')
        if stop.button("Stop", key="dataset_teach_stop", icon=":material/stop:"):
            teaching.stop()
    trouble = taught.go_on(lab)
    if trouble:
        refusal(trouble, "dataset-teach-refusal")
    if taught.bringing is not None and taught.bringing.busy:
        progress_bar(taught.bringing, "dataset_teach_check_stop")
    if len(teaching.epochs) > 1:
        st.plotly_chart(
            learning_figure(teaching),
            key="dataset_teach_learning",
            config=CONFIG,
            alt="Accuracy on the pictures that were kept out, after every round",
        )
    if taught.own:
        _result(state, lab, taught)


def _result(state: DatasetState, lab: LabState, taught: Taught) -> None:
    """What the copy can do now, the file, and the sweeps before and after."""
    st.html(f'<div class="ds" data-testid="dataset-taught"><p>{text(in_words(taught))}</p></div>')
    with st.container(horizontal=True):
        st.download_button(
            "The new .keras",
            taught.file,
            taught.own.removeprefix("upload:"),
            "application/octet-stream",
            key="dataset_teach_file",
            on_click="ignore",
            icon=":material/download:",
        )
        if st.button("Use it in the Lab", key="dataset_teach_lab", icon=":material/science:"):
            lab.choose_model(taught.own)
            st.switch_page("pages/lab.py")
        if st.button("Measure it here", key="dataset_teach_measure", icon=":material/grid_on:"):
            state.model = taught.own
            state.others["sweep_models"] = [taught.model, taught.own]
            st.rerun()
    work = taught.comparing
    if work is None:
        return
    if work.busy:
        progress_bar(work, "dataset_teach_compare_stop")
    elif work.result is not None:
        for number, pair in enumerate(work.result):
            st.plotly_chart(
                sweep_figure(pair, None),
                key=f"dataset_teach_sweep_{number}",
                config=CONFIG,
                alt=f"Before and after over {pair[0].axes[0].title}",
            )


def in_words(taught: Taught) -> str:
    """Before and after on the pictures that were kept out."""
    epochs = taught.teaching.epochs
    before, after = epochs[0], epochs[-1]
    return (
        f"On {len(taught.kept_out):,} pictures that it was not taught with: unchanged {before.clean:.1%} right before, "
        f"{after.clean:.1%} after; changed ({taught.teaching.lesson.settings.words}) {before.changed:.1%} before, "
        f"{after.changed:.1%} after."
    )


def learning_figure(teaching: Teaching) -> Any:
    """Accuracy over the rounds, on unchanged and on changed pictures."""
    import plotly.graph_objects as go

    rounds = [epoch.number for epoch in teaching.epochs]
    figure = go.Figure()
    for name, values, colour in (
        ("unchanged pictures", [epoch.clean for epoch in teaching.epochs], BLUE),
        ("changed pictures", [epoch.changed for epoch in teaching.epochs], ORANGE),
    ):
        figure.add_scatter(x=rounds, y=values, mode="lines+markers", line={"color": colour}, name=name)
    lowest = min([e.changed for e in teaching.epochs] + [e.clean for e in teaching.epochs])
    figure.update_yaxes(
        range=[max(0.0, math.floor(lowest * 10) / 10 - 0.05), 1.02], tickformat=".0%", title="right"
    )
    figure.update_xaxes(title="round (0: as it was)", dtick=max(1, teaching.lesson.settings.epochs // 10))
    return bare(figure, 260, legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0})
