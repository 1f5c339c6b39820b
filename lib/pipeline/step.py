"""What a preprocessing step is: a small frozen dataclass whose work is one plain function of numpy and cv2.

The function (the step's `kernel`) is a module-level function that refers to nothing but `np`, `cv2`, builtins and the
functions listed in `uses`. The app calls it, and `export.py` writes its very source into stand-alone code: that is why the
exported function equals the app's tensor bit for bit.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np


class PipelineError(ValueError):
    """A pipeline, step or parameter that cannot be; the message says which and what would be right."""


@dataclass(frozen=True)
class Number:
    """A numeric parameter: its label, inclusive range, the slider's increment, and its unit for people."""

    label: str
    low: float
    high: float
    step: float
    unit: str = ""
    whole: bool = False

    def check(self, where: str, value: object) -> float | int:
        if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
            raise PipelineError(
                f"{where} must be a number from {self.low:g} to {self.high:g}, not {value!r:.60}."
            )
        try:
            number = float(value)
        except OverflowError:  # a whole number with hundreds of digits
            number = math.inf
        if not math.isfinite(number) or not self.low <= number <= self.high:
            raise PipelineError(f"{where} must lie from {self.low:g} to {self.high:g}; {number:g} does not.")
        if self.whole and not number.is_integer():
            raise PipelineError(f"{where} must be a whole number; {number:g} is not.")
        return int(number) if self.whole else number + 0.0  # which turns a negative zero into zero


@dataclass(frozen=True)
class Choice:
    """A parameter with named options."""

    label: str
    options: tuple[str, ...]

    def check(self, where: str, value: object) -> str:
        if value not in self.options:
            raise PipelineError(f"{where} must be one of {', '.join(self.options)}; {value!r:.60} is not.")
        return str(value)


def number(default: float, label: str, low: float, high: float, step: float, unit: str = "") -> Any:
    """A dataclass field for a numeric parameter; an int default makes it a whole number."""
    parameter = Number(label, low, high, step, unit, whole=isinstance(default, int))
    return dataclasses.field(default=default, metadata={"parameter": parameter})


def choice(default: str, label: str, *options: str) -> Any:
    """A dataclass field for a parameter with named options."""
    return dataclasses.field(default=default, metadata={"parameter": Choice(label, options)})


STEPS: dict[str, type[Step]] = {}


@dataclass(frozen=True)
class Step:
    """One named operation: float32 image in, float32 image out. Subclasses add parameters and a kernel.

    Images are (H, W) gray or (H, W, 3) colour, nominally 0..255; a step that leaves this range says so.

    Attributes:
        name, title, why: its id in links and files, which never changes; for people; what it is good for.
        kernel, uses: the function, and the functions that it calls.
        after: the name of the step that it follows, switched off, in every contract's pipeline. Without it the contract
            itself says where the step stands and whether it is on.
    """

    on: bool = dataclasses.field(default=True, kw_only=True)

    name: ClassVar[str]
    title: ClassVar[str]
    why: ClassVar[str]
    kernel: ClassVar[Callable[..., np.ndarray]]
    uses: ClassVar[tuple[Callable[..., Any], ...]] = ()
    after: ClassVar[str] = ""
    _known_parameters: ClassVar[dict[type[Step], dict[str, Number | Choice]]] = {}

    def __init_subclass__(cls) -> None:
        STEPS[cls.name] = cls

    def __post_init__(self) -> None:
        if not isinstance(self.on, bool):
            raise PipelineError(f"{self.title}: on must be true or false, not {self.on!r:.60}.")
        for name, parameter in self.parameters().items():
            checked = parameter.check(f"{self.title}: {parameter.label}", getattr(self, name))
            object.__setattr__(self, name, checked)

    @classmethod
    def parameters(cls) -> dict[str, Number | Choice]:
        """Parameter name -> its range or options, in the order of the fields."""
        # Kept, because every image of a data set asks for them at every step.
        known = cls._known_parameters.get(cls)
        if known is None:
            known = {
                f.name: f.metadata["parameter"] for f in dataclasses.fields(cls) if "parameter" in f.metadata
            }
            cls._known_parameters[cls] = known
        return dict(known)

    @classmethod
    def default(cls, name: str) -> Any:
        """The default value of one field."""
        return next(f.default for f in dataclasses.fields(cls) if f.name == name)

    def values(self) -> dict[str, Any]:
        """Parameter name -> value."""
        return {name: getattr(self, name) for name in self.parameters()}

    def apply(self, image: np.ndarray) -> np.ndarray:
        """The step's image: `image` itself when the step is off, else a new float32 array."""
        if not self.on:
            return image
        return np.ascontiguousarray(type(self).kernel(image, **self.values()), np.float32)

    def to_dict(self) -> dict[str, Any]:
        return {"step": self.name, "on": self.on, **self.values()}

    @staticmethod
    def from_dict(entry: Mapping[str, Any]) -> Step:
        """The step that `to_dict` wrote. Missing parameters take their defaults; unknown ones are an error."""
        if not isinstance(entry, Mapping) or not isinstance(entry.get("step"), str):
            raise PipelineError(f"A step must be an object with a 'step' name, not {entry!r:.60}.")
        kind = STEPS.get(entry["step"])
        if kind is None:
            raise PipelineError(f"There is no step {entry['step']!r:.60}; there are {', '.join(STEPS)}.")
        fields = {key: value for key, value in entry.items() if key != "step"}
        unknown = sorted(map(str, set(fields) - {"on", *kind.parameters()}))
        if unknown:
            raise PipelineError(f"{kind.title} has no parameter {unknown[0]!r:.60}.")
        return kind(**fields)

    def __repr__(self) -> str:
        """Valid Python that names only what differs from the defaults."""
        shown = [f"{k}={v!r}" for k, v in {**self.values(), "on": self.on}.items() if v != self.default(k)]
        return f"{type(self).__name__}({', '.join(shown)})"
