"""Choosing models and presets, and what happens to the pipeline; the visitor's own models."""

from __future__ import annotations

import copy
import dataclasses

import pytest

from lib import zoo
from lib.case import SampleSource
from lib.ui.lab_state import START_MODEL, LabState, default_pipeline
from lib.ui.visitor_models import VisitorModel
from tests.ui.lab_state.stand_in import OTHER_MODEL, Network


def test_another_model_gets_the_picture_and_what_of_the_pipeline_makes_sense_and_says_so(
    lab: LabState,
) -> None:
    lab.show_sample("x-soft")
    lab.change_pipeline(lab.default.with_step("sigmoid", on=True), True, 1)
    lab.choose_model(OTHER_MODEL)
    assert lab.card.name == OTHER_MODEL and lab.source == SampleSource("x-soft")
    assert lab.pipeline == default_pipeline(OTHER_MODEL).with_step("sigmoid", on=True)
    assert "Sigmoid contrast were kept" in lab.switch_note and "0..255 → 0..1" in lab.switch_note
    lab.choose_model(START_MODEL)
    assert lab.pipeline == default_pipeline(START_MODEL).with_step("sigmoid", on=True)
    lab.show_sample("x-hard")
    assert lab.switch_note == "", "it is about the last change of the model only"


def own(name: str = "upload:mine.keras", **contract: object) -> VisitorModel:
    card = zoo.card(START_MODEL)
    changed = dataclasses.replace(card.contract, **contract)
    return VisitorModel(
        dataclasses.replace(card, name=name, title="mine", origin="own", folder=None, contract=changed), None
    )


def test_an_own_model_is_chosen_at_once_and_listed_first(lab: LabState) -> None:
    mine = own(value_range="-1..1")
    lab.add_model(mine)
    assert lab.model == next(iter(lab.models)) == "upload:mine.keras" and lab.card is mine.card
    assert lab.pipeline["value_range"].mode == "-1..1"
    assert lab.query()[0]["model"] == "upload:mine.keras"


def test_another_contract_for_the_chosen_model_takes_the_pipeline_along(lab: LabState) -> None:
    lab.add_model(own())
    lab.change_pipeline(lab.pipeline.with_step("softness", on=True), True, 1)
    lab.analyse(Network())
    revision = lab.pipeline_revision
    lab.add_model(own(value_range="0..1"))
    assert lab.pipeline["value_range"].mode == "0..1" and lab.pipeline["softness"].on
    assert lab.pipeline_revision > revision
    assert lab.analysis is None and len(lab.own) == 1


def test_removing_the_chosen_model_goes_back_to_the_first_one_and_drops_what_was_pinned_of_it(
    lab: LabState,
) -> None:
    lab.add_model(own())
    lab.pin()
    lab.remove_model("upload:mine.keras")
    assert lab.model == START_MODEL and lab.pinned is None and lab.own == {}
    lab.remove_model("upload:mine.keras")
    lab.remove_model(START_MODEL)
    assert START_MODEL in lab.models


def test_a_link_with_somebody_elses_own_model_says_whom_to_ask() -> None:
    state = LabState.from_link({"model": "upload:<b>mine</b>.keras", "steps": "sigmoid:on"})
    assert state.model == START_MODEL and state.pipeline["sigmoid"].on
    assert "<b>mine</b>.keras" in state.notes[0] and "Models page" in state.notes[0]


def test_choosing_another_model_has_no_ghost_of_the_old_one(lab: LabState) -> None:
    lab.choose_model(OTHER_MODEL)
    assert lab.settled is None
    # The old model's answer is on the screen until the new one has been asked.
    lab.change_pipeline(lab.pipeline.with_step("sigmoid", on=True), True, 1)
    assert lab.settled is None


@pytest.mark.parametrize("name", [START_MODEL, "no such model", ""])
def test_the_same_or_an_unknown_model_changes_nothing(name: str, lab: LabState) -> None:
    before = copy.copy(vars(lab))
    lab.choose_model(name)
    assert vars(lab) == before


def test_an_unknown_preset_changes_nothing(lab: LabState) -> None:
    before = copy.copy(vars(lab))
    lab.choose_preset("no such preset")
    assert vars(lab) == before


def test_each_preset_sets_its_pipeline(lab: LabState) -> None:
    for preset in lab.presets:
        lab.choose_preset(preset.name)
        assert lab.pipeline == preset.pipeline
