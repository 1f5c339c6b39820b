"""What a network was trained to see. A contract is data; the default pipeline follows from it."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lib import pipeline as steps
from lib.pipeline import Choice, Pipeline

OUTPUTS = ("logits", "softmax", "sigmoid")
TASKS = ("single label", "multi-label", "binary")
POLARITIES = ("white on black", "black on white", "any")


class ContractError(ValueError):
    """A contract that cannot be; the message names the field and what would be right."""


def _options(step: type[steps.Step], parameter: str) -> tuple[str, ...]:
    choice = step.parameters()[parameter]
    assert isinstance(choice, Choice)
    return choice.options


CHOICES = {
    "channel_order": _options(steps.ChannelOrder, "order"),
    "value_range": _options(steps.ValueRange, "mode"),
    "polarity": POLARITIES,
    "frame": _options(steps.Frame, "mode"),
    "centre": ("none", *_options(steps.Centre, "mode")),
    "resize_filter": _options(steps.Resize, "filter"),
    "output": OUTPUTS,
    "task": TASKS,
}
"""Field -> what it can be, for the fields that are a choice."""


@dataclass(frozen=True)
class Contract:
    """What the network expects.

    Attributes:
        input_shape: the network's input without batch axis: (784,), (28, 28), (28, 28, 1) or (H, W, 3).
        size: (height, width) of the picture before it is laid out as `input_shape`.
        channels: 1 or 3.
        channel_order: "RGB" or "BGR".
        value_range: a mode of the value range step, e.g. "0..1".
        polarity: of the training pictures: "white on black", "black on white" or "any".
        frame, margin, centre, resize_filter: the training pictures' geometry, as the steps of the same names have it.
        class_names: one per output; two, (negative, positive), for the single output of a "binary" network.
        output: whether the last layer gives "logits", "softmax" or "sigmoid" probabilities.
        task: "single label" (one of the classes), "multi-label" (each class by itself) or "binary" (one output, two
            classes). "" stands for what the output suggests: multi-label for sigmoids, else single label.
    """

    input_shape: tuple[int, ...]
    size: tuple[int, int]
    class_names: tuple[str, ...]
    channels: int = 1
    channel_order: str = "RGB"
    value_range: str = "0..255"
    polarity: str = "any"
    frame: str = "squash"
    margin: float = 0.0
    centre: str = "none"
    resize_filter: str = "area"
    output: str = "logits"
    task: str = ""

    def __post_init__(self) -> None:
        if self.task == "":
            object.__setattr__(self, "task", "multi-label" if self.output == "sigmoid" else "single label")
        for name, kind in {"input_shape": int, "size": int, "class_names": str}.items():
            object.__setattr__(self, name, _sequence(name, getattr(self, name), kind))
        for name, options in CHOICES.items():
            if getattr(self, name) not in options:
                raise ContractError(
                    f"{name} must be one of {', '.join(options)}, not {getattr(self, name)!r:.60}."
                )
        if not _is_a(int, self.channels) or self.channels not in (1, 3):
            raise ContractError(f"channels must be 1 or 3, not {self.channels!r:.20}.")
        if len(self.size) != 2 or not all(1 <= n <= 1024 for n in self.size):
            raise ContractError(f"size must be (height, width) from 1 to 1024, not {self.size!r:.60}.")
        height, width = self.size
        if self.input_shape not in self._layouts():
            wanted = " or ".join(map(str, self._layouts()))
            raise ContractError(
                f"input_shape must be {wanted} for {height} x {width} pixels with {self.channels} channel(s), "
                f"not {self.input_shape!r:.60}."
            )
        if not self.class_names:
            raise ContractError("class_names must name every output; this list is empty.")
        if self.task == "binary" and len(self.class_names) != 2:
            raise ContractError(
                "A binary network has one output and two class_names, the negative and the positive class, "
                f"not {len(self.class_names)}."
            )
        if self.output == "softmax" and self.task != "single label":
            raise ContractError(
                f"A softmax output cannot be {self.task}: softmax shares 100 % among the classes."
            )
        if not (_is_a(int, self.margin) or _is_a(float, self.margin)) or not 0 <= self.margin <= 0.45:
            raise ContractError(f"margin must lie from 0 to 0.45, not {self.margin!r:.20}.")

    def _layouts(self) -> dict[tuple[int, ...], str]:
        """Possible input shapes -> the layout step's name for them."""
        height, width = self.size
        layouts = {
            (height, width, self.channels): "height x width x channels",
            (height * width * self.channels,): "vector",
        }
        if self.channels == 1:
            layouts[height, width] = "height x width"
        return layouts

    @property
    def outputs(self) -> int:
        """How many numbers the last layer gives."""
        return 1 if self.task == "binary" else len(self.class_names)

    def pipeline(self) -> Pipeline:
        """The default pipeline: every step that the Lab offers, those on that give this contract's tensor."""
        height, width = self.size
        gray = self.channels == 1
        invert = {
            "any": (False, "255 - x"),
            "white on black": (True, "auto"),
            # "auto" would turn the dark ink that this network knows into bright ink.
            "black on white": (False, "255 - x"),
        }
        inverting, method = invert[self.polarity]
        return _with_followers(
            (
                steps.Transparency(),
                steps.WorkingSize(),
                steps.Orientation(on=False),
                steps.Grayscale(on=gray),
                steps.ChannelOrder(order=self.channel_order, on=not gray),
                steps.Background(on=False),
                steps.Invert(method=method, on=inverting),
                steps.SigmoidContrast(on=False),
                steps.Tone(on=False),
                steps.EdgeSoftness(sigma=1.0, on=False),
                steps.Stroke(amount=1.0, on=False),
                steps.Frame(mode=self.frame, margin=self.margin),
                steps.Centre(
                    mode="centre of mass" if self.centre == "none" else self.centre, on=self.centre != "none"
                ),
                steps.Move(on=False),
                steps.Resize(height=height, width=width, filter=self.resize_filter),
                steps.ValueRange(mode=self.value_range),
                steps.Layout(shape=self._layouts()[self.input_shape], channels=self.channels),
            )
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON-serialisable; `from_dict` reads it."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_dict(entries: Mapping[str, Any]) -> Contract:
        """Reads what `to_dict` wrote.

        Raises:
            ContractError: a field is missing, unknown or impossible.
        """
        if not isinstance(entries, Mapping):
            raise ContractError(f"A contract must be an object with fields, not {entries!r:.60}.")
        fields = {field.name: field for field in dataclasses.fields(Contract)}
        unknown = sorted(str(name) for name in entries if name not in fields)
        if unknown:
            raise ContractError(f"A contract has no field {unknown[0]!r:.60}.")
        for name, field in fields.items():
            if name not in entries and field.default is dataclasses.MISSING:
                raise ContractError(f"The contract does not say its {name}.")
        return Contract(**entries)


def _with_followers(own: Sequence[steps.Step]) -> Pipeline:
    """The pipeline of these steps and, switched off, of those that say which of them they follow."""
    found = list(own)
    for kind in steps.STEPS.values():
        names = [step.name for step in found]
        if kind.after in names and kind.name not in names:
            found.insert(names.index(kind.after) + 1, kind(on=False))
    return Pipeline(tuple(found))


def _is_a(kind: type, value: object) -> bool:
    """Whether `value` is of that type; True and False are not whole numbers here."""
    return isinstance(value, kind) and not isinstance(value, bool)


def _sequence(name: str, value: object, kind: type) -> tuple[Any, ...]:
    """`value` as a tuple of whole numbers or of texts."""
    if not isinstance(value, list | tuple) or not all(_is_a(kind, item) for item in value):
        what = "whole numbers" if kind is int else "texts"
        raise ContractError(f"{name} must be a list of {what}, not {value!r:.60}.")
    return tuple(value)
