"""The card of a model: what it is, what it expects, where it comes from, what it was measured to do."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lib.contract import Contract

ORIGINS = ("bundled", "keras.applications", "own")


class CardError(ValueError):
    """A model folder whose card is missing or does not make sense; the message names the file."""


@dataclass(frozen=True)
class Card:
    """What a bundled model's `card.json` says, and what is known of any other model in the same words.

    Attributes:
        name: what links use; of a bundled model the folder's name.
        title, summary: for people.
        question: 1, 2 or 3: which of the three questions the model belongs to; or None.
        contract: what the network expects.
        scores: set name -> {"accuracy": share, "n": pictures, ...}, as measured by the training command.
        calibration: "temperature", fitted on held-out pictures, and "ece_before" and "ece_after" on others; {} if not known.
        provenance: one entry per data source, with its licence.
        limits: sentences about what the model cannot do.
        folder: where a bundled model's files lie, else None.
        origin: one of ORIGINS: a folder of this project, weights that Keras publishes, or a visitor's own file.
        parameters: number of weights, or None if the card does not say it.
        size_bytes: of the model file or of the weights to be downloaded.
    """

    name: str
    title: str
    summary: str
    question: int | None
    contract: Contract
    scores: dict[str, dict[str, Any]]
    provenance: tuple[dict[str, Any], ...]
    training: dict[str, Any]
    limits: tuple[str, ...]
    folder: Path | None = None
    origin: str = "bundled"
    parameters: int | None = None
    size_bytes: int | None = None
    calibration: dict[str, Any] = field(default_factory=dict)

    @property
    def model_path(self) -> Path:
        """Of a bundled model; others have no file that stays."""
        return self._file("model.keras")

    @property
    def reference_path(self) -> Path:
        return self._file("reference.npz")

    @property
    def compass_path(self) -> Path:
        """Beside the Reference; not every model has one."""
        return self._file("compass.npz")

    @property
    def outliers_path(self) -> Path:
        """Beside the Reference; not every model has one."""
        return self._file("outliers.npz")

    @property
    def strokes_path(self) -> Path:
        """Beside the Reference; not every model has one."""
        return self._file("strokes.npz")

    def _file(self, name: str) -> Path:
        if self.folder is None:
            raise CardError(f"{self.title} is no bundled model: it has no {name}.")
        return self.folder / name


def read_card(folder: Path) -> Card:
    """Reads `folder/card.json`.

    Raises:
        CardError: the card is missing, is no JSON, lacks a field, or has one of another kind.
    """
    path = folder / "card.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(entries, dict):
            raise ValueError("it must be a JSON object.")
        if entries.get("question") not in (1, 2, 3, None):
            raise ValueError(f"question must be 1, 2, 3 or null, not {entries['question']!r:.60}.")
        training = _field(entries, "training", dict, {})
        model = folder / "model.keras"
        return Card(
            name=folder.name,
            title=_field(entries, "title", str),
            summary=_field(entries, "summary", str),
            question=entries.get("question"),
            contract=Contract.from_dict(_field(entries, "contract", dict)),
            scores=_field(entries, "scores", dict, {}),
            provenance=tuple(_field(entries, "provenance", list, [])),
            training=training,
            limits=tuple(_field(entries, "limits", list, [])),
            folder=folder,
            parameters=training.get("parameters") if isinstance(training.get("parameters"), int) else None,
            size_bytes=model.stat().st_size if model.exists() else None,
            calibration=_field(entries, "calibration", dict, {}),
        )
    except FileNotFoundError as error:
        raise CardError(f"{path} does not exist: every model folder needs a card.") from error
    except KeyError as error:
        raise CardError(f"{path} has no field {error}.") from error
    except (ValueError, RecursionError) as error:
        raise CardError(f"{path} does not make sense: {error}") from error


_KINDS: dict[type, str] = {str: "a text", dict: "an object", list: "a list"}


def _field(entries: dict[str, Any], name: str, kind: type, default: Any = None) -> Any:
    """One field of the card.

    Raises:
        KeyError: it is missing and has no default.
        ValueError: it is of another kind.
    """
    value = entries[name] if default is None else entries.get(name, default)
    if not isinstance(value, kind):
        raise ValueError(f"{name} must be {_KINDS[kind]}, not {value!r:.60}.")
    return value
