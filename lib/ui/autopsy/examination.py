"""One visitor's examination: what it is about, the work in the background, and whether its result is still about the Lab."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from lib.autopsy import Autopsy, Finding, examine
from lib.autopsy.report import Exhibit, Subject, exhibits
from lib.ui.job import Job, Say
from lib.ui.lab_state import LabState

if TYPE_CHECKING:
    from lib.network import Network

# Each one keeps a core busy for a second; more at once would only make everybody's slower.
_AT_ONCE = threading.BoundedSemaphore(2)
_KEPT_AS = "autopsy_examination"


@dataclass(frozen=True, eq=False)
class Result:
    """What came of it, with the pictures that the cards show."""

    autopsy: Autopsy
    exhibits: tuple[Exhibit | None, ...]


@dataclass(frozen=True, eq=False)
class Examination:
    """One picture in one model under one pipeline.

    Attributes:
        name: of the model in the visitor's Lab.
        early: findings that are there before the verdict is; the work fills it.
    """

    name: str
    subject: Subject
    has_reference: bool
    early: list[Finding] = field(default_factory=list)
    jobs: list[Job[Result]] = field(default_factory=list)

    @property
    def job(self) -> Job[Result]:
        return self.jobs[-1]

    def is_about(self, lab: LabState, network: Network) -> bool:
        """Whether nothing that matters has changed since."""
        return (
            self.name == lab.model
            and self.subject.contract == network.contract
            and self.has_reference == (network.reference is not None)
            and self.subject.pipeline == lab.pipeline
            and self.subject.picture == lab.picture()
        )


def examination(lab: LabState, network: Network) -> Examination:
    """The examination of what the Lab shows; begun if there is none yet, or the Lab shows something else by now."""
    known = known_examination()
    if known is None or not known.is_about(lab, network):
        if known is not None:
            known.job.cancel()
        known = begin(lab, network)
        st.session_state[_KEPT_AS] = known
    return known


def known_examination() -> Examination | None:
    """This session's last examination."""
    known: Examination | None = st.session_state.get(_KEPT_AS)
    return known


def forget() -> None:
    """The next look examines anew."""
    known = st.session_state.pop(_KEPT_AS, None)
    if known is not None:
        known.job.cancel()


def begin(lab: LabState, network: Network, examining: Callable[..., Autopsy] = examine) -> Examination:
    """Starts one in the background.

    Args:
        examining: does the work; another one in tests.
    """
    subject = Subject(lab.card.title, network.contract, lab.picture(), lab.pipeline)
    begun = Examination(lab.model, subject, network.reference is not None)

    def work(say: Say, cancelled: Callable[[], bool]) -> Result:
        say("waiting for other visitors' examinations")
        with _AT_ONCE:
            say("looking at the picture")
            autopsy = examining(network, subject.picture, subject.pipeline, progress=say)
            say("drawing")
            return Result(autopsy, exhibits(autopsy, subject))

    begun.jobs.append(Job(work, "The autopsy"))
    return begun
