"""All trainings of one server: a bounded number runs, a bounded number waits, one for each visitor at a time.

An experiment is found again by its token, which nobody can guess: it survives a reload of the page and a change of the page.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from lib.batchnorm import process
from lib.batchnorm.child import LAYERS, OUTCOME, REPAIRED, TRAINED
from lib.batchnorm.record import EpochRecord, Outcome
from lib.batchnorm.settings import ARCHITECTURES, SettingsError, TrainingLimits, TrainingSettings
from lib.batchnorm.statistics import BatchNormLayer
from lib.batchnorm.training_run import DONE, FAILED, RUNNING, STOPPED, WAITING, TrainingRun
from lib.picture import Picture


@dataclass(frozen=True, eq=False)
class Subject:
    """What is trained on.

    Attributes:
        pictures: with their labels, in the same order.
        strangers: pictures that are not trained on; they only join a batch as neighbours.
    """

    pictures: tuple[Picture, ...]
    labels: tuple[str, ...]
    strangers: tuple[Picture, ...] = ()

    @property
    def class_names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.labels))

    @property
    def targets(self) -> np.ndarray:
        """int64 (N,): each picture's class."""
        names = self.class_names
        return np.array([names.index(label) for label in self.labels], np.int64)

    def tensors(self, architecture: str) -> tuple[np.ndarray, np.ndarray]:
        """float32 (N, *input shape) of the pictures and of the strangers."""
        contract = ARCHITECTURES[architecture].contract(self.class_names)
        pipeline = contract.pipeline()

        def tensor(pictures: Sequence[Picture]) -> np.ndarray:
            found = [pipeline.run(picture).final for picture in pictures]
            return np.stack(found) if found else np.zeros((0, *contract.input_shape), np.float32)

        return tensor(self.pictures), tensor(self.strangers)


class Run(TrainingRun):
    """One training of the page: runs in a process of its own, and keeps what that wrote down."""

    def __init__(self, subject: Subject, settings: TrainingSettings) -> None:
        super().__init__("misread-training-")
        self.subject, self.settings = subject, settings
        self.layers: tuple[BatchNormLayer, ...] = ()
        self.records: list[EpochRecord] = []
        self.outcome: Outcome | None = None

    def file(self, name: str) -> Path | None:
        """TRAINED or REPAIRED, once it is finished."""
        path = self.folder / name
        return path if self.state == DONE and path.exists() else None

    def work(self, limits: TrainingLimits) -> None:
        pictures, strangers = self.subject.tensors(self.settings.architecture)
        process.run(
            self.folder,
            self.settings,
            pictures,
            self.subject.targets,
            strangers,
            limits,
            self._stop.is_set,
            self._look,
        )
        self.outcome = Outcome.read(self.folder / OUTCOME)

    def forget(self) -> None:
        """Deletes its files."""
        self.stop()
        self._place.cleanup()

    def _look(self, stage: str) -> None:
        """Reads what is new in the folder."""
        self.stage = stage
        if not self.layers:
            path = self.folder / LAYERS
            if not path.exists():
                return
            try:
                entries = json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                return  # it is being written
            self.layers = tuple(BatchNormLayer(**entry) for entry in entries)
        while (path := self.folder / f"epoch-{len(self.records) + 1:05d}.npz").exists():
            self.records.append(EpochRecord.read(path, self.layers))


@dataclass(eq=False)
class Experiment:
    """One visitor's training and what was tried to repair it.

    Attributes:
        token: finds it again; unguessable.
        owner: whose session began it.
        repairs: further trainings of the same pictures with one setting changed, by the repair's name.
    """

    token: str
    owner: str
    base: Run
    repairs: dict[str, Run] = field(default_factory=dict)

    @property
    def runs(self) -> tuple[Run, ...]:
        return (self.base, *self.repairs.values())

    @property
    def active(self) -> Run | None:
        """The run that waits or runs."""
        return next((run for run in self.runs if run.active), None)


class Trainings:
    """The server's trainings. Thread-safe."""

    def __init__(self, limits: TrainingLimits) -> None:
        self.limits = limits
        self._experiments: dict[str, Experiment] = {}
        self._waiting: list[TrainingRun] = []
        self._running = 0
        self._changed = threading.Condition()

    def begin(self, subject: Subject, settings: TrainingSettings, owner: str) -> Experiment:
        """A new experiment; its training begins when there is a place.

        Raises:
            SettingsError: it is not allowed, this visitor has one going, or too many are waiting.
        """
        settings.check(len(subject.pictures), len(subject.class_names), self.limits)
        with self._changed:
            self._check_room(owner)
            experiment = Experiment(secrets.token_urlsafe(16), owner, Run(subject, settings))
            self._experiments[experiment.token] = experiment
            self._enter(experiment.base)
            self._clear_old()
        return experiment

    def repair(self, experiment: Experiment, name: str, settings: TrainingSettings) -> Run:
        """Another training of the same pictures, beside the first one.

        Raises:
            SettingsError: as `begin`, or the experiment has had enough of them.
        """
        subject = experiment.base.subject
        settings.check(len(subject.pictures), len(subject.class_names), self.limits)
        with self._changed:
            if experiment.active is not None:
                raise SettingsError("A training of yours is still going: wait for it, or stop it.")
            self._check_room(experiment.owner)
            if len(experiment.runs) >= self.limits.own and name not in experiment.repairs:
                raise SettingsError(
                    f"{self.limits.own} trainings are the most of one experiment: begin a new one."
                )
            if name in experiment.repairs:
                experiment.repairs.pop(name).forget()
            run = experiment.repairs[name] = Run(subject, settings)
            self._enter(run)
        return run

    def find(self, token: str) -> Experiment | None:
        """The experiment of this token; it now is the one that was looked at last."""
        with self._changed:
            found = self._experiments.pop(token, None)
            if found is not None:
                self._experiments[token] = found
            return found

    def queue(self, run: TrainingRun) -> None:
        """A training of another kind takes its place in the same line.

        Raises:
            SettingsError: training is switched off, or too many are waiting.
        """
        if not self.limits.on:
            raise SettingsError("Training is switched off on this server (MISREAD_TRAINING_ON).")
        with self._changed:
            self._check_line()
            self._enter(run)

    def position(self, run: TrainingRun) -> int:
        """How many trainings are before this one: 0 when it runs or has ended."""
        with self._changed:
            return self._waiting.index(run) + self._running if run in self._waiting else 0

    def _check_room(self, owner: str) -> None:
        if any(e.owner == owner and e.active for e in self._experiments.values()):
            raise SettingsError("A training of yours is still going: wait for it, or stop it.")
        self._check_line()

    def _check_line(self) -> None:
        if len(self._waiting) >= max(1, self.limits.waiting) and self._running >= self.limits.concurrency:
            raise SettingsError(
                f"{len(self._waiting)} trainings are waiting on this server, the most that may. Try again in a minute."
            )

    def _enter(self, run: TrainingRun) -> None:
        self._waiting.append(run)
        threading.Thread(target=self._go, args=(run,), name="misread-training", daemon=True).start()

    def _go(self, run: TrainingRun) -> None:
        """The thread of one run: first come, first served."""
        with self._changed:
            while not run.wants_to_stop and (
                self._waiting[0] is not run or self._running >= self.limits.concurrency
            ):
                self._changed.wait(0.2)
            self._waiting.remove(run)
            self._changed.notify_all()
            if run.wants_to_stop:
                run.give_up()
                return
            self._running += 1
        try:
            run.train(self.limits)
        finally:
            with self._changed:
                self._running -= 1
                self._changed.notify_all()

    def _clear_old(self) -> None:
        """Forgets the experiments that nobody looked at for longest."""
        finished = [e for e in self._experiments.values() if e.active is None]
        for experiment in finished[: max(0, len(finished) - self.limits.kept)]:
            del self._experiments[experiment.token]
            for run in experiment.runs:
                run.forget()


__all__ = [
    "DONE",
    "FAILED",
    "REPAIRED",
    "RUNNING",
    "STOPPED",
    "TRAINED",
    "WAITING",
    "Experiment",
    "Run",
    "Subject",
    "Trainings",
]
