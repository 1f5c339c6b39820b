"""One teaching: waits for its place, runs in a process of its own, and gives the taught model. The process is `child`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lib.batchnorm import process
from lib.batchnorm.settings import TrainingLimits
from lib.batchnorm.training_run import DONE, TrainingRun
from lib.contract import Contract
from lib.dataset import Dataset
from lib.dataset.sampling import choose
from lib.dataset.tensors import Tensors
from lib.evaluate.running import as_stored, matched
from lib.teach.child import EPOCHS, PICTURES, REQUEST, START, TAUGHT
from lib.teach.lesson import MOST_EPOCHS, Lesson, LessonSettings

if TYPE_CHECKING:
    from lib.network import Network

MOST_PICTURES, FEWEST = 5_000, 40
_CHECKED = 0.2
_MOST_PARAMETERS = 5_000_000


class TeachingError(ValueError):
    """A network or a data set that nothing can be taught with; the message says why and what to do."""


@dataclass(frozen=True)
class Epoch:
    """After one epoch: mean loss, and the share of the check pictures that are read right, unchanged and changed.

    Number 0 is the network as it was; its loss is NaN.
    """

    number: int
    loss: float
    clean: float
    changed: float


def prepare(network: Network, dataset: Dataset, settings: LessonSettings) -> tuple[Lesson, np.ndarray]:
    """The lesson, and the rows of the data set that are kept out of it: a fifth, to compare before and after on.

    Raises:
        TeachingError: this cannot be taught here.
        DatasetError, EvaluationError: the classes do not fit.
    """
    contract = network.contract
    if contract.channels != 1 or contract.size[0] != contract.size[1] or contract.task != "single label":
        raise TeachingError(
            "Only networks with one gray square input and one answer can be taught here: the changes are made for "
            "letters and digits."
        )
    if network.model.count_params() > _MOST_PARAMETERS:
        raise TeachingError(f"Networks of more than {_MOST_PARAMETERS:,} weights are not taught here.")
    if not 1 <= settings.epochs <= MOST_EPOCHS:
        raise TeachingError(f"Choose 1 to {MOST_EPOCHS} epochs, not {settings.epochs}.")
    rows, labels, _ = matched(network, dataset)
    if len(rows) < FEWEST:
        raise TeachingError(f"{len(rows)} pictures are too few to teach anything; take {FEWEST} or more.")
    kept_out = choose(labels, max(1, round(_CHECKED * len(rows))), settings.seed + 1, balanced=True)
    given = np.setdiff1d(np.arange(len(rows)), kept_out)
    given = given[choose(labels[given], MOST_PICTURES, settings.seed, balanced=True)]
    images = _levels(dataset, contract, rows[given])
    return Lesson(images, labels[given], settings), rows[kept_out]


class Teaching(TrainingRun):
    """One teaching; `lib.batchnorm.trainings.Trainings.queue` gives it its place.

    Attributes:
        epochs: what is known by now.
    """

    def __init__(self, network: Network, lesson: Lesson, check: tuple[np.ndarray, np.ndarray]) -> None:
        super().__init__("misread-teaching-")
        self.lesson, self._network, self._check = lesson, network, check
        self.epochs: tuple[Epoch, ...] = ()

    @property
    def busy(self) -> bool:
        """As the page's other work calls it."""
        return self.active

    @property
    def share(self) -> float:
        """How much is done, 0..1."""
        return len(self.epochs) / (self.lesson.settings.epochs + 1)

    def model_file(self) -> bytes:
        """The taught `.keras` file; empty before it is done."""
        path = self.folder / TAUGHT
        return path.read_bytes() if self.state == DONE and path.exists() else b""

    def work(self, limits: TrainingLimits) -> None:
        self._write(limits)
        process.execute("lib.teach.child", self.folder, limits, self._stop.is_set, self._look)
        if not (self.folder / TAUGHT).exists():
            raise process.TrainingError("The training ended without a model. Teach again.")

    def _write(self, limits: TrainingLimits) -> None:
        contract = self._network.contract
        self._network.model.save(self.folder / START, include_optimizer=False)
        arrays: dict[str, Any] = {
            "images": self.lesson.images,
            "labels": self.lesson.labels,
            "check_images": self._check[0],
            "check_labels": self._check[1],
        }
        np.savez(self.folder / PICTURES, **arrays)
        request = {
            "settings": asdict(self.lesson.settings),
            "threads": limits.threads,
            "batch": 64,
            "value_range": contract.value_range,
            "input_shape": contract.input_shape,
            "output": contract.output,
            "inverted": contract.polarity == "black on white",
        }
        (self.folder / REQUEST).write_text(json.dumps(request), encoding="utf-8")

    def _look(self, stage: str) -> None:
        self.stage = stage
        try:
            lines = (self.folder / EPOCHS).read_text(encoding="utf-8").splitlines()
            entries = [json.loads(line) for line in lines]
        except (OSError, ValueError):
            return  # nothing yet, or it is being written
        self.epochs = tuple(Epoch(e["epoch"], e["loss"], e["clean"], e["changed"]) for e in entries)


def check_pictures(network: Network, dataset: Dataset, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (n, S, S) and int64 (n,): pictures that the lesson does not have."""
    known, labels, _ = matched(network, dataset)
    place = {int(row): int(label) for row, label in zip(known, labels, strict=True)}
    return _levels(dataset, network.contract, rows), np.array([place[int(row)] for row in rows], np.int64)


def _levels(dataset: Dataset, contract: Contract, rows: np.ndarray) -> np.ndarray:
    """uint8 (n, S, S): the pictures as they are stored, in the network's size, before its value range."""
    tensors = Tensors(dataset, contract, as_stored(dataset, contract))
    levels = [np.clip(np.rint(tensors.levels(int(row))), 0, 255).astype(np.uint8) for row in rows]
    return np.stack(levels)
