"""Claims about the sets that come with the app: what is in them, and which networks they suit."""

import numpy as np

from lib import zoo
from lib.evaluate import answer
from lib.evaluate.builtin import BUILT_IN, drawn_capitals, fitting, scanned_digits


def test_the_capitals_are_520_of_26_classes() -> None:
    dataset = drawn_capitals()
    assert dataset.counts.tolist() == [20] * 26 and dataset.class_names == tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_the_digits_are_1797_and_use_the_whole_range() -> None:
    dataset = scanned_digits()
    assert len(dataset) == 1797 and dataset.size == (8, 8) and dataset.images.max() == 255  # type: ignore[union-attr]
    assert set(np.unique(dataset.labels)) == set(range(10))


def test_a_set_suits_the_networks_that_have_its_classes() -> None:
    assert {card.name: fitting(card.contract) for card in zoo.bundled()} | {"letters-mlp": ("capitals",)} == {
        card.name: ("digits",) if card.contract.class_names[:1] == ("0",) else ("capitals",)
        for card in zoo.bundled()
    }
    assert fitting(zoo.card("ResNet50").contract) == ()


def test_the_capitals_can_be_read_and_are_not_too_easy() -> None:
    assert 0.85 < answer(zoo.load("letters-mlp"), drawn_capitals()).accuracy < 0.95


def test_every_set_says_what_it_is() -> None:
    for entry in BUILT_IN.values():
        assert entry.says.endswith(".") and str(len(entry.make())) in entry.title.replace(",", "")
