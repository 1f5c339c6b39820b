"""One session's teaching: the training, then the check of its file as of any file, then the same sweeps before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.dataset import Dataset
from lib.evaluate.axis import usual
from lib.evaluate.running import as_stored
from lib.evaluate.sweep import Sweep, sweep
from lib.teach import Teaching
from lib.teach.lesson import LessonSettings
from lib.ui.dataset.sweeping import points
from lib.ui.dataset.work import Cancelled, Report, Work
from lib.ui.lab_state import LabState
from lib.ui.own.brought import Brought, bring
from lib.ui.own.form import ContractForm
from lib.ui.server import shelf
from lib.ui.visitor_models import VisitorModel

if TYPE_CHECKING:
    from lib.network import Network

_AXES = {
    "contrast": ("sigmoid", "slope"),
    "blur": ("softness", "sigma"),
    "shift": ("move", "shift_x"),
    "turn": ("move", "rotation"),
    "pen": ("stroke", "amount"),
    "noise": ("noise", ""),
}
_POINTS = 9


@dataclass(eq=False)
class Taught:
    """What is being taught, and what came of it.

    Attributes:
        model: the name of the model that was copied.
        before: its network.
        dataset: that the pictures come from.
        kept_out: pictures that the lesson does not have.
        own: the taught model's name in the visitor's Lab, once it is there.
    """

    model: str
    before: Network
    teaching: Teaching
    dataset: Dataset
    kept_out: Dataset
    bringing: Work[Brought] | None = None
    own: str = ""
    comparing: Work[list[list[Sweep]]] | None = None
    file: bytes = b""

    @property
    def came_to_nothing(self) -> bool:
        """Whether the teaching, or the check of its file, has ended without a model."""
        if self.own or self.teaching.busy:
            return False
        checked = self.bringing is not None and not self.bringing.busy and self.bringing.result is None
        return self.teaching.state != "done" or checked

    def warning(self, model: str, dataset: Dataset) -> str:
        """Why this measurement is none: it is of the taught copy, on the pictures that it was taught with. Or nothing."""
        if not self.own or model != self.own or dataset is not self.dataset:
            return ""
        return (
            f"{len(self.teaching.lesson.images):,} of these pictures taught this copy: figures on them are no measure. "
            f"“Teach it” has what it does on the {len(self.kept_out):,} that were kept out."
        )

    def go_on(self, lab: LabState) -> str:
        """The next step that is due; why there is none, as a sentence, or empty."""
        if self.teaching.busy or self.own:
            return ""
        if self.teaching.state != "done":
            return self.teaching.error or "The teaching was stopped; nothing has changed."
        if self.bringing is None:
            self.file = self.teaching.model_file()
            data, name = self.file, f"{self.before.name.removeprefix('upload:')[:40]}-taught.keras"
            self.bringing = Work(
                lambda report, cancelled: _brought(data, name, cancelled), "Checking the new model"
            )
        if self.bringing.busy:
            return ""
        if self.bringing.result is None:
            return self.bringing.error or "The check of the new model was stopped."
        self._keep(lab, self.bringing.result)
        return ""

    def _keep(self, lab: LabState, found: Brought) -> None:
        """The taught copy becomes one of the visitor's models, under the contract of the model that was copied."""
        contract = self.before.contract
        form = ContractForm(found.inspection, tuple(found.network.model.inputs[0].shape[1:]))
        form.replace(contract)
        own = VisitorModel(found.card(contract), found.network.with_contract(contract), found, form)
        shelf().put(own)
        lab.own[own.card.name] = own
        self.own = own.card.name
        assert own.network is not None
        titles = (lab.card_of(self.model).title, own.card.title)
        self.comparing = compare(
            self.before, own.network, titles, self.kept_out, self.teaching.lesson.settings
        )


def compare(
    before: Network,
    after: Network,
    titles: tuple[str, str],
    dataset: Dataset,
    settings: LessonSettings,
) -> Work[list[list[Sweep]]]:
    """The same sweeps with both networks, one for each kind of change that was taught."""
    axes = [usual(*choice, _POINTS) for name, choice in _AXES.items() if getattr(settings, name)]
    pipeline = as_stored(dataset, before.contract)

    def do(report: Report, cancelled: Cancelled) -> list[list[Sweep]]:
        done: list[list[Sweep]] = []
        for number, axis in enumerate(axes):
            report(number, len(axes))
            done.append(
                [
                    sweep(
                        network, dataset, pipeline, [axis], cache=points(), cancelled=cancelled, title=title
                    )
                    for network, title in ((before, titles[0]), (after, titles[1]))
                ]
            )
        return done

    return Work(do, "Comparing before and after")


def _brought(data: bytes, name: str, cancelled: Cancelled) -> Brought:
    return bring(data, name, "", lambda said: None, cancelled)
