"""The recipes' shared contract is the one that the committed cards were written with."""

import json
from pathlib import Path

import pytest

from lib.training.letters_contract import letters_contract

MODELS = Path(__file__).resolve().parents[2] / "models"


@pytest.mark.parametrize(
    ("name", "shape", "value_range"), [("letters-mlp", [784], "0..255"), ("letters-cnn", [28, 28, 1], "0..1")]
)
def test_the_committed_cards_have_this_contract(name: str, shape: list[int], value_range: str) -> None:
    card = json.loads((MODELS / name / "card.json").read_text(encoding="utf-8"))
    assert card["contract"] == letters_contract(shape, value_range)
