"""The sentences that people read when a model file is refused, where more than one check says them."""

from __future__ import annotations

import unicodedata

from lib.picture.guards import called
from lib.zoo.own import allowed
from lib.zoo.own.limits import ModelFileError, ModelLimits

DEEPEST = 100
"""Levels of nesting in the description of a model."""

SAVE_AGAIN = "save the model again with model.save('model.keras')"


def shown_text(value: object, most: int = 60) -> str:
    """Text out of a file as the app shows it: one line, no control characters, not too long."""
    text = "".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in str(value)[:1000])
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def refused_class(kind: str, module: str | None, layer: str, name: str) -> ModelFileError:
    """For a layer of a class that is not on the lists, or for something in it that is not."""
    return ModelFileError(_about_class(kind, module, layer, name))


def _about_class(kind: str, module: str | None, layer: str, name: str) -> str:
    shown = shown_text(kind)
    if kind in ("Lambda", "__lambda__"):
        what = "is a Lambda layer" if kind == "Lambda" else "has a Python lambda among its settings"
        return (
            f"The layer “{layer}” in {called(name)} {what}: Python code, which is never run from a file here. Put layers "
            f"of Keras in its place (Rescaling for arithmetic on pixels, or the operations of keras.ops) and {SAVE_AGAIN}."
        )
    if kind in allowed.LAMBDAS:
        return (
            f"The layer “{layer}” in {called(name)} is a {shown}: a bare operation of TensorFlow 2, which Keras 3 does not "
            "load. Rebuild the model with layers, copy the weights (new.set_weights(old.get_weights())) and "
            f"{SAVE_AGAIN}."
        )
    if kind in allowed.TEXT_LAYERS:
        return (
            f"The layer “{layer}” in {called(name)} is a {shown}, which works on text and may read files. Supported are "
            "image classifiers: one picture in, one vector of class scores out."
        )
    if kind in allowed.FOREIGN_LAYERS:
        return (
            f"The layer “{layer}” in {called(name)} is a {shown}: it hands over to another program or file, which "
            f"cannot be checked. Rebuild it with Keras layers and {SAVE_AGAIN}."
        )
    if kind in allowed.REFUSED_OPERATIONS:
        return (
            f"“{layer}” in {called(name)} is a loop or branch ({shown}), which may never end. Rebuild it without and "
            f"{SAVE_AGAIN}."
        )
    origin = f" of the module “{shown_text(module)}”" if module else ""
    return (
        f"The layer “{layer}” in {called(name)} needs the class “{shown}”{origin}, which is not one of the Keras layers "
        "that are allowed here; no code can come with a file. Build the model from Keras's own layers, copy the "
        f"weights (new.set_weights(old.get_weights())) and {SAVE_AGAIN}."
    )


def too_many_parameters(number: int, name: str, limits: ModelLimits, where: str = "") -> ModelFileError:
    who = f"{where} in {called(name)}" if where else called(name)
    return ModelFileError(
        f"{who[:1].upper() + who[1:]} declares {number:,} parameters; the limit is {limits.parameters:,}. If it is a "
        "real model, it is too large for this app: load a smaller one."
    )


def several_ends(number: int, what: str, name: str) -> ModelFileError:
    return ModelFileError(
        f"{called(name)} has {number} {what}. Supported are image classifiers with one picture in and one vector of "
        "class scores out: save keras.Model(one_input, one_output)."
    )


def subclassed(kind: str, name: str) -> ModelFileError:
    return ModelFileError(
        f"{called(name)} holds a model of the class {kind} whose layers the file does not show. Supported are Sequential "
        "and functional models: build it from keras.Input and Keras's own layers, copy the weights "
        f"(new.set_weights(old.get_weights())) and {SAVE_AGAIN}."
    )


def too_deep(name: str) -> ModelFileError:
    return ModelFileError(
        f"The description of the layers in {called(name)} is nested deeper than {DEEPEST} levels; no real model's is. "
        f"{SAVE_AGAIN.capitalize()}."
    )
