"""What a training is told, and what a server allows."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from lib import settings
from lib.contract import Contract


@dataclass(frozen=True)
class Architecture:
    """A network that can be trained here.

    Attributes:
        side: of its square gray input in pixels.
        epochs: how many it starts with.
        learning_rate: of Adam.
    """

    name: str
    title: str
    side: int
    epochs: int
    learning_rate: float

    def contract(self, class_names: tuple[str, ...]) -> Contract:
        """What the trained network sees: gray, 0..255 as the question's pictures were, squashed to its input."""
        return Contract(
            (self.side, self.side, 1),
            (self.side, self.side),
            class_names,
            value_range="0..255",
            output="softmax",
        )


ARCHITECTURES = {
    "small": Architecture("small", "a small residual network", 64, 8, 0.003),
    "ResNet50": Architecture("ResNet50", "ResNet50, as in the question", 197, 5, 0.001),
}


class SettingsError(ValueError):
    """A training that cannot be; the message says which setting and what would be right."""


@dataclass(frozen=True)
class TrainingLimits:
    """What one server allows. Every field can be set by MISREAD_TRAINING_<FIELD> in capitals.

    Attributes:
        on: False switches training off.
        concurrency: trainings that run at the same time; the others wait.
        waiting: trainings that may wait; more are refused.
        kept: finished experiments whose results and files are kept; the oldest goes first.
        epochs: the most of one training.
        pictures: the most of one training.
        seconds: the longest that one training may take.
        memory_mb: the most that its process may take.
        threads: of TensorFlow in that process.
        nice: how much that process yields to others, 0 (not at all) to 19. On Windows it yields a little, always.
        own: the most trainings of one experiment, repairs included.
    """

    on: bool = True
    concurrency: int = 1
    waiting: int = 8
    kept: int = 12
    epochs: int = 400
    pictures: int = 12
    seconds: int = 900
    memory_mb: int = 4000
    threads: int = 1
    nice: int = 5
    own: int = 12

    @staticmethod
    def from_environment(environment: Mapping[str, str] | None = None) -> TrainingLimits:
        """The limits as the settings MISREAD_TRAINING_* have them (`lib/settings.py`).

        Raises:
            SettingError: a setting makes no sense.
        """
        names = [field.name for field in dataclasses.fields(TrainingLimits) if field.name != "on"]
        numbers = {name: settings.whole(f"MISREAD_TRAINING_{name.upper()}", environment) for name in names}
        return TrainingLimits(on=settings.switch("MISREAD_TRAINING_ON", environment), **numbers)


@dataclass(frozen=True)
class TrainingSettings:
    """One training.

    Attributes:
        architecture: a key of ARCHITECTURES.
        momentum: of every BatchNorm layer.
        batch_size: pictures in a batch; fit() shuffles them for each epoch.
        seed: of the first weights and the order of the pictures.
    """

    architecture: str = "small"
    epochs: int = 8
    momentum: float = 0.99
    batch_size: int = 32
    seed: int = 0

    def check(self, pictures: int, classes: int, limits: TrainingLimits) -> None:
        """Refuses what the server does not allow.

        Raises:
            SettingsError: with a sentence.
        """
        if not limits.on:
            raise SettingsError("Training is switched off on this server (MISREAD_TRAINING_ON).")
        if self.architecture not in ARCHITECTURES:
            raise SettingsError(f"There is no architecture {self.architecture!r:.40} here.")
        if pictures < 2 or classes < 2:
            raise SettingsError(
                "Choose at least two pictures with different labels: there is nothing to tell apart otherwise."
            )
        if pictures > limits.pictures:
            raise SettingsError(
                f"{pictures} pictures are more than the {limits.pictures} that this server trains on: leave some out."
            )
        if not 1 <= self.epochs <= limits.epochs:
            raise SettingsError(f"Choose 1 to {limits.epochs} epochs, not {self.epochs}.")
        if not 0 <= self.momentum < 1:
            raise SettingsError(
                f"BatchNorm's momentum lies from 0 to less than 1, not at {self.momentum:g}: with 1 it never learns."
            )
        if self.batch_size < 1:
            raise SettingsError("A batch needs at least one picture.")

    def updates_per_epoch(self, pictures: int) -> int:
        """Batches, and so updates of the moving statistics, in one epoch."""
        return -(-pictures // self.batch_size)
