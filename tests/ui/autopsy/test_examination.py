"""When an examination still is about the Lab, what it passes on, and that a failure ends in a sentence."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
import streamlit as st

from lib.autopsy import Autopsy, Finding
from lib.ui.autopsy import examination as module
from lib.ui.autopsy.examination import Examination, begin, examination, forget, open_fields
from lib.ui.lab_state import LabState
from lib.zoo import card
from lib.zoo.own.inspection import Guess
from tests.autopsy.report.cases import two_causes

SECONDS = 30
# Enough of a network for the examination's own logic; what is done with a real one, the page's tests show.
NETWORK = SimpleNamespace(contract=card("letters-mlp").contract, reference=object())
ODD = tuple(Finding(cause, "It stands out.", "proof") for cause in ("uint8-wrap", "several-glyphs"))


def examined(*args: object, model_findings: tuple[Finding, ...], **options: object) -> Autopsy:
    return replace(two_causes(), model_findings=model_findings)


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> LabState:
    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(module, "_fingerprint", lambda network: two_causes().findings[:1])
    monkeypatch.setattr(module, "examine_picture", lambda *args: ODD)
    monkeypatch.setattr(module, "examine", examined)
    return LabState.from_link({"sample": "r-clean", "steps": "value_range:mode=0..1"})


def done(begun: Examination) -> Examination:
    assert begun.job.done.wait(SECONDS)
    return begun


def test_the_same_lab_is_examined_once(lab: LabState) -> None:
    first = examination(lab, NETWORK)
    assert examination(lab, NETWORK) is first


@pytest.mark.parametrize(
    "change",
    [
        lambda lab: lab.replace_pipeline(lab.default),
        lambda lab: lab.show_sample("x-soft"),
        lambda lab: lab.choose_model("letters-cnn"),
        lambda lab: forget(),
    ],
)
def test_what_matters_begins_a_new_one(lab: LabState, change) -> None:
    first = examination(lab, NETWORK)
    change(lab)
    second = examination(lab, NETWORK)
    assert second is not first and first.job.was_cancelled
    assert second.subject.pipeline == lab.pipeline and second.subject.picture == lab.picture()


def test_a_reference_or_another_contract_begins_a_new_one_and_a_view_does_not(lab: LabState) -> None:
    first = examination(lab, NETWORK)
    lab.set_view(predictions='{"k":3}')
    assert examination(lab, NETWORK) is first
    without = SimpleNamespace(contract=NETWORK.contract, reference=None)
    second = examination(lab, without)
    assert second is not first
    other = SimpleNamespace(contract=replace(NETWORK.contract, value_range="0..1"), reference=None)
    assert examination(lab, other) is not second


def test_what_is_known_first_is_there_before_the_verdict_and_stays(lab: LabState) -> None:
    begun = done(begin(lab, NETWORK))
    assert [found.cause for found in begun.about_model] == ["range-too-small"]
    assert [found.cause for found in begun.noticed] == ["uint8-wrap", "several-glyphs"]
    result = begun.job.result
    assert result is not None and len(result.exhibits) == 2
    assert result.autopsy.model_findings == tuple(begun.about_model)


def test_a_pipeline_that_cannot_run_costs_no_more_than_what_would_be_noticed(lab: LabState) -> None:
    lab.replace_pipeline(lab.pipeline.with_step("grayscale", on=False))
    begun = done(begin(lab, NETWORK))
    assert begun.noticed == [] and begun.job.result is not None


def test_a_failure_ends_in_a_sentence(lab: LabState, monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*args: object, **options: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(module, "examine", failing)
    begun = done(begin(lab, NETWORK))
    assert begun.job.result is None
    assert begun.job.error == "The autopsy failed unexpectedly: ZeroDivisionError: by zero. Try again."


def test_what_was_assumed_about_an_own_model_and_left_so_is_open(lab: LabState) -> None:
    assert open_fields(lab) == ()
    contract = NETWORK.contract
    guesses = {
        "value_range": Guess(contract.value_range, "assumed: nobody says it", "assumed"),
        "channel_order": Guess(
            contract.channel_order, "assumed: nobody says it", "assumed"
        ),  # of one channel
        "polarity": Guess("white on black", "assumed: nobody says it", "assumed"),  # is not searched
        "frame": Guess("squash", "assumed: nobody says it", "assumed"),  # the visitor chose another one
    }
    own = SimpleNamespace(
        card=replace(card("letters-mlp"), name=lab.model),
        brought=SimpleNamespace(inspection=SimpleNamespace(guesses=guesses)),
    )
    lab.own[lab.model] = own
    assert open_fields(lab) == ("value_range",)
