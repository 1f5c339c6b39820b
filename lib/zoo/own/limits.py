"""What a visitor's model file may cost at most, and the error that every refusal is. No check lives here."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

from lib import settings


class ModelFileError(ValueError):
    """A model file that is not taken; the message says what is wrong, with which file, and what to do."""


@dataclass(frozen=True)
class ModelLimits:
    """The most that one uploaded model may be, cost and take. `from_environment` names the variable of each.

    Attributes:
        file_bytes: of the uploaded file.
        unpacked_bytes: of everything in an archive, counted while it is unpacked, not as it is declared.
        members: files in an archive.
        config_bytes: of the JSON that describes the layers.
        parameters: weights of the model, trainable or not.
        layers: including those of nested models.
        input_values: numbers in one input picture.
        activations: numbers that one picture's full trace holds, all layers together.
        classes: outputs.
        seconds: of wall-clock time in the separate process, not counting its start.
        start_seconds: in which the separate process must have brought TensorFlow in.
        memory_bytes: that the separate process may take beyond what TensorFlow takes by itself.
        concurrency: separate processes at the same time; further uploads wait for their turn.
    """

    file_bytes: int = 200_000_000
    unpacked_bytes: int = 1_000_000_000
    members: int = 1_000
    config_bytes: int = 10_000_000
    parameters: int = 100_000_000
    layers: int = 2_000
    input_values: int = 3_145_728  # 1024 x 1024 x 3, the largest picture that a contract describes
    activations: int = 100_000_000
    classes: int = 25_000
    seconds: float = 90.0
    start_seconds: float = 120.0
    memory_bytes: int = 3_000_000_000
    concurrency: int = 1

    def __post_init__(self) -> None:
        for name, value in dataclasses.asdict(self).items():
            if not value > 0:
                raise ValueError(f"The limit {name} must be larger than 0, not {value!r}.")


DEFAULT_MODEL_LIMITS = ModelLimits()


def from_environment(environment: Mapping[str, str] | None = None) -> ModelLimits:
    """The limits as the settings MISREAD_MODEL_* have them (`lib/settings.py`); the others are not meant to be changed.

    Raises:
        SettingError: a setting makes no sense.
    """

    def whole(name: str) -> int:
        return settings.whole(f"MISREAD_MODEL_{name}", environment)

    def number(name: str) -> float:
        return settings.number(f"MISREAD_MODEL_{name}", environment)

    return dataclasses.replace(
        DEFAULT_MODEL_LIMITS,
        file_bytes=int(number("FILE_MB") * 1e6),
        unpacked_bytes=int(number("UNPACKED_MB") * 1e6),
        memory_bytes=int(number("MEMORY_MB") * 1e6),
        parameters=whole("PARAMETERS"),
        layers=whole("LAYERS"),
        activations=whole("ACTIVATIONS"),
        classes=whole("CLASSES"),
        seconds=number("SECONDS"),
        start_seconds=number("START_SECONDS"),
        concurrency=whole("CONCURRENCY"),
    )


def in_units(number_of_bytes: float) -> str:
    """ "12 KB", "3.4 MB" or "1.2 GB"."""
    for unit, size in (("GB", 1e9), ("MB", 1e6), ("KB", 1e3)):
        if number_of_bytes >= size:
            value = number_of_bytes / size
            return f"{value:.0f} {unit}" if value >= 100 else f"{value:.3g} {unit}"
    return f"{number_of_bytes:.0f} bytes"
