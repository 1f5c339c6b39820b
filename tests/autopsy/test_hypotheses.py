"""What the search tries: everything plausible, each once, and the contract's own pipeline first."""

from __future__ import annotations

import dataclasses

import pytest

from lib import zoo
from lib.autopsy.hypotheses import Hypothesis, changed, first_round, is_ink, second_round
from lib.contract import Contract

LETTERS = zoo.card("letters-mlp").contract
PHOTOS = zoo.card("MobileNetV2").contract


@pytest.mark.parametrize("contract", [LETTERS, PHOTOS])
def test_the_contracts_own_comes_first_and_nothing_comes_twice(contract: Contract) -> None:
    found = list(first_round(contract))
    assert found[0] == Hypothesis(contract.pipeline())
    assert len({h.pipeline for h in found}) == len(found)


def test_letters_are_tried_in_every_orientation_tone_and_polarity() -> None:
    found = list(first_round(LETTERS))
    turns = {h.pipeline["orientation"].turn for h in found if h.pipeline["orientation"].on}
    assert len(turns) == 7
    assert {h.pipeline["background"].on for h in found} == {True, False}
    assert {h.pipeline["invert"].on for h in found} == {True, False}
    assert {h.pipeline["value_range"].mode for h in found} == {"0..255"}, "the contract says it"
    assert len(found) >= 300


def test_what_nobody_vouches_for_is_tried_too() -> None:
    ranges = {h.pipeline["value_range"].mode for h in first_round(LETTERS, ["value_range"])}
    assert ranges == {"0..255", "0..1", "-1..1", "standardise"}
    orders = {h.pipeline["channel_order"].order for h in first_round(PHOTOS, ["channel_order"])}
    assert orders == {"RGB", "BGR"}


def test_departures_say_what_differs_from_the_contract() -> None:
    own = LETTERS.pipeline()
    for hypothesis in first_round(LETTERS):
        differing = {change.step for change in own.diff(hypothesis.pipeline)}
        assert bool(differing) == bool(hypothesis.departures)
        assert ("orientation" in differing) == bool({"orientation", "mirror"} & set(hypothesis.departures))
        assert ("invert" in differing) <= ("polarity" in hypothesis.departures)


def test_photographs_have_no_ink_to_be_inverted_thickened_or_freed_from_paper() -> None:
    assert is_ink(LETTERS) and not is_ink(PHOTOS)
    kinds = {kind for h in first_round(PHOTOS) for kind in h.departures}
    assert kinds == {"orientation", "mirror", "frame"}
    assert list(second_round(PHOTOS, first_round(PHOTOS))) == []


def test_refinements_keep_what_they_refine() -> None:
    base = Hypothesis(changed(LETTERS.pipeline(), {"background": {"on": True}}), ("tone",))
    for hypothesis in second_round(LETTERS, [base]):
        assert hypothesis.pipeline["background"].on
        assert set(hypothesis.departures) > {"tone"}
    assert dataclasses.replace(base).also("tone", {"tone": {"on": True}}).departures == ("tone",)
