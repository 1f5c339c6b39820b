"""What a card shows, and that a card of somebody's own file stays text."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.contract import Contract
from lib.ui.models.about import accuracies, data_and_limits, score_table, size_in_words
from lib.ui.models.cards import card_html
from lib.zoo import Card, card, catalogue

EVIL = "<script>alert(1)</script>"


def hostile() -> Card:
    """Everything that somebody may have chosen says the same."""
    contract = Contract((8, 8, 1), (8, 8), [EVIL, f"{EVIL}2"])
    source = {"name": EVIL, "source": EVIL, "licence": EVIL, "used_for": EVIL}
    scores = {EVIL: {"accuracy": 0.5, "n": 10}, "no number": {"accuracy": EVIL}, "nothing": EVIL}
    return Card(
        EVIL, EVIL, EVIL, None, contract, scores, (source, EVIL), {"command": EVIL}, (EVIL,), origin="own"
    )


@pytest.mark.parametrize("one", catalogue(), ids=lambda one: one.name)
def test_every_card_of_the_catalogue_says_what_matters(one: Card) -> None:
    text = card_html(one)
    assert one.title in text
    assert text.count("<img") == 2, "the sample and what the network sees of it"
    height, width = one.contract.size
    assert f"{height} × {width}" in text and "parameters" in text and "MB" in text
    assert "Licence: " in text and "Limits" in text and "Accuracy" in text
    assert accuracies(one) and all(row[1].endswith(" %") for row in accuracies(one))


def test_the_first_card_in_numbers() -> None:
    one = card("letters-mlp")
    text = card_html(one)
    assert "Question 1: “Every letter I draw is an A”" in text
    assert "208,626 parameters" in text
    unipen = one.scores["unipen new writers"]
    assert f"<b>{100 * unipen['accuracy']:.1f} %</b> <span>unipen new writers, n\u00a0=\u00a04,255" in text


def test_a_hostile_card_brings_no_markup() -> None:
    text = card_html(hostile()) + data_and_limits(hostile()) + score_table(hostile())
    assert "<script" not in text
    assert text.count("&lt;script&gt;") >= 8


def test_only_numbers_count_as_accuracies() -> None:
    assert accuracies(hostile()) == [(EVIL, "50.0 %", "10")]
    odd = replace(
        hostile(), scores={"a": {"accuracy": True}, "b": {"accuracy": float("nan")}, "c": {"accuracy": 1}}
    )
    assert accuracies(odd) == [("c", "100.0 %", "?")]
    assert "Nothing was measured" in score_table(replace(odd, scores={}))


def test_sizes_in_words() -> None:
    assert (
        size_in_words(replace(hostile(), parameters=1234, size_bytes=102_967_424))
        == "1,234 parameters · 103 MB"
    )
    assert size_in_words(replace(hostile(), size_bytes=2_539_188)) == "2.5 MB"
    assert size_in_words(hostile()) == ""
