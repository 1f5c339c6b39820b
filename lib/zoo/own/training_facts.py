"""What a model file says about its training: loss, from_logits, optimizer. Read as text; nothing of it is ever built."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lib.zoo.own.refusals import shown_text


@dataclass(frozen=True)
class TrainingFacts:
    """What `compile()` was given, as far as the file says it, and what surrounds the model in the file.

    Attributes:
        loss, optimizer: class names such as "SparseCategoricalCrossentropy" and "Adam", or "".
        from_logits: of the loss, or None.
        iterations: optimizer steps, or None.
        keras_version, saved: as the file says them, or "".
    """

    loss: str = ""
    optimizer: str = ""
    from_logits: bool | None = None
    iterations: int | None = None
    keras_version: str = ""
    saved: str = ""


def training_facts(
    compiled: object, iterations: int | None = None, keras_version: object = "", saved: object = ""
) -> TrainingFacts:
    """Reads the `compile_config` of a .keras file or the `training_config` of an .h5; both as parsed JSON."""
    given: Mapping[str, Any] = compiled if isinstance(compiled, dict) else {}
    loss, from_logits = _loss(given.get("loss", given.get("loss_config")))
    optimizer = given.get("optimizer", given.get("optimizer_config"))
    return TrainingFacts(
        loss=loss,
        optimizer=shown_text(_class_name(optimizer)),
        from_logits=from_logits,
        iterations=iterations,
        keras_version=shown_text(keras_version, 40) if isinstance(keras_version, str) else "",
        saved=shown_text(saved, 40) if isinstance(saved, str) else "",
    )


def _loss(value: object) -> tuple[str, bool | None]:
    while isinstance(value, list) and len(value) == 1:
        (value,) = value
    if isinstance(value, dict) and "class_name" not in value and len(value) == 1:
        (value,) = value.values()  # a loss by the name of the output
    name = shown_text(_class_name(value))
    inner = value.get("config") if isinstance(value, dict) else None
    from_logits = inner.get("from_logits") if isinstance(inner, dict) else None
    if isinstance(from_logits, bool):
        return name, from_logits
    # A loss that is given by its name alone has Keras's default.
    by_name = isinstance(value, str) and name.endswith("Crossentropy")
    return name, False if by_name else None


def _class_name(value: object) -> str:
    """ "SparseCategoricalCrossentropy" for an object, a function or the string "sparse_categorical_crossentropy"."""
    if isinstance(value, dict):
        name = value.get("class_name")
        if name == "function":
            return _class_name(value.get("config"))
        return name if isinstance(name, str) else ""
    if not isinstance(value, str):
        return ""
    return "".join(part[:1].upper() + part[1:] for part in re.split(r"[_\s]+", value[:200]))
