"""A fix that the visitor applied: into the Lab's pipeline, and back out of it."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from lib.pipeline import Pipeline
from lib.ui.lab_state import LabState

_KEPT_AS = "autopsy_treatment"


@dataclass(frozen=True)
class Treatment:
    """What was applied.

    Attributes:
        model: under which; with another one neither pipeline means the same.
        title: of what was put right.
        before, after: the Lab's pipeline.
    """

    model: str
    title: str
    before: Pipeline
    after: Pipeline


def apply(lab: LabState, fix: Pipeline, title: str) -> None:
    """Makes the fix the Lab's pipeline."""
    st.session_state[_KEPT_AS] = Treatment(lab.model, title, lab.pipeline, fix)
    lab.replace_pipeline(fix)


def applied(lab: LabState) -> Treatment | None:
    """The last fix, as long as it can be taken back: until another model is chosen."""
    treatment: Treatment | None = st.session_state.get(_KEPT_AS)
    return treatment if treatment and treatment.model == lab.model else None


def undo(lab: LabState) -> None:
    """Gives the Lab the pipeline back that it had before the last fix."""
    treatment = applied(lab)
    if treatment is not None:
        lab.replace_pipeline(treatment.before)
        forget_treatment()


def forget_treatment() -> None:
    """The fix stays, and nobody is asked any more whether it should."""
    st.session_state.pop(_KEPT_AS, None)
