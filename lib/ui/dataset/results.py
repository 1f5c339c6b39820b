"""What came of an evaluation: the figures, the confusion matrix, and the pictures behind a cell."""

from __future__ import annotations

import math

import numpy as np
import streamlit as st

from lib.dataset import Dataset
from lib.evaluate import Answers
from lib.evaluate.counts import accuracy, by_class, confusion, in_cell, most_confused, surest_errors, top_k
from lib.html import text
from lib.ui.dataset.charts import CONFIG, confusion_figure
from lib.ui.dataset.state import DatasetState
from lib.ui.dataset.wall import answered, wall

_MOST_IN_MATRIX = 30
_ON_WALL = 24
_ALL = (-1, -1)  # instead of a cell


def results(state: DatasetState, dataset: Dataset, answers: Answers) -> None:
    """Everything in the tab."""
    headline(answers)
    left, right = st.columns([1.25, 1.0], gap="large")
    with left:
        _matrix(state, answers)
    with right:
        _pictures(state, dataset, answers)
    with st.expander("Every class: precision, recall, F1"):
        _class_table(answers)


def headline(answers: Answers) -> None:
    """Accuracy with its interval, top-k, and what was left out."""
    classes = len(answers.class_names)
    facts = [("right", accuracy(answers))]
    facts += [(f"among the first {k}", top_k(answers, k)) for k in (3, 5) if k < classes]
    cells = "".join(
        f"<div><b>{100 * found.value:.1f} %</b><span>{text(name)}</span>"
        f'<span class="soft">{100 * found.low:.1f} to {100 * found.high:.1f} %</span></div>'
        for name, found in facts
    )
    sure = f"{100 * float(answers.confidence.mean()):.1f} %"
    cells += f'<div><b>{sure}</b><span>sure, on average</span><span class="soft">see “How sure”</span></div>'
    notes = "".join(f"<li>{text(note)}</li>" for note in answers.notes)
    st.html(
        f'<div class="ds" data-testid="dataset-headline"><div class="figures">{cells}</div>'
        f'<p class="soft">{len(answers):,} pictures, {int((~answers.right).sum()):,} read wrong; 95 % intervals after '
        "Wilson.</p>"
        f"<ul>{notes}</ul></div>"
    )


def shown_classes(answers: Answers) -> np.ndarray:
    """The classes that the matrix has room for: all, or those that take part in the most errors; increasing."""
    classes = len(answers.class_names)
    if classes <= _MOST_IN_MATRIX:
        return np.arange(classes)
    table = confusion(answers.labels, answers.predicted, classes)
    np.fill_diagonal(table, 0)
    weight = (table.sum(0) + table.sum(1)) * 1_000_000 + np.bincount(answers.labels, minlength=classes)
    return np.sort(np.argsort(-weight, kind="stable")[:_MOST_IN_MATRIX])


def _matrix(state: DatasetState, answers: Answers) -> None:
    classes = shown_classes(answers)
    whole = confusion(answers.labels, answers.predicted, len(answers.class_names))
    names = [answers.class_names[k] for k in classes]
    place = {int(k): i for i, k in enumerate(classes)}
    chosen = None
    if state.cell is not None and set(state.cell) <= place.keys():
        chosen = (place[state.cell[0]], place[state.cell[1]])

    def picked() -> None:
        selection = (st.session_state.get("dataset_matrix") or {}).get("selection", {})
        hits = [p for p in selection.get("points", []) if p.get("curve_number") == 2]
        if hits:
            i, j = divmod(int(hits[0]["point_index"]), len(classes))
            state.cell = (int(classes[i]), int(classes[j]))

    st.html(
        '<div class="ds"><h4>What was read as what <small>click a cell to see its pictures</small></h4></div>'
    )
    st.plotly_chart(
        confusion_figure(whole[np.ix_(classes, classes)], names, chosen),
        key="dataset_matrix",
        on_select=picked,
        selection_mode="points",
        config=CONFIG,
        alt="Confusion matrix: rows are what an image is, columns what it was read as",
    )
    if len(classes) < len(answers.class_names):
        st.caption(
            f"The {len(classes)} of {len(answers.class_names):,} classes that take part in the most errors."
        )


def _pictures(state: DatasetState, dataset: Dataset, answers: Answers) -> None:
    """The pictures of the chosen cell, or the surest errors."""
    _cell_choice(state, answers)
    if state.cell is None:
        found = surest_errors(answers)
        title = f"The surest errors <small>{len(found):,} in all</small>"
    else:
        found = in_cell(answers, *state.cell)
        is_, read = (answers.class_names[k] for k in state.cell)
        title = f"“{text(is_)}” read as “{text(read)}” <small>{len(found):,}, the worst first</small>"
    st.html(f'<div class="ds" data-testid="dataset-cell"><h4>{title}</h4></div>')
    if len(found) == 0:
        st.html('<div class="ds"><p class="soft">No picture is in here.</p></div>')
        return
    pages = math.ceil(len(found) / _ON_WALL)
    page = 1
    if pages > 1:
        page = st.number_input(
            f"Page, of {pages}", 1, pages, key=f"dataset_wall_page_{state.cell}", width=140
        )
    part = found[(page - 1) * _ON_WALL : page * _ON_WALL]
    wall("dataset_wall", dataset, answered(answers, part), "Pictures; a click opens one in the Lab")
    st.caption("A click opens the picture in the Lab, with this model and this pipeline.")


def _cell_choice(state: DatasetState, answers: Answers) -> None:
    """The same choice without a mouse: the fullest wrong cells, in words."""
    errors = [_ALL, *[(i, j) for i, j, _ in most_confused(answers, 40)]]
    present = state.cell or _ALL
    if present not in errors:
        errors.insert(1, present)
    st.session_state["dataset_cell"] = present

    def chosen() -> None:
        cell = st.session_state["dataset_cell"]
        state.cell = None if cell == _ALL else cell

    def words(cell: tuple[int, int]) -> str:
        if cell == _ALL:
            return "All errors, the surest first"
        i, j = cell
        count = int(((answers.labels == i) & (answers.predicted == j)).sum())
        return f"{answers.class_names[i]} read as {answers.class_names[j]} ({count:,})"

    st.selectbox(
        "Pictures",
        errors,
        key="dataset_cell",
        format_func=words,
        on_change=chosen,
        label_visibility="collapsed",
    )


def _class_table(answers: Answers) -> None:
    scores = [entry for entry in by_class(answers) if entry.recall.n or entry.precision.n]
    st.dataframe(
        {
            "class": [entry.name for entry in scores],
            "pictures": [entry.recall.n for entry in scores],
            "recall": [_or_none(entry.recall.value) for entry in scores],
            "recall from": [entry.recall.low if entry.recall.n else None for entry in scores],
            "recall to": [entry.recall.high if entry.recall.n else None for entry in scores],
            "precision": [_or_none(entry.precision.value) for entry in scores],
            "F1": [_or_none(entry.f1) for entry in scores],
        },
        hide_index=True,
        column_config={
            "class": st.column_config.TextColumn("Class", pinned=True),
            "pictures": st.column_config.NumberColumn("Pictures"),
            "recall": st.column_config.ProgressColumn("Recall", format="percent", min_value=0, max_value=1),
            "recall from": st.column_config.NumberColumn("from (95 %)", format="percent"),
            "recall to": st.column_config.NumberColumn("to", format="percent"),
            "precision": st.column_config.ProgressColumn(
                "Precision", format="percent", min_value=0, max_value=1
            ),
            "F1": st.column_config.NumberColumn("F1", format="%.3f"),
        },
        alt="Precision, recall and F1 of every class",
    )


def _or_none(value: float) -> float | None:
    return None if math.isnan(value) else value
