"""What a training writes down: after every epoch a record, at the end an outcome. Both travel as .npz between "
"processes."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from lib.batchnorm.recovery import Recovery
from lib.batchnorm.statistics import BatchNormLayer, Distance, Statistics, distances


@dataclass(frozen=True, eq=False)
class EpochRecord:
    """The network after one epoch, looked at in both modes.

    Attributes:
        epoch: 1, 2, ...; updates: of the moving statistics since the beginning.
        loss, fit_accuracy: as fit() reports them, averaged over the epoch's batches while the weights were changing.
        inference, training: float32 (N, K) probabilities, on the stored statistics and on those of all N pictures.
        stored, batch: the moving statistics, and those of the pictures.
        seconds: since the training began.
    """

    epoch: int
    updates: int
    loss: float
    fit_accuracy: float
    inference: np.ndarray
    training: np.ndarray
    stored: Statistics
    batch: Statistics
    seconds: float

    def distances(self, layers: Sequence[BatchNormLayer]) -> tuple[Distance, ...]:
        return distances(layers, self.stored, self.batch)

    def write(self, path: Path) -> None:
        numbers = np.array([self.epoch, self.updates, self.loss, self.fit_accuracy, self.seconds], np.float64)
        write_arrays(
            path,
            numbers=numbers,
            inference=self.inference,
            training=self.training,
            stored=self.stored.packed(),
            batch=self.batch.packed(),
        )

    @staticmethod
    def read(path: Path, layers: Sequence[BatchNormLayer]) -> EpochRecord:
        with np.load(path, allow_pickle=False) as entries:
            epoch, updates, loss, fit_accuracy, seconds = (float(n) for n in entries["numbers"])
            return EpochRecord(
                int(epoch),
                int(updates),
                loss,
                fit_accuracy,
                entries["inference"],
                entries["training"],
                Statistics.unpacked(entries["stored"], layers),
                Statistics.unpacked(entries["batch"], layers),
                seconds,
            )


@dataclass(frozen=True, eq=False)
class Outcome:
    """What was found out about the trained network.

    Attributes:
        inference, training: float32 (N, K) after recalibration on the pictures; before it they stand in the last record.
        recovery: inference on the way there.
        neighbours: float32 (N, M, K): every picture's answer in training mode among the first 0 .. M - 1 of its neighbours.
        seconds: of the whole training, start of the process included.
    """

    inference: np.ndarray
    training: np.ndarray
    recovery: Recovery
    neighbours: np.ndarray
    seconds: float

    def write(self, path: Path) -> None:
        found = self.recovery
        write_arrays(
            path,
            inference=self.inference,
            training=self.training,
            shares=found.shares,
            right=found.right,
            correct=found.correct,
            neighbours=self.neighbours,
            seconds=np.array(self.seconds),
        )

    @staticmethod
    def read(path: Path) -> Outcome:
        with np.load(path, allow_pickle=False) as entries:
            return Outcome(
                entries["inference"],
                entries["training"],
                Recovery(entries["shares"], entries["right"], entries["correct"]),
                entries["neighbours"],
                float(entries["seconds"]),
            )


def write_arrays(path: Path, **arrays: np.ndarray) -> None:
    """An .npz that appears whole or not at all: the other process may look at any time."""
    unfinished = path.with_name(f"unfinished-{path.name}")
    with unfinished.open("wb") as file:
        np.savez(file, **arrays)  # type: ignore[arg-type]
    os.replace(unfinished, path)
