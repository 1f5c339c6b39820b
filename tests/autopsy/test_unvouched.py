"""A network without a Reference or BatchNorm whose contract was assumed is not called healthy."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.autopsy.unvouched import ASSUMED, unvouched
from tests.autopsy.report.cases import healthy, two_causes

UNHEARD = replace(healthy(), witnesses="model card")


def test_what_was_only_assumed_is_said_instead_of_a_clean_bill() -> None:
    found = unvouched(UNHEARD, ("value_range", "frame"))
    assert found.sentence.startswith("Nothing stands out, but nobody vouches")
    assert found.sentence.endswith("the network's value range and frame were only assumed.")
    assert found.witnesses == "guess" and found.details[ASSUMED] == "value range and frame"
    assert unvouched(UNHEARD, ("value_range",)).sentence.endswith("value range was only assumed.")
    three = unvouched(UNHEARD, ("value_range", "channel_order", "frame"))
    assert three.details[ASSUMED] == "value range, order of the colour channels and frame"


def test_a_way_as_assumed_is_not_called_the_training_s() -> None:
    trained = replace(healthy().current, title="As the model was trained")
    other = replace(trained, title="Invert")
    found = unvouched(replace(UNHEARD, others=(trained, other)), ("frame",))
    assert [reading.title for reading in found.others] == ["As the contract says", "Invert"]


@pytest.mark.parametrize("witnesses", ["training sample", "BatchNorm statistics"])
def test_what_was_compared_with_training_stays_as_it_is(witnesses: str) -> None:
    heard = replace(healthy(), witnesses=witnesses)
    assert unvouched(heard, ("value_range",)) is heard


def test_a_contract_for_which_somebody_vouches_stays_as_it_is() -> None:
    assert unvouched(UNHEARD, ()) is UNHEARD


def test_findings_keep_their_sentence_and_lose_the_card_as_their_witness() -> None:
    found = unvouched(replace(two_causes(), witnesses="model card"), ("value_range",))
    assert found.sentence == two_causes().sentence and found.witnesses == "guess"
