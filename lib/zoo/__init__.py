"""The catalogue of bundled models. Importing this is cheap; only `load` brings TensorFlow in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from lib.zoo.card import Card, CardError, read_card

if TYPE_CHECKING:
    from lib.network import Network

__all__ = ["MODELS", "Card", "CardError", "card", "catalogue", "load"]

MODELS = Path(__file__).resolve().parents[2] / "models"


@cache
def catalogue(folder: Path = MODELS) -> tuple[Card, ...]:
    """The cards of all bundled models, in the order of the questions that they belong to; read once per process."""
    cards = [read_card(path.parent) for path in folder.glob("*/card.json")]
    return tuple(sorted(cards, key=lambda c: (c.question or 9, c.name != "letters-mlp", c.name)))


def card(name: str, folder: Path = MODELS) -> Card:
    """The card of one bundled model.

    Raises:
        CardError: there is no such model.
    """
    cards = {c.name: c for c in catalogue(folder)}
    if name not in cards:
        raise CardError(f"There is no bundled model {name!r:.60}; there are {', '.join(cards)}.")
    return cards[name]


def load(name: str, folder: Path = MODELS) -> Network:
    """A bundled model as a Network with its Reference, compiled and ready.

    Raises:
        CardError: there is no such model.
    """
    import keras

    from lib.network import Network
    from lib.reference import Reference

    found = card(name, folder)
    model = keras.saving.load_model(found.model_path, compile=False, safe_mode=True)
    reference = Reference.load(found.reference_path) if found.reference_path.exists() else None
    return Network(model, found.contract, reference, name).warm_up()
