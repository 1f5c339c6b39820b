"""The Data set page's link: what a visitor chose comes back, what makes no sense is the usual page."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lib.ui.dataset.link import TABS, options, tab_of, take_link
from lib.ui.dataset.state import LAB, STORED, DatasetState
from lib.ui.lab_state import LabState


def opened(given: Any, model: str = "letters-mlp") -> tuple[DatasetState, LabState]:
    lab = LabState.from_link({"model": model, "view.dataset": json.dumps(given)})
    state = DatasetState()
    take_link(state, lab)
    return state, lab


def test_set_model_pipeline_tab_and_cell_come_back() -> None:
    sender = DatasetState(source="digits", model="digits-cnn", prepared=LAB, cell=(4, 9))
    given = options(sender, "Sweeps")
    assert given == {
        "set": "digits", "model": "digits-cnn", "prepared": "lab", "tab": "Sweeps", "cell": [4, 9],
    }  # fmt: skip
    state, lab = opened(given)
    assert (state.source, state.model, state.prepared, state.cell) == ("digits", "digits-cnn", LAB, (4, 9))
    assert state.dataset is not None and len(state.dataset) == 1_797
    assert tab_of(lab) == "Sweeps"


def test_a_visitors_own_file_is_not_named_and_its_cell_neither() -> None:
    assert options(DatasetState(source="file", cell=(1, 2)), TABS[0]) == {}


def test_who_has_begun_is_left_alone() -> None:
    lab = LabState.from_link({"view.dataset": '{"set":"digits"}'})
    state = DatasetState(source="capitals")
    take_link(state, lab)
    assert state.source == "capitals"


@pytest.mark.parametrize(
    "cell", [[26, 0], [-1, 0], [0], [0, 1, 2], "AB", [0.5, 1], [True, 1], ["0", "1"], None, {"0": 1}]
)
def test_a_cell_that_no_matrix_has_is_none(cell: Any) -> None:
    assert opened({"set": "capitals", "cell": cell})[0].cell is None


@pytest.mark.parametrize(
    "given",
    [[], 7, {"set": "<b>", "model": 3, "prepared": ["lab"], "tab": {}, "cell": [0, 1]}, {"set": None}],
)
def test_nonsense_is_the_usual_page(given: Any) -> None:
    state, lab = opened(given)
    assert (state.source, state.model, state.prepared, state.cell) == ("", "", STORED, None)
    assert tab_of(lab) == TABS[0]
