"""An axis of a sweep: one parameter of a step of the pipeline, or of a disturbance before it, and the values to try."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lib.evaluate.disturbance import DISTURBANCES
from lib.evaluate.errors import EvaluationError
from lib.pipeline import STEPS, Choice, Number, Pipeline, PipelineError

MOST_POINTS = 400
# Where most of what matters happens; the slider's whole range is mostly beyond it.
_USUAL: dict[tuple[str, str], tuple[float, float]] = {
    ("sigmoid", "slope"): (1, 60),
    ("sigmoid", "b"): (10, 120),
    ("tone", "brightness"): (-128, 128),
    ("tone", "contrast"): (0.1, 3),
    ("tone", "gamma"): (0.2, 5),
    ("softness", "sigma"): (0, 6),
    ("stroke", "amount"): (-4, 6),
    ("move", "scale"): (0.3, 1.6),
    ("move", "rotation"): (-60, 60),
    ("move", "shift_x"): (-30, 30),
    ("move", "shift_y"): (-30, 30),
    ("frame", "margin"): (0, 0.45),
    ("background", "window"): (2, 60),
}
# What makes the tensor another shape is no sweep.
_LEFT_OUT = {"resize": ("height", "width"), "layout": ("shape", "channels"), "working_size": ("longest",)}

Value = float | int | str


@dataclass(frozen=True)
class Axis:
    """What is varied.

    Attributes:
        name: of a step or of a disturbance.
        parameter: of the step; "" for a disturbance.
        values: in the order in which they are shown.

    Raises:
        EvaluationError: there is no such step, parameter or value.
    """

    name: str
    parameter: str
    values: tuple[Value, ...]

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", tuple(self.values))
        known = self.range
        try:
            for value in self.values:
                known.check(self.title, value)
        except PipelineError as error:
            raise EvaluationError(str(error)) from error
        if not self.values or len(set(self.values)) < len(self.values):
            raise EvaluationError(f"{self.title}: a sweep needs values that differ from each other.")

    @property
    def is_disturbance(self) -> bool:
        return not self.parameter

    @property
    def range(self) -> Number | Choice:
        """What the values may be."""
        if self.is_disturbance and self.name in DISTURBANCES:
            return DISTURBANCES[self.name].parameter
        if self.name in STEPS and self.parameter in STEPS[self.name].parameters():
            return STEPS[self.name].parameters()[self.parameter]
        raise EvaluationError(
            f"There is nothing called {self.name!r:.40} {self.parameter!r:.40} to sweep over."
        )

    @property
    def title(self) -> str:
        """For example "Sigmoid contrast: slope s"."""
        first = DISTURBANCES[self.name].title if self.is_disturbance else STEPS[self.name].title
        return f"{first}: {self.range.label}"

    @property
    def unit(self) -> str:
        return self.range.unit if isinstance(self.range, Number) else ""

    def at(self, pipeline: Pipeline, value: Value) -> Pipeline:
        """The pipeline with the step on and set to a value; as it is for a disturbance."""
        if self.is_disturbance:
            return pipeline
        return pipeline.with_step(self.name, on=True, **{self.parameter: value})

    def first_step(self, pipeline: Pipeline) -> int:
        """The place of the first step that the axis changes; 0 for a disturbance."""
        if self.is_disturbance:
            return 0
        return next(i for i, step in enumerate(pipeline) if step.name == self.name)


def possible(pipeline: Pipeline) -> list[tuple[str, str]]:
    """(name, parameter) of everything that can be swept over with a pipeline; disturbances come last, without parameter."""
    found = [
        (step.name, parameter)
        for step in pipeline
        for parameter in step.parameters()
        if parameter not in _LEFT_OUT.get(step.name, ())
    ]
    return [*dict.fromkeys(found), *((name, "") for name in DISTURBANCES)]


def usual(name: str, parameter: str, points: int = 20) -> Axis:
    """An axis over the values that matter: `points` of a number, all options of a choice."""
    if not parameter and name in DISTURBANCES:
        values = DISTURBANCES[name].values
        keep = np.unique(np.linspace(0, len(values) - 1, min(points, len(values))).round().astype(int))
        return Axis(name, "", tuple(values[i] for i in keep))
    known = STEPS[name].parameters()[parameter]
    if isinstance(known, Choice):
        return Axis(name, parameter, known.options)
    low, high = _USUAL.get((name, parameter), (known.low, known.high))
    return spaced(name, parameter, low, high, points)


def spaced(name: str, parameter: str, low: float, high: float, points: int) -> Axis:
    """An axis of evenly spaced values, on the grid of the parameter's slider."""
    known = DISTURBANCES[name].parameter if not parameter else STEPS[name].parameters()[parameter]
    if isinstance(known, Choice):
        raise EvaluationError(f"{name} {parameter} has options, not numbers.")
    wanted = np.linspace(low, high, max(2, points))
    grid = np.clip(known.low + np.rint((wanted - known.low) / known.step) * known.step, known.low, known.high)
    values: Sequence[float] = np.unique(grid.round(6)).tolist()
    return Axis(name, parameter, tuple(int(v) if known.whole else v for v in values))
