"""A network without TensorFlow and the gestures that the tests of the Lab's state make. No test lives here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import cv2
import numpy as np

from lib import zoo
from lib.contract import Contract
from lib.drawing import Drawing, Stroke
from lib.network import Trace
from lib.ui.lab_state import START_MODEL, LabState

OTHER_MODEL = "letters-cnn"
LINE = Drawing((Stroke("pen", 90, ((100, 100, 255), (900, 900, 255))),))
LONGER = Drawing((Stroke("pen", 90, ((100, 100, 255), (900, 900, 255), (100, 900, 255))),))


@dataclass
class Network:
    """Answers every tensor with other probabilities, so that it shows which answer is kept."""

    name: str = START_MODEL
    traced: list[np.ndarray] = field(default_factory=list)

    layers: tuple = ()
    reference: None = None

    @property
    def contract(self) -> Contract:
        return zoo.card(self.name).contract

    def trace(self, batch: np.ndarray, layers: tuple[str, ...] | None = None) -> Trace:
        self.traced.append(batch[0])
        return Trace(np.zeros((1, 26), np.float32), np.full((1, 26), float(len(self.traced))), {})


def png(level: int, side: int = 8) -> bytes:
    return cv2.imencode(".png", np.full((side, side, 3), level, np.uint8))[1].tobytes()


def shown(state: LabState) -> float:
    """Which of the network's answers is on the screen."""
    assert state.analysis is not None and state.analysis.trace is not None
    return float(state.analysis.trace.probabilities[0, 0])


def ghost(state: LabState) -> float | None:
    return None if state.settled is None else float(state.settled[0])


EVENTS: dict[str, Callable[[LabState], None]] = {
    "show_sample": lambda lab: lab.show_sample("x-soft"),
    "show_drawing": lambda lab: lab.show_drawing(),
    "show_upload": lambda lab: lab.show_upload(png(9), "a.png"),
    "choose_preset": lambda lab: lab.choose_preset(lab.presets[1].name),
    "replace_pipeline": lambda lab: lab.replace_pipeline(lab.default),
    "last stroke": lambda lab: lab.draw(LINE, True, 1),
    "slider let go": lambda lab: lab.change_pipeline(lab.default, True, 1),
}
