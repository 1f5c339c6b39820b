"""The catalogue: bundled models and keras.applications. Importing this is cheap; only loading brings TensorFlow in."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lib.zoo.applications import application_cards, load_application
from lib.zoo.card import Card, CardError, read_card
from lib.zoo.own import load_file
from lib.zoo.parts import optional, required

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

__all__ = ["MODELS", "Card", "CardError", "Progress", "bundled", "card", "catalogue", "load", "load_file"]

MODELS = Path(__file__).resolve().parents[2] / "models"


Progress = Callable[[str, float | None], None]
"""Called with what is being done, and with the share (0..1) that is done where it is known."""


@cache
def catalogue() -> tuple[Card, ...]:
    """All cards: the bundled models', then those of keras.applications."""
    return (*bundled(), *application_cards())


@cache
def bundled(folder: Path = MODELS) -> tuple[Card, ...]:
    """The cards of the bundled models, in the order of the questions that they belong to; read once per process."""
    cards = [read_card(path.parent) for path in folder.glob("*/card.json")]
    return tuple(sorted(cards, key=lambda c: (c.question or 9, c.name != "letters-mlp", c.name)))


def card(name: str) -> Card:
    """One card of the catalogue.

    Raises:
        CardError: there is no such model.
    """
    cards = {c.name: c for c in catalogue()}
    if name not in cards:
        raise CardError(f"There is no model {name!r:.60} in the catalogue; there are {', '.join(cards)}.")
    return cards[name]


def load(name: str, progress: Progress | None = None) -> Network:
    """A model of the catalogue as a Network, a bundled one with its Reference; compiled and ready.

    Args:
        progress: told what is being done; weights of keras.applications are downloaded on first use.

    Raises:
        CardError: there is no such model.
        WeightsMissingError: there is no network and no file either; the message says which file to put where.
    """
    found = card(name)
    if found.origin == "keras.applications":
        return load_application(name, progress=progress)
    return load_bundled(found)


def load_bundled(found: Card) -> Network:
    """The network in a card's folder.

    Raises:
        CardError: one of its files is missing or damaged.
    """
    import keras

    from lib.network import Network

    model = required(
        found.model_path, lambda path: keras.saving.load_model(path, compile=False, safe_mode=True)
    )
    return Network(model, found.contract, load_reference(found), found.name).warm_up()


def load_reference(found: Card) -> Reference | None:
    """The Reference in a card's folder, with its Compass and its probes; None without.

    Raises:
        CardError: one of its files is damaged.
    """
    from lib.reference import Reference
    from lib.reference.compass import Compass
    from lib.reference.outlier_probe import OutlierProbe
    from lib.reference.stroke_probe import StrokeProbe

    reference = optional(found.reference_path, Reference.load)
    if reference is None:
        return None
    return dataclasses.replace(
        reference,
        compass=optional(found.compass_path, Compass.load),
        outlier_probe=optional(found.outliers_path, OutlierProbe.load),
        stroke_probe=optional(found.strokes_path, StrokeProbe.load),
    )
