"""Where the labelled pictures come from: a set that comes with the app, or a file; and what reading it found."""

from __future__ import annotations

from typing import Any

import numpy as np
import streamlit as st

from lib import html
from lib.contract import Contract
from lib.dataset import Dataset, DatasetLimits
from lib.dataset.packing import Unfinished
from lib.dataset.reading import Wanted, begin_dataset
from lib.evaluate.builtin import BUILT_IN, fitting
from lib.ui.dataset.state import DatasetState
from lib.ui.dataset.uploads import take_over
from lib.ui.dataset.work import Cancelled, Report, Work, progress_bar, refusal

FILE = "file"
_SAMPLES = {"2,000": 2_000, "20,000": 20_000, "all": None}


def choose(state: DatasetState, contract: Contract) -> None:
    """The choice, the upload, and the summary."""
    if not state.source:
        state.source = next(iter(fitting(contract)), FILE)
        if state.source in BUILT_IN:
            state.take(BUILT_IN[state.source].make(), state.source)
    st.session_state["dataset_source"] = state.source

    def switched() -> None:
        wanted = st.session_state["dataset_source"]
        if wanted in BUILT_IN:
            state.reading = None
            state.take(BUILT_IN[wanted].make(), wanted)
        else:
            state.source = wanted

    titles = {id: entry.title for id, entry in BUILT_IN.items()} | {FILE: "My own file"}
    st.radio(
        "Pictures",
        list(titles),
        format_func=titles.get,
        key="dataset_source",
        horizontal=True,
        on_change=switched,
    )
    if state.source == FILE:
        _upload(state)
    else:
        st.caption(BUILT_IN[state.source].says)


def _upload(state: DatasetState) -> None:
    most = st.segmented_control(
        "Pictures to keep, drawn at random",
        list(_SAMPLES),
        default="20,000",
        key="dataset_most",
        required=True,
    )
    key = f"dataset_file_{state.uploads}"

    def taken() -> None:
        files = take_over(st.session_state.get(key) or [])
        if not files:
            return
        if state.reading is not None:
            state.reading.stop()
        state.reading = start_reading(files, _SAMPLES.get(most or "", 20_000))
        # The next widget is empty: the reading holds the file as long as it needs it, and nobody afterwards.
        state.uploads += 1

    # Any name is let through, IDX files end in "-ubyte": the content decides.
    st.file_uploader(
        "CSV rows of label and pixels (plain or gzipped), IDX images and labels, .npz, a zip with a folder for each class "
        "or with pictures and a list of labels",
        accept_multiple_files=True,
        key=key,
        on_change=taken,
        max_upload_size=DatasetLimits.from_environment().bytes // 1_000_000,
    )


def start_reading(files: list[Any], most: int | None) -> Work[Dataset]:
    """Reads uploaded files in the background."""
    name = files[0].name if files else ""

    def read(report: Report, cancelled: Cancelled) -> Dataset:
        sources = files.copy()
        files.clear()  # the closure lives as long as the work is known
        # Of a file with both parts the one that measures: pictures that were trained on say nothing new.
        wanted = Wanted(name, most=most, part="test", progress=report, cancelled=cancelled)
        found = begin_dataset(sources, wanted)
        sources.clear()  # an upload lies in memory: it goes before the images take their place
        return found.finish() if isinstance(found, Unfinished) else found

    return Work(read, f"Reading {name[:60]}")


def reading(state: DatasetState) -> bool:
    """How far the reading is, or why it failed; True when something has come that the page must be drawn anew for."""
    work = state.reading
    if work is None:
        return False
    if work.busy:
        if progress_bar(work, "dataset_read_stop"):
            state.reading = None
            return True
        return False
    if work.result is not None:
        state.take(work.result, FILE)
        state.reading = None
        return True
    if work.error:
        refusal(work.error)
    return False


def summary(dataset: Dataset) -> None:
    """What the set is, with some of its pictures, and what was left out of it."""
    counts = dataset.counts
    used = int((counts > 0).sum())
    size = dataset.size
    sides = f"{size[0]} × {size[1]} pixels" if size else "of various sizes"
    of = f" of {dataset.total:,}" if dataset.total > len(dataset) else ""
    bad = f" · <b>{dataset.bad_count:,} left out</b>" if dataset.bad_count else ""
    classes = "1 class" if used == 1 else f"{used:,} classes"
    st.html(
        f'<div class="ds" data-testid="dataset-summary"><div class="thumbs">{_thumbs(dataset)}</div>'
        f"<p><b>{html.text(dataset.name or 'Data set')}</b>: {len(dataset):,}{of} pictures in {classes}, "
        f"{sides}{bad}</p></div>"
    )
    if dataset.notes or dataset.bad_count:
        title = "How it was read"
        if dataset.bad_count:
            title += f", and the {dataset.bad_count:,} that were left out"
        with st.expander(title):
            more = dataset.bad_count - len(dataset.bad_rows)
            rows = [*dataset.notes, *dataset.bad_rows, *([f"… and {more:,} more"] if more > 0 else [])]
            st.html(f'<div class="ds" data-testid="dataset-bad">{html.bullets(rows)}</div>')


def _thumbs(dataset: Dataset) -> str:
    """A dozen pictures from all over the set."""
    rows = np.unique(np.linspace(0, max(len(dataset) - 1, 0), min(14, len(dataset))).astype(int))
    parts = []
    for row in rows:
        pixels = dataset.picture(int(row)).pixels
        alt = f"Picture {int(row):,}: {dataset.class_names[int(dataset.labels[row])]}"
        step = max(1, max(pixels.shape[:2]) // 64)
        parts.append(html.picture(np.ascontiguousarray(pixels[::step, ::step]), alt))
    return "".join(parts)
