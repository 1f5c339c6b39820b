"""The load test's witness: it notices another's picture, another's slider and an older state."""

from __future__ import annotations

import base64
from types import SimpleNamespace
from typing import Any

import pytest

from benchmarks.hand import Reported
from benchmarks.own_answers import Mirror, wrong
from lib import zoo
from lib.drawing import Drawing, Stroke
from lib.network import Network
from lib.ui import panels, wire
from lib.ui.lab_state import LabState

LINE = Drawing((Stroke("brush", 90, ((200, 200, 255), (700, 800, 255))),))
OTHER = Drawing((Stroke("brush", 90, ((700, 200, 255), (200, 800, 255))),))


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def drawn(drawing: Drawing) -> Reported:
    strokes = base64.b64encode(drawing.to_bytes()).decode()
    return Reported("sketchpad", "drawing", {"strokes": strokes, "final": True}, 10.0)


def dragged(slope: float) -> Reported:
    steps = {"sigmoid": {"on": True, "slope": slope}}
    return Reported("steps", "values", {"revision": 77, "steps": steps, "final": True}, 10.0)


def shown(network: Network, *reports: Reported) -> Any:
    """A visitor to whom the server shows what comes of these reports."""
    state = LabState.from_link({})
    for report in reports:
        value = {**report.value, "revision": state.pipeline_revision}
        panels.handlers(state)[f"{report.view}_{report.event}"](value)
    parts = panels.parts(state, state.analyse(network), None, "")
    _, predictions = wire.unpack(parts["predictions"])
    return SimpleNamespace(views={"readout": wire.unpack(parts["readout"])}, answer=predictions["now"])


def told(network: Network, *reports: Reported, instead: tuple[Reported, ...] = ()) -> int:
    """How many wrong answers the mirror finds when the server shows what came of `instead`."""
    mirror = Mirror()
    for number in range(1, len(reports) + 1):
        heard = reports[:number]
        last = instead if instead and number == len(reports) else heard
        mirror.hear(shown(network, *last), heard[-1])
    return wrong(mirror.answers, network)


def test_one_s_own_answers_are_right(network: Network) -> None:
    assert told(network, drawn(LINE), dragged(7), drawn(OTHER)) == 0


@pytest.mark.parametrize(
    "instead",
    [(drawn(OTHER), dragged(7)), (drawn(LINE), dragged(8)), (drawn(LINE),)],
    ids=["another's drawing", "another's slider", "an older state"],
)
def test_anything_else_is_noticed(network: Network, instead: tuple[Reported, ...]) -> None:
    assert told(network, drawn(LINE), dragged(7), instead=instead) == 1


def test_probabilities_of_another_picture_are_noticed(network: Network) -> None:
    mirror, own = Mirror(), shown(network, drawn(LINE))
    own.answer = shown(network, drawn(OTHER)).answer
    mirror.hear(own, drawn(LINE))
    assert wrong(mirror.answers, network) == 1


def test_the_last_answer_of_every_gesture_is_compared(network: Network) -> None:
    mirror = Mirror()
    answer = shown(network, drawn(LINE))
    for number in range(10):
        report = drawn(LINE)
        report.value["final"] = number == 8
        mirror.hear(answer, report)
    assert [a.final for a in mirror.chosen(5)] == [False, False, True]
