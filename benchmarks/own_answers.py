"""Whether every answer was about the visitor's own picture: the same events on a Lab of one's own, compared with what came.

The comparison is of the whole message about the tensor and of the probabilities, so that another visitor's drawing, another
visitor's slider, or an older state of one's own would all be noticed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.hand import Reported
from benchmarks.visitor import Visitor
from lib.case import Source
from lib.pipeline import Pipeline
from lib.ui import panels, wire
from lib.ui.lab_state import LabState

if TYPE_CHECKING:
    from lib.network import Network

# Batches of one through the same graph: what differs is the order of additions on another number of threads.
_TOLERANCE = 1e-4


@dataclass(frozen=True)
class Answer:
    """What was shown after a report, and what it should be about."""

    source: Source
    pipeline: Pipeline
    final: bool
    readout: tuple[dict[str, Any], dict[str, Any]]
    probabilities: np.ndarray | None


@dataclass
class Mirror:
    """One visitor's own Lab, which goes through the same events as the one on the server; later, when nobody is timed."""

    state: LabState = field(default_factory=lambda: LabState.from_link({}))
    heard: list[tuple[Reported, tuple[dict[str, Any], dict[str, Any]], np.ndarray | None]] = field(
        default_factory=list
    )

    def hear(self, visitor: Visitor, report: Reported) -> None:
        """Takes an answered report, and what was shown then."""
        self.heard.append((report, visitor.views["readout"], visitor.answer))

    @cached_property
    def answers(self) -> list[Answer]:
        """What was shown after every report, and what it should be about. Once everything has been heard."""
        return [self._answer(heard) for heard in self.heard]

    def chosen(self, every: int) -> list[Answer]:
        """The last answer of every gesture, and one in so many of the others."""
        return [a for number, a in enumerate(self.answers) if a.final or number % every == 0]

    def _answer(
        self, heard: tuple[Reported, tuple[dict[str, Any], dict[str, Any]], np.ndarray | None]
    ) -> Answer:
        report, readout, probabilities = heard
        value = {**report.value, "seq": 0}
        if "revision" in value:
            value["revision"] = self.state.pipeline_revision
        panels.handlers(self.state)[f"{report.view}_{report.event}"](value)
        return Answer(
            self.state.source, self.state.pipeline, bool(report.value["final"]), readout, probabilities
        )


def wrong(answers: Sequence[Answer], network: Network) -> int:
    """How many answers are about something else than what was reported."""
    return sum(not is_right(answer, network) for answer in answers)


def is_right(answer: Answer, network: Network) -> bool:
    """Whether the answer is what the network says about that picture under that pipeline."""
    state = LabState(network.name, answer.source, answer.pipeline)
    expected = panels.parts(state, state.analyse(network), None, "")
    header, arrays = wire.unpack(expected["readout"])
    _, predictions = wire.unpack(expected["predictions"])
    shown_header, shown_arrays = answer.readout
    return (
        shown_header == header
        and shown_arrays.keys() == arrays.keys()
        and all(np.array_equal(shown_arrays[name], arrays[name]) for name in arrays)
        and answer.probabilities is not None
        and np.allclose(answer.probabilities, predictions["now"], atol=_TOLERANCE)
    )
