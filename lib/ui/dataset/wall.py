"""Pictures of a data set with what they are and what they were read as; a click opens one in the Lab."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import cv2
import numpy as np
import streamlit as st

from lib.dataset import Dataset
from lib.evaluate import Answers
from lib.pipeline import Pipeline
from lib.ui import wire
from lib.ui.component import reported, view
from lib.ui.lab_state import LabState

_view = view("wall")
_SIDE = 64
_WANTED = "dataset_open_in_lab"


def wall(key: str, dataset: Dataset, items: Sequence[tuple[int, str, str, bool]], label: str) -> None:
    """Mounts the wall.

    Args:
        items: (row of the data set, title, what stands below, whether the title tells of an error).
        label: what these pictures are, for screen readers.
    """

    def clicked() -> None:
        row = reported(key, "choose")
        if isinstance(row, int) and row in {item[0] for item in items}:
            st.session_state[_WANTED] = row

    _view(key=key, data=_message(dataset, items, label), on_choose_change=clicked)


def answered(answers: Answers, positions: np.ndarray) -> list[tuple[int, str, str, bool]]:
    """The wall's items for some answers."""
    names = answers.class_names
    items = []
    for i in positions:
        label, predicted = int(answers.labels[i]), int(answers.predicted[i])
        title = names[label] if label == predicted else f"{names[label]} → {names[predicted]}"
        items.append((int(answers.rows[i]), title[:40], _percent(answers.confidence[i]), label != predicted))
    return items


def open_wanted(lab: LabState, dataset: Dataset, model: str, pipeline: Pipeline) -> None:
    """Goes to the Lab if a picture was clicked: with that picture, in that model, under that very pipeline; it says so."""
    row = st.session_state.pop(_WANTED, None)
    if row is None:
        return
    picture = dataset.picture(row)
    lab.choose_model(model)
    lab.replace_pipeline(pipeline)
    lab.show_upload(picture.to_png(), f"{dataset.name or 'data set'} {row}.png")
    label = dataset.class_names[int(dataset.labels[row])]
    lab.switch_note = (
        f"Picture {row:,} of the data set, labelled “{label}”, with the steps that it was measured with there; they "
        "replaced the Lab’s."
    )
    st.session_state["first_input_kind"] = "Upload"
    st.session_state.pop("input_kind", None)
    st.switch_page("pages/lab.py")


def _message(dataset: Dataset, items: Sequence[tuple[int, str, str, bool]], label: str) -> bytes:
    arrays, entries = {}, []
    for index, (row, title, below, wrong) in enumerate(items):
        pixels = dataset.picture(row).pixels
        scale = _SIDE / max(pixels.shape[:2])
        if scale < 1:
            size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
            pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
        arrays[f"p{index}"] = np.ascontiguousarray(pixels)
        entries.append({"id": row, "title": title, "below": below, "wrong": wrong})
    told = hashlib.sha256(repr((dataset.name, len(dataset), entries)).encode()).hexdigest()[:16]
    header = {"items": entries, "digest": told, "label": label, "does": "Open it in the Lab"}
    return wire.pack(header, arrays)


def _percent(confidence: float) -> str:
    return f"{100 * confidence:.1f} %" if confidence < 0.9995 else "over 99.9 %"
