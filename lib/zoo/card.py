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
        CardError: the card is missing, is no JSON, or lacks a field.
    """
    path = folder / "card.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
        return Card(
            name=folder.name,
            title=entries["title"],
            summary=entries["summary"],
            question=entries.get("question"),
            contract=Contract.from_dict(entries["contract"]),
            scores=entries.get("scores", {}),
            provenance=tuple(entries.get("provenance", ())),
            training=entries.get("training", {}),
            limits=tuple(entries.get("limits", ())),
            folder=folder,
        )
    except FileNotFoundError as error:
        raise CardError(f"{path} does not exist: every model folder needs a card.") from error
    except KeyError as error:
        raise CardError(f"{path} has no field {error}.") from error
    except ValueError as error:
        raise CardError(f"{path} does not make sense: {error}") from error
