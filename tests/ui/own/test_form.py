"""The contract as a form: every field says where it was read, and every change can be taken back."""

from __future__ import annotations

import dataclasses

import pytest

from lib.contract import Contract, ContractError
from lib.ui.own.form import LABELS, ContractForm, shown, usual_names
from lib.zoo.own import Guess, Inspection


def inspection(outputs: int = 26, **contract: object) -> Inspection:
    """What a dense network on 784 numbers says of itself."""
    fields = dataclasses.asdict(Contract((784,), (28, 28), ("A",), value_range="0..1")) | contract
    levels = {"value_range": "assumed", "polarity": "assumed", "output": "read", "size": "derived"}
    guesses = {
        name: Guess(value, f"the reason for {name}", levels.get(name, "read"))
        for name, value in fields.items()
        if name != "class_names"
    }
    return Inspection(".keras", guesses, outputs, 1000, 3)


@pytest.fixture
def form() -> ContractForm:
    return ContractForm(inspection(), (784,))


def test_it_begins_with_what_was_read_and_what_is_only_assumed_comes_first(form: ContractForm) -> None:
    assert form.contract.value_range == "0..1" and len(form.contract.class_names) == 26
    assert [form.level(name) for name in form.fields[:2]] == ["assumed", "assumed"]
    assert "channel_order" not in form.fields and "margin" not in form.fields
    assert form.source("value_range") == "the reason for value_range"


def test_a_change_says_what_was_before_and_can_be_taken_back(form: ContractForm) -> None:
    form.change("value_range", "0..255")
    assert form.level("value_range") == "changed"
    assert form.source("value_range") == "before: 0..1 (the reason for value_range)"
    form.change("frame", "crop to ink")
    assert "margin" in form.fields
    form.undo()
    form.undo()
    form.undo()
    assert form.contract == form.inspection.contract()


def test_an_impossible_change_changes_nothing(form: ContractForm) -> None:
    before = form.contract
    with pytest.raises(ContractError):
        form.change("value_range", "0..1000")
    with pytest.raises(ContractError, match="25 class names, the model has 26"):
        form.name_classes(tuple("ABCDEFGHIJKLMNOPQRSTUVWXY"))
    assert form.contract is before and len(form.history) == 1


def test_a_vector_can_be_another_picture_and_the_likeliest_is_the_square(form: ContractForm) -> None:
    options = form.options("picture")
    assert options is not None and options[0] == form.value("picture") == (28, 28, 1)
    form.change("picture", (14, 56, 1))
    assert form.contract.size == (14, 56) and form.contract.input_shape == (784,)
    assert form.level("picture") == "changed" and "28 × 28, gray" in form.source("picture")


def test_what_the_file_says_for_certain_cannot_be_chosen() -> None:
    form = ContractForm(inspection(input_shape=(28, 28, 1), output="softmax"), (28, 28, 1))
    assert form.is_fixed("picture") and form.is_fixed("output")
    assert not form.is_fixed("value_range")
    assert not ContractForm(inspection(), (784,)).is_fixed("picture")


def test_colour_networks_have_a_channel_order_and_no_ink() -> None:
    form = ContractForm(inspection(input_shape=(32, 32, 3), size=(32, 32), channels=3), (None, None, 3))
    assert "channel_order" in form.fields and "polarity" not in form.fields
    assert form.options("picture") is None, "any size goes"


def test_two_classes_come_and_go_with_the_binary_task() -> None:
    form = ContractForm(inspection(1, output="sigmoid", task="binary"), (784,))
    form.name_classes(("cat", "dog"))
    form.change("task", "multi-label")
    assert form.contract.class_names == ("0",)
    form.undo()
    assert form.contract.class_names == ("cat", "dog")


def test_going_back_to_the_file_keeps_the_names_and_is_a_change_like_any_other(form: ContractForm) -> None:
    form.name_classes(usual_names(26))
    form.change("value_range", "-1..1")
    form.reset()
    assert form.contract.value_range == "0..1" and form.contract.class_names[0] == "A"
    form.undo()
    assert form.contract.value_range == "-1..1"


def test_every_field_has_a_label_and_a_text() -> None:
    form = ContractForm(inspection(), (784,))
    for name in LABELS:
        assert shown(name, form.value(name))


def test_26_classes_are_letters_and_1000_are_imagenets() -> None:
    assert usual_names(26)[::25] == ("A", "Z")
    assert len(usual_names(1000)) == 1000 and usual_names(10) == ()
