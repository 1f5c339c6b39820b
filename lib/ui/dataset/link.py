"""What of the Data set page stands in its link: the set, the model, how pictures go in, the tab, the cell of the matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lib.evaluate.builtin import BUILT_IN
from lib.ui.dataset.state import LAB, STORED, DatasetState
from lib.ui.lab_state import LabState
from lib.ui.page_link import page_options
from lib.ui.view_options import one_of, whole_number

TABS = ("Errors", "How sure", "Outsiders", "Sweeps", "Train and serve", "Teach it")
FILE_NOTE = "Your data set itself is not in the link."


def take_link(state: DatasetState, lab: LabState) -> None:
    """Begins where a link says; a visitor who has already begun is left alone."""
    given = page_options(lab, "dataset")
    if state.source or not given:
        return
    state.model = one_of(given.get("model"), lab.models, "")
    state.prepared = LAB if given.get("prepared") == "lab" else STORED
    source = one_of(given.get("set"), BUILT_IN, "")
    if source:
        state.take(BUILT_IN[source].make(), source)
        state.cell = _cell(given.get("cell"), len(lab.card_of(state.model_of(lab)).contract.class_names))


def tab_of(lab: LabState) -> str:
    """The tab that a link wants open."""
    return one_of(page_options(lab, "dataset").get("tab"), TABS, TABS[0])


def options(state: DatasetState, tab: str) -> Mapping[str, Any]:
    """What differs from what a visitor without a link sees."""
    given = {
        "set": state.source if state.source in BUILT_IN else "",
        "model": state.model,
        "prepared": "lab" if state.prepared == LAB else "",
        "tab": tab if tab != TABS[0] else "",
        "cell": list(state.cell) if state.cell and state.source in BUILT_IN else "",
    }
    return {name: value for name, value in given.items() if value}


def _cell(value: Any, classes: int) -> tuple[int, int] | None:
    """(is, read as), where there is such a cell."""
    if not isinstance(value, list) or len(value) != 2 or classes < 1:
        return None
    numbers = [whole_number(one, 0, classes - 1, -1) for one in value]
    return None if numbers != value else (numbers[0], numbers[1])
