"""What looking at a model file found: a contract field by field with where each was read, and facts about the training.

Values only, as JSON and back, because they come out of the separate process; the looking itself is in `evidence`.
"""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from lib.contract import Contract
from lib.zoo.class_names import numbered

LEVELS = ("read", "derived", "assumed")
FIELDS = tuple(entry.name for entry in dataclasses.fields(Contract) if entry.name != "class_names")
_LONGEST_TEXT = 1_000
_MOST_NOTES = 100


class InspectionError(ValueError):
    """What claims to be an inspection is none; the message names the field."""


@dataclass(frozen=True)
class Guess:
    """One field of the contract.

    Attributes:
        value: as the contract has it.
        source: where it was read, as a sentence; begins with "assumed:" when nothing in the file says it.
        level: "read" (the file says it), "derived" (follows from what it says), "assumed".
    """

    value: Any
    source: str
    level: str = "read"


@dataclass(frozen=True)
class BatchNormFacts:
    """The model's BatchNorm layers.

    Attributes:
        count: how many there are.
        momentum, epsilon: of the first; they rarely differ.
        untouched: how many have a moving mean of 0 and a variance of 1 everywhere, as before any training.
        first_layer: name of the first.
    """

    count: int = 0
    momentum: float | None = None
    epsilon: float | None = None
    untouched: int = 0
    first_layer: str = ""


@dataclass(frozen=True)
class Inspection:
    """A model file looked at.

    Attributes:
        kind: ".keras", "whole-model HDF5", "weights for ResNet50", "SavedModel ...".
        guesses: contract field -> Guess, for every field but the class names.
        outputs: numbers that the last layer gives.
        parameters, layers: of the whole model, nested ones included.
        activations: numbers in one picture's full trace.
        family: the function in keras.applications whose layers these are, or ""; `family_source` says how it was known.
        preprocessing: sentences on the layers that change pixel values or size inside the model, in order.
        augmentation, dropout: names of such layers.
        training_calls: names of layers that the file calls with training=True, so that they are random in inference, too.
        unadapted: names of Normalization layers that were never adapted.
        double_softmax: whether softmax stands twice at the end, so that no probability exceeds e / (e + K - 1).
        batchnorm: facts for the BatchNorm failure.
        loss, optimizer: class names, or "" when the file does not say.
        from_logits: what the loss was told, or None.
        iterations: optimizer steps, or None.
        dtype_policy: e.g. "mixed_float16".
        keras_version, saved: as the file says them.
        notes: sentences about what stands out or cannot be seen.
    """

    kind: str
    guesses: Mapping[str, Guess]
    outputs: int
    parameters: int
    layers: int
    activations: int = 0
    family: str = ""
    family_source: str = ""
    preprocessing: tuple[str, ...] = ()
    augmentation: tuple[str, ...] = ()
    dropout: tuple[str, ...] = ()
    training_calls: tuple[str, ...] = ()
    unadapted: tuple[str, ...] = ()
    double_softmax: bool = False
    batchnorm: BatchNormFacts = field(default_factory=BatchNormFacts)
    loss: str = ""
    optimizer: str = ""
    from_logits: bool | None = None
    iterations: int | None = None
    dtype_policy: str = ""
    keras_version: str = ""
    saved: str = ""
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "guesses", MappingProxyType(dict(self.guesses)))

    @property
    def classes(self) -> int:
        """How many class names the contract needs."""
        return 2 if self.guesses["task"].value == "binary" else self.outputs

    def contract(self, class_names: Sequence[str] | None = None, **changed: Any) -> Contract:
        """The guesses as a contract.

        Args:
            class_names: one per class; numbered when None.
            changed: fields that the visitor knows better.

        Raises:
            ContractError: names or changes do not fit.
        """
        fields = {name: guess.value for name, guess in self.guesses.items()}
        names = numbered(self.classes) if class_names is None else tuple(class_names)
        return Contract(**{**fields, "class_names": names, **changed})

    def initial_share(self) -> float | None:
        """The weight (0..1) that BatchNorm's first statistics still have: momentum to the power of the steps taken.

        None when the file has no BatchNorm or does not say the steps.
        """
        if self.iterations is None or self.batchnorm.momentum is None:
            return None
        return float(self.batchnorm.momentum**self.iterations)

    def to_dict(self) -> dict[str, Any]:
        """JSON-serialisable; `from_dict` reads it."""
        entries = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        entries["guesses"] = {name: dataclasses.asdict(guess) for name, guess in self.guesses.items()}
        entries["batchnorm"] = dataclasses.asdict(self.batchnorm)
        return json.loads(json.dumps(entries))

    @staticmethod
    def from_dict(entries: object) -> Inspection:
        """Reads what `to_dict` wrote, trusting nothing in it.

        Raises:
            InspectionError: a field is missing, unknown, of another kind or too long.
        """
        given = _mapping(entries, "inspection")
        guesses = {
            name: _guess(entry, name) for name, entry in _mapping(given.get("guesses"), "guesses").items()
        }
        if set(guesses) != set(FIELDS):
            raise InspectionError(f"guesses must name the contract's fields {', '.join(FIELDS)}.")
        values = {**_checked(given, Inspection, skip=("guesses", "batchnorm")), "guesses": guesses}
        values["batchnorm"] = BatchNormFacts(
            **_checked(_mapping(given.get("batchnorm"), "batchnorm"), BatchNormFacts, skip=())
        )
        found = Inspection(**values)
        try:
            found.contract()
        except (ValueError, TypeError) as error:
            raise InspectionError(f"guesses make no contract: {error}") from error
        return found


def _mapping(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise InspectionError(f"{what} must be an object with named fields.")
    return value


def _guess(entry: object, name: str) -> Guess:
    values = _checked(_mapping(entry, f"the guess {name}"), Guess, skip=("value",))
    if values["level"] not in LEVELS:
        raise InspectionError(f"the guess {name} must be {', '.join(LEVELS)}.")
    value = entry["value"] if isinstance(entry, dict) else None
    return Guess(tuple(value) if isinstance(value, list) else value, **values)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_TEXT


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63


_TESTS: dict[str, Any] = {
    "str": _is_text,
    "int": _is_whole,
    "int | None": lambda value: value is None or _is_whole(value),
    "bool": lambda value: isinstance(value, bool),
    "bool | None": lambda value: value is None or isinstance(value, bool),
    "float | None": lambda value: value is None or (isinstance(value, float | int) and math.isfinite(value)),
    "tuple[str, ...]": lambda value: (
        isinstance(value, list) and len(value) <= _MOST_NOTES and all(_is_text(item) for item in value)
    ),
}


def _checked(entries: dict[str, Any], kind: type, skip: tuple[str, ...]) -> dict[str, Any]:
    """The fields of a dataclass out of JSON, each of its declared type.

    Raises:
        InspectionError: one is missing, unknown or of another type.
    """
    declared = {f.name: str(f.type) for f in dataclasses.fields(kind)}
    unknown = sorted(set(entries) - set(declared))
    if unknown:
        raise InspectionError(f"there is no field {unknown[0]!r:.60}.")
    values = {}
    for name, annotation in declared.items():
        if name in skip:
            continue
        if name not in entries or not _TESTS[annotation](entries[name]):
            raise InspectionError(f"{name} is missing or no {annotation}.")
        values[name] = tuple(entries[name]) if annotation.startswith("tuple") else entries[name]
    return values
