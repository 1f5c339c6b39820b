"""One visitor's examination: what it is about, the work in the background, and whether its result is still about the Lab."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import streamlit as st

from lib.autopsy import Autopsy, Finding, examine, examine_several
from lib.autopsy.examination import examine_picture
from lib.autopsy.report import Exhibit, Subject, exhibits
from lib.autopsy.unvouched import unvouched
from lib.pipeline import PipelineError
from lib.ui import lines
from lib.ui.autopsy.more_pictures import more_pictures
from lib.ui.job import Job, Say
from lib.ui.lab_state import LabState
from lib.ui.models.kept import kept_per_network
from lib.ui.session import visitor

if TYPE_CHECKING:
    from lib.network import Network
    from lib.zoo.own import Inspection

_KEPT_AS = "autopsy_examination"
# What the search can vary when nobody vouches for it.
_SEARCHED_FIELDS = ("value_range", "channel_order", "frame")


@dataclass(frozen=True, eq=False)
class Result:
    """What came of it, with the pictures that the cards show."""

    autopsy: Autopsy
    exhibits: tuple[Exhibit | None, ...]


@dataclass(frozen=True, eq=False)
class Examination:
    """One picture, or several, in one model under one pipeline.

    Attributes:
        name: of the model in the visitor's Lab.
        about_model, noticed: what is there before the verdict is: about the model alone, and what stands out in the
            picture; the work fills them.
    """

    name: str
    subject: Subject
    has_reference: bool
    about_model: list[Finding] = field(default_factory=list)
    noticed: list[Finding] = field(default_factory=list)
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
            and self.subject.more == more_pictures(lab)
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


def begin(lab: LabState, network: Network) -> Examination:
    """Starts one in the background."""
    subject = Subject(lab.card.title, network.contract, lab.picture(), lab.pipeline, more=more_pictures(lab))
    begun = Examination(lab.model, subject, network.reference is not None)
    inspection = _inspection(lab)
    doubtful = open_fields(lab)

    def work(say: Say, cancelled: Callable[[], bool]) -> Result:
        say("reading the model")
        begun.about_model.extend(
            _fingerprint(network) if inspection is None else _of_file(network, inspection)
        )
        say("looking at the picture")
        begun.noticed.extend(_noticed(network, subject))
        autopsy = unvouched(_examine(network, subject, doubtful, tuple(begun.about_model), say), doubtful)
        say("drawing")
        return Result(autopsy, exhibits(autopsy, subject))

    begun.jobs.append(Job(work, "The autopsy", line=lines.examinations(), owner=visitor()))
    return begun


def _examine(
    network: Network, subject: Subject, doubtful: tuple[str, ...], about_model: tuple[Finding, ...], say: Say
) -> Autopsy:
    if subject.more:
        return examine_several(
            network,
            (subject.picture, *subject.more),
            subject.pipeline,
            open_fields=doubtful,
            model_findings=about_model,
            progress=say,
        )
    return examine(
        network,
        subject.picture,
        subject.pipeline,
        open_fields=doubtful,
        model_findings=about_model,
        progress=say,
    )


def open_fields(lab: LabState) -> tuple[str, ...]:
    """The fields of the contract of a visitor's own model that were only assumed, and that the visitor left so."""
    inspection, contract = _inspection(lab), lab.card.contract
    if inspection is None:
        return ()
    guesses = {name: inspection.guesses.get(name) for name in _SEARCHED_FIELDS}
    return tuple(
        name
        for name, guess in guesses.items()
        if guess is not None
        and guess.level == "assumed"
        and guess.value == getattr(contract, name)
        and (name != "channel_order" or contract.channels == 3)
    )


def _inspection(lab: LabState) -> Inspection | None:
    """What was read from the file of a visitor's own model."""
    own = lab.own.get(lab.model)
    return own.brought.inspection if own is not None and own.brought is not None else None


def _noticed(network: Network, subject: Subject) -> tuple[Finding, ...]:
    try:
        stages = subject.pipeline.run(subject.picture)
    except PipelineError:
        return ()
    return examine_picture(subject.picture, stages, network, network.reference)


@kept_per_network
def _fingerprint(network: Network) -> tuple[Finding, ...]:
    return _of_file(network, None)


def _of_file(network: Network, inspection: Inspection | None) -> tuple[Finding, ...]:
    # It brings TensorFlow, which the page that only imports this must not wait for.
    from lib.autopsy.fingerprint import fingerprint

    return fingerprint(network, inspection)
