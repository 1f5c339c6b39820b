"""An inspection goes through JSON unchanged, and what claims to be one is not believed."""

from __future__ import annotations

from typing import Any

import keras
import pytest

from lib.contract import ContractError
from lib.zoo.own.evidence import inspect_model
from lib.zoo.own.inspection import Inspection, InspectionError

L = keras.layers


@pytest.fixture(scope="module")
def found() -> Inspection:
    model = keras.Sequential(
        [
            keras.Input((16, 20, 3)),
            L.Rescaling(1 / 255),
            L.BatchNormalization(),
            L.Flatten(),
            L.Dense(1, "sigmoid"),
        ]
    )
    return inspect_model(model)


def test_it_comes_back_from_json_as_it_was(found: Inspection) -> None:
    assert Inspection.from_dict(found.to_dict()) == found


def test_the_guesses_make_a_contract_with_numbered_or_given_names(found: Inspection) -> None:
    assert found.contract().class_names == ("0", "1")
    edited = found.contract(["cat", "dog"], value_range="0..1", polarity="any")
    assert (edited.class_names, edited.value_range, edited.task) == (("cat", "dog"), "0..1", "binary")
    with pytest.raises(ContractError, match="two class_names"):
        found.contract(["cat"])


def spoiled(found: Inspection, path: str, value: Any) -> dict[str, Any]:
    entries = found.to_dict()
    *parents, last = path.split("/")
    inside = entries
    for parent in parents:
        inside = inside[parent]
    if value is KeyError:
        del inside[last]
    else:
        inside[last] = value
    return entries


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("kind", KeyError),
        ("kind", "x" * 1_001),
        ("kind", 3),
        ("outputs", -1),
        ("outputs", True),
        ("outputs", 1e9),
        ("notes", "one"),
        ("notes", ["x"] * 101),
        ("notes", [1]),
        ("notes", ["x" * 1_001]),
        ("iterations", "many"),
        ("batchnorm", []),
        ("batchnorm/momentum", float("nan")),
        ("batchnorm/more", 1),
        ("more", 1),
        ("guesses", {}),
        ("guesses/size", KeyError),
        ("guesses/size/level", "certain"),
        ("guesses/size/source", None),
        ("guesses/size/value", [10**9, 2]),
        ("guesses/value_range/value", {"a": 1}),
        ("guesses/evil", {"value": 1, "source": "", "level": "read"}),
        ("from_logits", 1),
    ],
)
def test_what_makes_no_sense_is_not_believed(found: Inspection, path: str, value: Any) -> None:
    with pytest.raises(InspectionError):
        Inspection.from_dict(spoiled(found, path, value))


@pytest.mark.parametrize("value", [None, [], "text", {}, {1: 2}])
def test_other_things_are_no_inspection(value: object) -> None:
    with pytest.raises(InspectionError):
        Inspection.from_dict(value)
