"""A card's picture is a sample that suits the model, the way its own pipeline shows it to the network."""

from dataclasses import replace

import numpy as np
import pytest

from lib.contract import Contract
from lib.samples import kind_for
from lib.ui.models.card_picture import before_and_after, suitable_sample
from lib.zoo import card

DIGITS = Contract((32, 32, 3), (32, 32), list("0123456789"), channels=3, value_range="0..1", output="softmax")


@pytest.mark.parametrize("name", ["letters-mlp", "letters-cnn", "ResNet50"])
def test_the_sample_suits_the_network_and_its_question(name: str) -> None:
    one = card(name)
    sample = suitable_sample(one.contract, one.question)
    assert sample.suits == kind_for(one.contract) and sample.truth is not None
    if name == "letters-mlp":
        assert sample.question == 1


def test_the_network_sees_bright_ink_in_its_own_size() -> None:
    before, after, title = before_and_after(card("letters-mlp").contract, 1)
    assert max(before.shape[:2]) <= 160 and before.dtype == np.uint8 and title
    assert after is not None and after.shape == (28, 28) and after.dtype == np.uint8
    assert before[0, 0].min() > 200, "dark ink on white paper"
    assert after[0].max() < 50 and after.max() > 200, "bright ink on black"


def test_colours_are_those_of_the_sample_whatever_order_the_network_wants() -> None:
    blue_first = card("ResNet50").contract
    assert blue_first.channel_order == "BGR"
    _, one, _ = before_and_after(blue_first, 3)
    _, other, _ = before_and_after(replace(blue_first, channel_order="RGB"), 3)
    assert one is not None and one.shape == (224, 224, 3)
    np.testing.assert_array_equal(one, other)


def test_any_contract_gets_a_picture() -> None:
    for changes in (
        {},
        {"frame": "crop to ink"},
        {"value_range": "standardise"},
        {"polarity": "black on white"},
    ):
        _, after, _ = before_and_after(replace(DIGITS, **changes), None)
        assert after is not None and after.shape == (32, 32, 3)
