"""A contract written to a file is the same contract when it is read; any other file is refused with a sentence."""

from __future__ import annotations

import json

import pytest

from lib.contract import Contract, ContractError
from lib.zoo import catalogue
from lib.zoo.own.contract_file import contract_from_json, contract_to_json

TAGS = Contract(
    (20, 24, 3), (20, 24), ("sea", "sun"), 3, "BGR", "caffe", output="logits", task="multi-label", margin=0.1
)


@pytest.mark.parametrize("contract", [TAGS, *(card.contract for card in catalogue())])
def test_a_contract_comes_back_as_it_was(contract: Contract) -> None:
    text = contract_to_json(contract)
    assert contract_from_json(text) == contract
    assert contract_from_json(b"\xef\xbb\xbf" + text.encode()) == contract


def test_the_contract_inside_a_card_is_read_too() -> None:
    card = next(card for card in catalogue() if card.folder is not None)
    assert card.folder is not None
    assert contract_from_json((card.folder / "card.json").read_bytes()) == card.contract


def changed(**fields: object) -> str:
    entries = json.loads(contract_to_json(TAGS))
    return json.dumps({**entries, **fields})


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("", "is no JSON file"),
        ("hello", "is no JSON file"),
        (b"\xff\xfe\x00", "is no JSON file"),
        ("[" * 100_000, "is no JSON file"),
        ("[]", "holds no contract"),
        ("{}", "does not say its input_shape"),
        (" " * 4_000_001, "at most 4 MB"),
        (changed(format="other"), "of the format 'other'"),
        (changed(version=2), "version '2'"),
        (changed(colour="red"), "no field 'colour'"),
        (changed(value_range="0..2"), "value_range must be one of"),
        (changed(size=[20, 10**9]), "size must be"),
        (changed(size="large"), "size must be a list"),
        (changed(margin="wide"), "margin must lie"),
        (changed(margin=float("nan")), "margin must lie"),
        (changed(class_names=["x" * 101, "y"]), "longer than 100"),
        (changed(class_names=["x"] * 25_001), "the limit is 25,000"),
        (changed(task=["binary"]), "task"),
    ],
)
def test_anything_else_is_refused(source: bytes | str, says: str) -> None:
    with pytest.raises(ContractError, match=says) as refused:
        contract_from_json(source, "model.contract.json")
    assert "“model.contract.json”" in str(refused.value)
