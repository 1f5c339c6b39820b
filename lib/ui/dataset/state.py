"""What the Data set page holds between reruns and page switches. It draws nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import streamlit as st

from lib.carry_over import carry_over
from lib.contract import Contract
from lib.dataset import Dataset
from lib.evaluate import Answers
from lib.evaluate.running import as_stored
from lib.pipeline import Pipeline
from lib.ui.dataset.work import Work
from lib.ui.lab_state import LabState

if TYPE_CHECKING:
    from lib.network import Network

STORED, LAB = "As they are stored", "The Lab’s pipeline"
PREPARED = (STORED, LAB)
FILE = "file"
_KEPT_AS = "dataset_state"


@dataclass(frozen=True, eq=False)
class Run:
    """One evaluation: of what, and the work."""

    dataset: Dataset
    model: str
    contract: Contract
    pipeline: Pipeline
    work: Work[Answers]

    def is_about(self, dataset: Dataset, model: str, contract: Contract, pipeline: Pipeline) -> bool:
        return (
            self.dataset is dataset
            and (self.model, self.contract) == (model, contract)
            and self.pipeline == pipeline
        )


@dataclass
class DatasetState:
    """One session's page.

    Attributes:
        source: the id of a built-in set, or "file".
        dataset: what was read last, or None.
        reading: the file that is being read, or that was refused.
        uploads: counts the files taken, so that the widget forgets each: the server must not keep it twice.
        model: the model that is measured; "" follows the Lab.
        prepared: one of PREPARED.
        run: the last evaluation.
        cell: (is, read as) of the confusion matrix whose pictures are shown; None shows the surest errors.
        others: what the further tabs keep, by their own names.
        gone: why the data set is not here any more, as a sentence.
    """

    source: str = ""
    dataset: Dataset | None = None
    reading: Work[Dataset] | None = None
    uploads: int = 0
    model: str = ""
    prepared: str = STORED
    run: Run | None = None
    cell: tuple[int, int] | None = None
    others: dict[str, Any] = field(default_factory=dict)
    gone: str = ""

    @property
    def is_busy(self) -> bool:
        """Whether anything of this page works in the background."""
        kept = [self.reading, self.run.work if self.run else None, self.others.get("second_reading")]
        sweeping, serving, autopsies = (self.others.get(k) for k in ("sweeping", "serving", "autopsies"))
        kept += [sweeping.work if sweeping else None, *(entry[1] for entry in (serving, autopsies) if entry)]
        kept += [entry[-1] for entry in self.others.get("strangers", {}).values()]
        taught = self.others.get("taught")
        if taught is not None:
            kept += [taught.teaching, taught.bringing, taught.comparing]
        return any(work is not None and work.busy for work in kept)

    def model_of(self, lab: LabState) -> str:
        """The chosen model's name; one that is gone gives way to the Lab's."""
        return self.model if self.model in lab.models else lab.model

    def pipeline_of(self, lab: LabState, dataset: Dataset, model: str = "") -> Pipeline:
        """What is done to each image before a model gets it; by default the chosen one."""
        name = model or self.model_of(lab)
        contract = lab.card_of(name).contract
        if self.prepared == STORED:
            return as_stored(dataset, contract)
        if name == lab.model:
            return lab.pipeline
        return carry_over(lab.pipeline, lab.card.contract, contract).pipeline

    def known_run(self, lab: LabState, network: Network) -> Run | None:
        """The last evaluation if it is about what is chosen now."""
        run, dataset = self.run, self.dataset
        if run is None or dataset is None:
            return None
        name, pipeline = self.model_of(lab), self.pipeline_of(lab, dataset)
        return run if run.is_about(dataset, name, network.contract, pipeline) else None

    def take(self, dataset: Dataset, source: str) -> None:
        """Another data set; what was about the one before is let go."""
        if self.run is not None:
            self.run.work.stop()
        self._let_go_of_curves()
        self.dataset, self.source, self.run, self.cell, self.gone = dataset, source, None, None, ""

    def _let_go_of_curves(self) -> None:
        """Curves and lessons of the set before would stand under the name of the next; a copy that was taught stays."""
        sweeping, taught = self.others.pop("sweeping", None), self.others.get("taught")
        if sweeping is not None and sweeping.work is not None:
            sweeping.work.stop()
        if taught is not None and taught.came_to_nothing:
            del self.others["taught"]

    def put_away(self, why: str) -> None:
        """Lets go of the data sets and of everything that was about them; the page says why."""
        if self.run is not None:
            self.run.work.stop()
        self.dataset = self.run = self.cell = None
        self.others.clear()
        self.gone = why


def dataset_state() -> DatasetState:
    """This session's page."""
    if _KEPT_AS not in st.session_state:
        st.session_state[_KEPT_AS] = DatasetState()
    state: DatasetState = st.session_state[_KEPT_AS]
    return state
