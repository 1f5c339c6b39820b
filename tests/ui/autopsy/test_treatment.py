"""A fix goes into the Lab's pipeline and comes out of it again."""

from __future__ import annotations

import pytest
import streamlit as st

from lib.ui.autopsy.treatment import applied, apply, forget_treatment, undo
from lib.ui.lab_state import LabState


@pytest.fixture
def lab(monkeypatch: pytest.MonkeyPatch) -> LabState:
    monkeypatch.setattr(st, "session_state", {})
    return LabState.from_link({"steps": "value_range:mode=0..1"})


def test_a_fix_is_applied_and_taken_back_and_the_sliders_follow(lab: LabState) -> None:
    before, revision = lab.pipeline, lab.pipeline_revision
    apply(lab, lab.default, "Values too small")
    assert lab.pipeline == lab.default and lab.pipeline_revision > revision
    treatment = applied(lab)
    assert treatment and treatment.title == "Values too small"
    undo(lab)
    assert lab.pipeline == before and applied(lab) is None


def test_undoing_twice_changes_nothing_more(lab: LabState) -> None:
    apply(lab, lab.default, "x")
    undo(lab)
    moved = lab.default.with_step("invert", on=False)
    lab.replace_pipeline(moved)
    undo(lab)
    assert lab.pipeline == moved


def test_a_fix_that_is_kept_cannot_be_taken_back(lab: LabState) -> None:
    apply(lab, lab.default, "x")
    forget_treatment()
    undo(lab)
    assert lab.pipeline == lab.default and applied(lab) is None


def test_of_two_fixes_the_last_is_taken_back(lab: LabState) -> None:
    first = lab.default.with_step("invert", on=False)
    apply(lab, first, "first")
    apply(lab, lab.default, "second")
    undo(lab)
    assert lab.pipeline == first


def test_under_another_model_there_is_nothing_to_take_back(lab: LabState) -> None:
    apply(lab, lab.default, "x")
    lab.choose_model("letters-cnn")
    pipeline = lab.pipeline
    assert applied(lab) is None
    undo(lab)
    assert lab.pipeline == pipeline
