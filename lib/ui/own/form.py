"""The contract as a form: what was read from the file, what the visitor changed, and the way back. It draws nothing."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from string import ascii_uppercase
from typing import Any

from lib.contract import CHOICES, Contract, ContractError
from lib.input_sizes import picture_shapes, with_picture
from lib.zoo.class_names import numbered
from lib.zoo.imagenet import imagenet_classes
from lib.zoo.own import Inspection

Picture = tuple[int, int, int]
"""(height, width, channels)."""

LABELS = {
    "value_range": "Value range",
    "polarity": "Polarity",
    "channel_order": "Channel order",
    "picture": "Picture",
    "frame": "Frame",
    "margin": "Margin around the ink",
    "centre": "Centring",
    "resize_filter": "Resize filter",
    "output": "Last layer gives",
    "task": "Task",
}


@dataclass
class ContractForm:
    """One model's contract while it is edited.

    Attributes:
        inspection: what was read from the file.
        shape: the model's input without batch axis, None where a size is open.
        history: the contracts so far; the last one counts.
    """

    inspection: Inspection
    shape: tuple[int | None, ...]
    history: list[Contract] = field(default_factory=list)

    def __post_init__(self) -> None:
        if not self.history:
            self.history.append(self.inspection.contract())

    @property
    def contract(self) -> Contract:
        return self.history[-1]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that mean something for this model, those that nothing in the file tells first."""
        gray = self.contract.channels == 1
        without = {"channel_order"} if gray else {"polarity", "centre", "margin"}
        if self.contract.frame != "crop to ink":
            without.add("margin")
        order = {"assumed": 0, "changed": 0, "derived": 1, "read": 2}
        return tuple(
            sorted((name for name in LABELS if name not in without), key=lambda f: order[self.level(f)])
        )

    def value(self, name: str) -> Any:
        if name == "picture":
            return (*self.contract.size, self.contract.channels)
        return getattr(self.contract, name)

    def options(self, name: str) -> tuple[Any, ...] | None:
        """What a field can be; None for a free number (the margin, an open size)."""
        if name == "picture":
            return picture_shapes(self.shape)
        if name == "margin":
            return None
        return CHOICES[name]

    def is_fixed(self, name: str) -> bool:
        """Whether the file leaves no choice."""
        options = self.options(name)
        if options is not None and len(options) == 1:
            return True
        return name == "output" and self._guess(name).level == "read"

    def level(self, name: str) -> str:
        """ "read", "derived" or "assumed" as the inspection has it, or "changed" by the visitor."""
        return "changed" if self.value(name) != self._read(name) else self._guess(name).level

    def source(self, name: str) -> str:
        """Where the value comes from, as a sentence."""
        read = self._guess(name).source.removeprefix("assumed: ")
        return read if self.level(name) != "changed" else f"before: {shown(name, self._read(name))} ({read})"

    def change(self, name: str, value: Any) -> None:
        """Sets one field.

        Raises:
            ContractError: the contract cannot be so; nothing is changed.
        """
        if name == "picture":
            height, width, channels = value
            self._put(with_picture(self.contract, height, width, channels))
        elif name == "task":
            self._put(self._with_task(value))
        else:
            self._put(dataclasses.replace(self.contract, **{name: value}))

    def name_classes(self, names: tuple[str, ...]) -> None:
        """Sets the class names.

        Raises:
            ContractError: there are more or fewer of them than the model has classes.
        """
        wanted = len(self.contract.class_names)
        if len(names) != wanted:
            raise ContractError(f"These are {len(names)} class names, the model has {wanted} classes.")
        self._put(dataclasses.replace(self.contract, class_names=names))

    def replace(self, contract: Contract) -> None:
        """Another contract altogether, out of a file, say."""
        self._put(contract)

    def undo(self) -> None:
        """Takes the last change back."""
        if len(self.history) > 1:
            self.history.pop()

    def reset(self) -> None:
        """Back to what was read from the file; the class names stay."""
        names = self.contract.class_names
        first = self.inspection.contract()
        self._put(
            dataclasses.replace(first, class_names=names) if len(names) == len(first.class_names) else first
        )

    def _put(self, contract: Contract) -> None:
        if contract != self.contract:
            self.history.append(contract)

    def _with_task(self, task: str) -> Contract:
        count = 2 if task == "binary" else self.inspection.outputs
        names = self.contract.class_names
        return dataclasses.replace(
            self.contract, task=task, class_names=names if len(names) == count else numbered(count)
        )

    def _read(self, name: str) -> Any:
        if name == "picture":
            return (*self.inspection.guesses["size"].value, self.inspection.guesses["channels"].value)
        return self.inspection.guesses[name].value

    def _guess(self, name: str) -> Any:
        return self.inspection.guesses["size" if name == "picture" else name]


def shown(name: str, value: Any) -> str:
    """A value as the form writes it."""
    if name == "picture":
        height, width, channels = value
        return f"{height} × {width}, {'gray' if channels == 1 else 'colour'}"
    return f"{value:.0%}" if name == "margin" else str(value)


def usual_names(count: int) -> tuple[str, ...]:
    """The names that so many classes most often have: letters or ImageNet's; nothing otherwise."""
    if count == 26:
        return tuple(ascii_uppercase)
    return imagenet_classes() if count == 1000 else ()
