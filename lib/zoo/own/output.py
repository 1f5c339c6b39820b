"""What a network's last layers give: logits, softmax or sigmoid, for one class of several, of two, or each by itself."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np

from lib.layer import Layer
from lib.picture.guards import called
from lib.unfold import Unfolded
from lib.zoo.own.inspection import Guess
from lib.zoo.own.limits import ModelFileError, ModelLimits
from lib.zoo.own.refusals import shown_text
from lib.zoo.own.training_facts import TrainingFacts

_REGRESSION = ("MeanSquaredError", "MeanAbsoluteError", "Mse", "Mae", "Huber", "LogCosh")
_SUPPORTED = "Supported are image classifiers: one picture in, one vector of class scores out"


@dataclass(frozen=True)
class Ending:
    """The end of a network: the contract's `output` and `task` as guesses, the number of outputs, and what stands out."""

    guesses: dict[str, Guess]
    outputs: int
    notes: tuple[str, ...]
    double_softmax: bool


def ending_of(
    opened: Unfolded, shape: tuple[int, ...], facts: TrainingFacts, name: str, limits: ModelLimits
) -> Ending:
    """Reads the end of the opened model.

    Args:
        shape: of one picture, every number known.

    Raises:
        ModelFileError: it gives no vector of class scores.
    """
    outputs = output_count(opened, name, limits)
    last = next((layer for layer in reversed(opened.layers) if not layer.nested), opened.layers[-1])
    output = _output_guess(opened, last, shape, facts)
    if outputs == 1 and facts.loss in _REGRESSION and output.value == "logits":
        raise ModelFileError(
            f"{called(name)} gives one number and was trained with {facts.loss}: it estimates a quantity. {_SUPPORTED}."
        )
    task = _task_guess(outputs, str(output.value), facts)
    twice = _first_softmax(opened, last)
    notes = _notes(last, twice, outputs, str(output.value), facts)
    return Ending({"output": output, "task": task}, outputs, notes, bool(twice))


def output_count(opened: Unfolded, name: str, limits: ModelLimits) -> int:
    """How many scores the network gives.

    Raises:
        ModelFileError: it gives no vector, or too long a one.
    """
    shape = tuple(opened.output.shape[1:])
    if len(shape) != 1 or shape[0] is None:
        what = "segmentation or detection" if len(shape) >= 2 else "no vector"
        shown = ", ".join("any" if n is None else str(n) for n in shape)
        raise ModelFileError(
            f"{called(name)} gives ({shown}) for one picture: {what}. {_SUPPORTED}; end the model with pooling or Flatten "
            "and Dense."
        )
    if shape[0] > limits.classes:
        raise ModelFileError(
            f"{called(name)} gives {shape[0]:,} scores; the limit is {limits.classes:,} classes. {_SUPPORTED}."
        )
    return int(shape[0])


def _output_guess(opened: Unfolded, last: Layer, shape: tuple[int, ...], facts: TrainingFacts) -> Guess:
    where = f"“{shown_text(last.name)}” ({last.kind})"
    if opened.ending in ("softmax", "sigmoid"):
        return Guess(opened.ending, f"the model ends in {opened.ending}: {where}", "read")
    if opened.ending == "logits":
        told = ", and the loss was told from_logits=True" if facts.from_logits else ""
        return Guess("logits", f"the model ends in a layer without softmax or sigmoid: {where}{told}", "read")
    return _measured(opened, where, shape)


def _measured(opened: Unfolded, where: str, shape: tuple[int, ...]) -> Guess:
    """From the answers to a few random pictures, where the last layer does not tell."""
    run = keras.Model(opened.inputs, opened.output)
    noise = np.random.default_rng(0).uniform(-1, 1, (4, *shape)).astype(np.float32)
    answers = np.concatenate(
        [np.asarray(run(noise * scale, training=False), np.float64) for scale in (1.0, 1e3, 1e6)]
    )
    inside = bool(np.all(answers >= 0) and np.all(answers <= 1))
    if inside and answers.shape[1] > 1 and np.allclose(answers.sum(1), 1, atol=1e-3):
        return Guess(
            "softmax", f"measured: after {where} the scores of random pictures add up to 1", "derived"
        )
    if inside and np.any((answers > 0) & (answers < 1)):
        return Guess(
            "sigmoid", f"measured: after {where} the scores of random pictures lie from 0 to 1", "derived"
        )
    return Guess(
        "logits", f"measured: after {where} the scores of random pictures are no probabilities", "derived"
    )


def _task_guess(outputs: int, output: str, facts: TrainingFacts) -> Guess:
    if output == "softmax":
        return Guess("single label", "softmax shares 100 % among the classes", "derived")
    if outputs == 1:
        return Guess("binary", "one output: the second of two classes", "derived")
    if "Categorical" in facts.loss:
        return Guess("single label", f"it was trained with {facts.loss}", "derived")
    if "Binary" in facts.loss:
        return Guess("multi-label", f"it was trained with {facts.loss}: each class by itself", "derived")
    if output == "sigmoid":
        return Guess("multi-label", f"{outputs} sigmoids: each class by itself", "derived")
    return Guess(
        "single label", "assumed: nothing in the file says it; most networks choose one class", "assumed"
    )


def _first_softmax(opened: Unfolded, last: Layer) -> str:
    """The layer that gives a softmax to the last one, when that is a softmax, too; else empty."""
    softmaxes = [
        layer
        for layer in opened.layers
        if not layer.nested
        and len(layer.shape) == 1
        and (layer.activation.startswith("softmax") or layer.kind == "Softmax")
    ]
    before = _sources(last, {layer.name: layer for layer in opened.layers})
    # A layer with weights between the two makes new scores of the first one's probabilities.
    bare = last.kind in ("Softmax", "Activation")
    twice = bare and len(softmaxes) > 1 and softmaxes[-1].name == last.name and softmaxes[-2].name in before
    return softmaxes[-2].name if twice else ""


def _notes(last: Layer, twice: str, outputs: int, output: str, facts: TrainingFacts) -> tuple[str, ...]:
    notes = []
    if output == "softmax" and outputs == 1:
        notes.append(
            "Softmax over a single output is always 1, whatever the picture: it should be a sigmoid."
        )
    bound = np.e / (np.e + outputs - 1)
    if twice:
        notes.append(
            f"Softmax stands twice at the end (“{shown_text(twice)}”, “{shown_text(last.name)}”): no "
            f"probability can exceed {bound:.3f} then. Remove one."
        )
    elif output == "softmax" and facts.from_logits:
        notes.append(
            f"The model ends in softmax but {facts.loss} was told from_logits=True: it was trained through softmax twice. "
            "Its answers are probabilities nevertheless; training it again without one of the two would sharpen them."
        )
    if output == "logits" and facts.from_logits is False and facts.loss.endswith("Crossentropy"):
        notes.append(
            f"The model ends without softmax but {facts.loss} was told from_logits=False: it was trained on scores that "
            "were taken for probabilities."
        )
    if output == "sigmoid" and outputs > 1 and "Categorical" in facts.loss:
        notes.append(f"{outputs} sigmoids were trained with {facts.loss}: the scores do not add up to 1.")
    return tuple(notes)


def _sources(layer: Layer, layers: dict[str, Layer]) -> set[str]:
    """The layers right before it, not counting those that pass numbers on."""
    found: set[str] = set()
    waiting = list(layer.inputs)
    while waiting:
        name = waiting.pop()
        source = layers.get(name)
        if source is None or name in found:
            continue
        found.add(name)
        if source.nested or source.kind in ("Activation", "Dropout", "Identity", "Reshape", "Flatten"):
            waiting.extend(source.inputs)
    return found
