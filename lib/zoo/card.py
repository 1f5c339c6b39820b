"""The card of a bundled model: what it is, what it expects, where it comes from, what it was measured to do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib.contract import Contract


class CardError(ValueError):
    """A model folder whose card is missing or does not make sense; the message names the file."""


@dataclass(frozen=True)
class Card:
    """What `card.json` says.

    Attributes:
        name: the folder's name, which links use.
        title, summary: for people.
        question: 1, 2 or 3: which of the three questions the model belongs to; or None.
        contract: what the network expects.
        scores: set name -> {"accuracy": share, "n": pictures, ...}, as measured by the training command.
        provenance: one entry per data source, with its licence.
        limits: sentences about what the model cannot do.
        folder: where the files lie.
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
    folder: Path

    @property
    def model_path(self) -> Path:
        return self.folder / "model.keras"

    @property
    def reference_path(self) -> Path:
        return self.folder / "reference.npz"


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
        return Card(
            name=folder.name,
            title=_field(entries, "title", str),
            summary=_field(entries, "summary", str),
            question=entries.get("question"),
            contract=Contract.from_dict(_field(entries, "contract", dict)),
            scores=_field(entries, "scores", dict, {}),
            provenance=tuple(_field(entries, "provenance", list, [])),
            training=_field(entries, "training", dict, {}),
            limits=tuple(_field(entries, "limits", list, [])),
            folder=folder,
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
