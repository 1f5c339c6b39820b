"""The tab "Sweeps": how accuracy and sureness change when one or two things about the pictures do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from lib.dataset import Dataset
from lib.evaluate.axis import Axis, Value, possible, spaced, usual
from lib.evaluate.disturbance import DISTURBANCES
from lib.evaluate.errors import EvaluationError
from lib.evaluate.sweep import MOST_PICTURES, Sweep, to_csv
from lib.html import text
from lib.pipeline import STEPS, Number, Pipeline
from lib.ui.dataset.charts import CONFIG
from lib.ui.dataset.curves import map_figure, sweep_figure
from lib.ui.dataset.state import DatasetState, Run
from lib.ui.dataset.sweeping import Sweeping, own_pipeline, start
from lib.ui.dataset.work import progress_bar, refusal
from lib.ui.lab_state import LabState
from lib.ui.server import network_of

if TYPE_CHECKING:
    from lib.network import Network

_NONE = ("", "")
_FIRST = ("move", "rotation")
_POINTS, _MAP_POINTS = 20, 9


def sweeps(state: DatasetState, lab: LabState, dataset: Dataset, run: Run) -> None:
    """Everything in the tab."""
    st.html(
        '<div class="ds"><p class="soft">One thing about the pictures is changed step by step. Where the solid line (right) '
        "falls and the dotted one (how sure) stays up, the network is wrong and does not know it.</p></div>"
    )
    left, right = st.columns([1.0, 2.0], gap="large")
    with left:
        _form(state, lab, dataset, run)
    with right:
        _shown(state, lab)


def _form(state: DatasetState, lab: LabState, dataset: Dataset, run: Run) -> None:
    """What is varied, over which values, for which models."""
    choices = possible(run.pipeline)
    first = _choice("What changes", choices, "first", _FIRST if _FIRST in choices else choices[0], state)
    second = _choice("and what else", [_NONE, *(c for c in choices if c != first)], "second", _NONE, state)
    both = second != _NONE
    axes = []
    try:
        axes.append(_values(first, "first", _MAP_POINTS if both else _POINTS))
        if both:
            axes.append(_values(second, "second", _MAP_POINTS))
    except EvaluationError as error:
        refusal(str(error), "dataset-sweep-refusal")
        return
    mine = state.model_of(lab)
    alike = [
        name
        for name, card in lab.models.items()
        if card.contract.class_names[:2] == lab.card_of(mine).contract.class_names[:2] or name == mine
    ]
    kept = [name for name in state.others.get("sweep_models", [mine]) if name in alike] or [mine]
    chosen = st.multiselect(
        "Models",
        alike,
        default=[mine] if both else kept,
        format_func=lambda name: lab.card_of(name).title,
        max_selections=1 if both else 6,
        key=f"dataset_sweep_models_{both}_{mine}",
    )
    state.others["sweep_models"] = chosen
    networks: list[tuple[str, Network]] = []
    for name in chosen:
        network = network_of(lab, name)
        if network is not None:
            networks.append((name, network))
    if len(networks) < len(chosen):
        st.caption("A model is still being loaded.")
    total = len(networks)
    for axis in axes:
        total *= len(axis.values)
    pictures = min(MOST_PICTURES, len(dataset))
    if st.button(
        f"Measure {total:,} points on {pictures:,} pictures",
        type="primary",
        key="dataset_sweep_start",
        disabled=not networks or len(networks) < len(chosen),
        icon=":material/show_chart:",
    ):
        old: Sweeping | None = state.others.get("sweeping")
        if old is not None and old.work is not None:
            old.work.stop()
        state.others["sweeping"] = start(state, lab, dataset, networks, tuple(axes), MOST_PICTURES)
        st.rerun()
    st.caption(
        "What was measured before, by anybody, with the same weights and pictures is not measured again."
    )


def _choice(
    title: str, choices: list[tuple[str, str]], key: str, default: tuple[str, str], state: DatasetState
) -> tuple[str, str]:
    kept = state.others.get(f"sweep_{key}", default)
    place = choices.index(kept) if kept in choices else 0
    found: tuple[str, str] = st.selectbox(
        title, choices, index=place, format_func=words, key=f"dataset_sweep_{key}_{len(choices)}"
    )
    state.others[f"sweep_{key}"] = found
    return found


def words(choice: tuple[str, str]) -> str:
    """For example "Sigmoid contrast: slope s"."""
    name, parameter = choice
    if choice == _NONE:
        return "nothing else"
    if not parameter:
        return f"{DISTURBANCES[name].title}: {DISTURBANCES[name].parameter.label} (before all steps)"
    return f"{STEPS[name].title}: {STEPS[name].parameters()[parameter].label}"


def _values(choice: tuple[str, str], key: str, count: int) -> Axis:
    """From where to where, in how many points."""
    name, parameter = choice
    axis = usual(name, parameter, count)
    known = axis.range
    if not isinstance(known, Number):
        return axis
    ends = sorted((float(axis.values[0]), float(axis.values[-1])))
    unit = f", {known.unit}" if known.unit else ""
    low, high = st.slider(
        f"{known.label[:1].upper()}{known.label[1:]} from … to{unit}",
        float(known.low),
        float(known.high),
        (ends[0], ends[1]),
        float(known.step),
        format="%g",
        key=f"dataset_sweep_range_{key}_{name}_{parameter}",
    )
    points = st.slider("Points", 3, 30, count, key=f"dataset_sweep_points_{key}_{count}")
    if (low, high) == (ends[0], ends[1]) and not parameter and points == count:
        return axis  # a disturbance's own values are closer where more happens
    return spaced(name, parameter, low, high, points)


def _shown(state: DatasetState, lab: LabState) -> None:
    """The curves that are there, also while more are coming."""
    sweeping: Sweeping | None = state.others.get("sweeping")
    if sweeping is None or sweeping.work is None:
        st.html('<div class="ds"><p class="soft">Choose what changes and measure.</p></div>')
        return
    work = sweeping.work
    if work.busy:
        progress_bar(work, "dataset_sweep_stop")
    elif work.was_stopped:
        refusal(
            "Stopped. Measure again to go on: the points that are there are kept.", "dataset-sweep-stopped"
        )
    elif work.error:
        refusal(work.error, "dataset-sweep-refusal")
    found = sweeping.sweeps
    if not found:
        return
    if len(sweeping.axes) == 1:
        here = place_of_picture(lab, sweeping.axes[0])
        st.plotly_chart(
            sweep_figure(found, here),
            key="dataset_sweep_chart",
            config=CONFIG,
            alt=f"Accuracy and mean confidence over {sweeping.axes[0].title}",
        )
    else:
        sure = st.toggle("Show how much surer than right it is", key="dataset_sweep_sure")
        first, second = (place_of_picture(lab, axis) for axis in sweeping.axes)
        here2 = None if first is None or second is None else (first, second)
        st.plotly_chart(
            map_figure(found[0], here2, sure),
            key="dataset_sweep_map",
            config=CONFIG,
            alt=f"Accuracy over {sweeping.axes[0].title} and {sweeping.axes[1].title}",
        )
    st.html(f'<div class="ds" data-testid="dataset-sweep"><p>{text(in_words(found))}</p></div>')
    st.download_button(
        "All points as CSV",
        to_csv(found),
        "misread_sweep.csv",
        "text/csv",
        key="dataset_sweep_csv",
        on_click="ignore",
        icon=":material/download:",
    )


def place_of_picture(lab: LabState, axis: Axis) -> Value | None:
    """The value that the parameter has in the Lab now; 0 noise, JPEG 100, and what a step does nothing at when it is off."""
    if axis.is_disturbance:
        return DISTURBANCES[axis.name].values[0]
    pipeline: Pipeline = own_pipeline(lab, lab.model)
    step = next((step for step in pipeline if step.name == axis.name), None)
    if step is None:
        return None
    if step.on:
        value: Value = step.values()[axis.parameter]
        return value
    neutral: Value | None = _NEUTRAL.get((axis.name, axis.parameter))
    return neutral


_NEUTRAL: dict[tuple[str, str], Value] = {
    ("move", "scale"): 1.0,
    ("move", "rotation"): 0.0,
    ("move", "shift_x"): 0.0,
    ("move", "shift_y"): 0.0,
    ("tone", "brightness"): 0.0,
    ("tone", "contrast"): 1.0,
    ("tone", "gamma"): 1.0,
    ("softness", "sigma"): 0.0,
    ("stroke", "amount"): 0.0,
}


def in_words(found: list[Sweep]) -> str:
    """Where it is best and worst, and where sureness and truth are furthest apart."""
    parts = []
    for sweep in found:
        best = max(sweep.points, key=lambda entry: entry.point.accuracy)
        worst = min(sweep.points, key=lambda entry: entry.point.accuracy)
        proud = max(sweep.points, key=lambda entry: entry.point.confidence - entry.point.accuracy)
        gap = proud.point.confidence - proud.point.accuracy
        sentence = (
            f"{sweep.title}: {best.point.accuracy:.1%} at best ({_at(best.values)}), {worst.point.accuracy:.1%} at worst "
            f"({_at(worst.values)})"
        )
        if gap > 0.1:
            sure, right = f"{proud.point.confidence:.0%}", f"{proud.point.accuracy:.0%}"
            sentence += f"; at {_at(proud.values)} it is {sure} sure and {right} right"
        parts.append(f"{sentence}.")
    pictures = found[0].pictures
    return f"{' '.join(parts)} Each point is measured on {pictures:,} pictures."


def _at(values: tuple[Value, ...]) -> str:
    return ", ".join(f"{value:g}" if isinstance(value, float) else str(value) for value in values)
