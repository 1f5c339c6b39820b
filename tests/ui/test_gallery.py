"""Which samples come first: those of the kind that the chosen model was made for."""

from __future__ import annotations

import dataclasses

import pytest

from lib import zoo
from lib.contract import Contract
from lib.samples import samples
from lib.ui.gallery import _message, suits
from lib.ui.wire import unpack


@pytest.mark.parametrize(
    ("name", "kind"), [("letters-mlp", "letter"), ("letters-cnn", "letter"), ("MobileNetV2", "photo")]
)
def test_each_model_of_the_catalogue_is_offered_its_kind_first(name: str, kind: str) -> None:
    contract = zoo.card(name).contract
    assert suits(contract) == kind
    kinds = {sample.id: sample.suits for sample in samples()}
    order = [kinds[item["id"]] for item in unpack(_message("", kind))[0]["items"]]
    assert len(order) == len(samples())
    assert order[: order.count(kind)] == [kind] * order.count(kind) and kind in order


def test_digits_letters_with_an_outsider_class_and_other_photos_are_told_apart() -> None:
    digits = Contract((32, 32, 3), (32, 32), tuple("0123456789"), channels=3)
    letters = Contract((28, 28, 1), (28, 28), (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ", "not a letter"))
    pets = dataclasses.replace(digits, class_names=("cat", "dog"))
    assert [suits(contract) for contract in (digits, letters, pets)] == ["digit", "letter", "photo"]
