"""A second file of pictures, for what compares two sets; several tabs share it."""

from __future__ import annotations

import streamlit as st

from lib.dataset import Dataset, DatasetLimits
from lib.html import text
from lib.ui.dataset.load import start_reading
from lib.ui.dataset.state import DatasetState
from lib.ui.dataset.uploads import take_over
from lib.ui.dataset.work import Work, progress_bar, refusal

_MOST = 2_000


def second_set(state: DatasetState, tab: str) -> Dataset | None:
    """The upload, how far the reading is, and the set once it is there."""
    reading: Work[Dataset] | None = state.others.get("second_reading")
    count: int = state.others.setdefault("second_uploads", 0)
    key = f"dataset_second_{tab}_{count}"

    def taken() -> None:
        files = take_over(st.session_state.get(key) or [])
        if files:
            if reading is not None:
                reading.stop()
            state.others["second_reading"] = start_reading(files, _MOST)
            state.others["second_uploads"] = count + 1

    st.file_uploader(
        f"The other pictures; of more than {_MOST:,}, so many are drawn at random",
        accept_multiple_files=True,
        key=key,
        on_change=taken,
        max_upload_size=DatasetLimits.from_environment().bytes // 1_000_000,
    )
    if reading is not None and reading.busy:
        if progress_bar(reading, f"dataset_second_stop_{tab}"):
            state.others["second_reading"] = None
            st.rerun()
        return None
    if reading is not None:
        state.others["second_reading"] = None
        if reading.result is not None:
            state.others["second"] = reading.result
            state.others.pop("second_refusal", None)
        elif reading.error:
            state.others["second_refusal"] = reading.error
    if state.others.get("second_refusal"):
        refusal(state.others["second_refusal"])
    found: Dataset | None = state.others.get("second")
    if found is not None:
        bad = f", {found.bad_count:,} left out" if found.bad_count else ""
        st.html(f'<div class="ds"><p><b>{text(found.name)}</b>: {len(found):,} pictures{bad}</p></div>')
    return found


def is_reading(state: DatasetState) -> bool:
    reading: Work[Dataset] | None = state.others.get("second_reading")
    return reading is not None
