"""What one visitor has on the BatchNorm page: pictures with labels, and the experiment that was made with them."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

import streamlit as st

from lib.batchnorm.settings import TrainingLimits, TrainingSettings
from lib.batchnorm.trainings import Experiment, Subject, Trainings
from lib.picture import Picture
from lib.samples import sample, samples

START = ("cat", "rocket", "flower")
_STRANGERS = ("astronaut", "espresso", "brick-wall", "window", "house-seven")
_LONGEST_LABEL = 40


@dataclass(eq=False)
class Slot:
    """One picture and what its owner says it shows."""

    picture: Picture
    label: str
    id: str = field(default_factory=lambda: secrets.token_hex(4))


@dataclass(eq=False)
class Bench:
    """The visitor's part.

    Attributes:
        owner: of this session, so that it has one training at a time.
        token: of the experiment that is shown, "" without one.
        error: why the last training was refused.
        start, settings: what the form of the settings begins with, and what it says now.
    """

    slots: list[Slot] = field(default_factory=lambda: [sample_slot(id) for id in START])
    owner: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    token: str = ""
    error: str = ""
    start: TrainingSettings = field(default_factory=TrainingSettings)
    settings: TrainingSettings = field(default_factory=TrainingSettings)

    def add(self, picture: Picture, label: str) -> None:
        self.slots.append(Slot(picture, clean_label(label) or f"picture {len(self.slots) + 1}"))

    def remove(self, id: str) -> None:
        self.slots = [slot for slot in self.slots if slot.id != id]

    def subject(self) -> Subject:
        """The pictures as they are to be trained on, with samples that are not among them as neighbours."""
        used = {slot.picture.digest for slot in self.slots}
        strangers = [sample(id).picture() for id in _STRANGERS]
        return Subject(
            tuple(slot.picture for slot in self.slots),
            tuple(slot.label for slot in self.slots),
            tuple(picture for picture in strangers if picture.digest not in used)[:4],
        )

    def take_up(self, experiment: Experiment) -> None:
        """Shows an experiment again: after a reload its pictures come back with it."""
        self.token, self.error = experiment.token, ""
        subject = experiment.base.subject
        if self.pictures_differ(subject):
            self.slots = [Slot(p, label) for p, label in zip(subject.pictures, subject.labels, strict=True)]

    def pictures_differ(self, subject: Subject) -> bool:
        """Whether something else lies on the bench than was trained on."""
        return [(slot.picture, slot.label) for slot in self.slots] != list(
            zip(subject.pictures, subject.labels, strict=True)
        )


def sample_slot(id: str) -> Slot:
    """A sample, labelled with what a person sees in it."""
    found = sample(id)
    return Slot(found.picture(), found.truth or id.split("-")[0])


def clean_label(text: str) -> str:
    """A label as it can be shown: one line, not too long."""
    return " ".join(text.split())[:_LONGEST_LABEL]


def bench_of_this_session() -> Bench:
    if "batchnorm_bench" not in st.session_state:
        st.session_state["batchnorm_bench"] = Bench()
    found: Bench = st.session_state["batchnorm_bench"]
    return found


@st.cache_resource(show_spinner=False)
def trainings() -> Trainings:
    """All trainings of this server."""
    return Trainings(TrainingLimits.from_environment())


def further_samples(bench: Bench) -> Sequence[str]:
    """The ids of the samples that are not on the bench, photos first."""
    used = {slot.picture for slot in bench.slots}
    ordered = sorted(samples(), key=lambda s: s.suits != "photo")
    return [s.id for s in ordered if s.picture() not in used]
