"""What a network's last layers make of its scores: logits, softmax twice, softmax on one unit, sigmoids."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.finding import Finding, Witness
from lib.autopsy.fingerprint.probes import Answers
from lib.layer import Layer
from lib.wording import number
from lib.zoo.own.training_facts import TrainingFacts

if TYPE_CHECKING:
    from lib.network import Network

# What passes scores on without mixing them.
_PASSING = frozenset({"Dropout", "Identity", "Reshape", "Flatten"})
# How close to e the largest ratio of two probabilities must come before it speaks for softmax of softmax.
_NEAR_E = 0.98


def ending_findings(network: Network, training: TrainingFacts, answers: Answers) -> Iterator[Finding]:
    """Findings about the last layers; what is only worth knowing has the weight 0."""
    contract = network.contract
    if contract.output == "softmax" and contract.outputs == 1:
        yield Finding(
            "softmax-on-one-unit",
            "The model ends in softmax over a single unit: its answer is 1.0 for every picture.",
            "proof",
            ("exp(z) / exp(z) = 1, whatever z is.",),
            (Witness("smallest probability over all probes", float(answers.plain.probabilities.min())),),
            weight=1.0,
            code='keras.layers.Dense(1, activation="sigmoid")  # trained with BinaryCrossentropy',
        )
    elif contract.output == "softmax":
        yield from _double_softmax(network, training, answers)
    elif contract.output == "logits":
        yield _logits(network, training, answers)
    elif contract.outputs > 1:
        yield from _sigmoids(network, training, answers)


# ---- linear ----------------------------------------------------------------------------------------------------------


def _logits(network: Network, training: TrainingFacts, answers: Answers) -> Finding:
    logits, task = answers.plain.logits, network.contract.task
    if task == "binary":
        logits = logits[:, 1:]
    last = _last(network)
    function = "softmax" if task == "single label" else "sigmoid"
    low, high = float(logits.min()), float(logits.max())
    mistrained = training.from_logits is False and training.loss.endswith("Crossentropy")
    if mistrained:
        sentence = (
            f"The last layer, “{last.name}”, is linear, but {training.loss} was told from_logits=False: the training took "
            "these scores for probabilities."
        )
    else:
        sentence = (
            f"The last layer, “{last.name}”, is linear: the model gives logits, no probabilities. Misread applies "
            f"{function}; model.predict does not."
        )
    return Finding(
        "logits-read-as-probabilities",
        sentence,
        "proof",
        (f"Over {len(logits)} probes its scores lie from {number(low)} to {number(high)}.",),
        (Witness("smallest score", low, 0.0, 1.0), Witness("largest score", high, 0.0, 1.0)),
        weight=1.0 if mistrained else 0.0,
        code=f"model.compile(loss=keras.losses.{training.loss}(from_logits=True), ...)"
        if mistrained
        else f"probabilities = keras.ops.{function}(model.predict(images))",
    )


# ---- softmax ---------------------------------------------------------------------------------------------------------


def _double_softmax(network: Network, training: TrainingFacts, answers: Answers) -> Iterator[Finding]:
    classes = network.contract.outputs
    bound = math.e / (math.e + classes - 1)
    top = float(max(trace.probabilities.max() for trace in answers.scaled.values()))
    witness = Witness("largest probability over all probes", top, 1 / classes, bound)
    softmaxes = _softmaxes_at_the_end(network)
    why = (
        f"Softmax of numbers from 0 to 1 gives at most e / (e + {classes - 1}) = {bound:.3f} for {classes} classes; over "
        f"{sum(map(len, (t.logits for t in answers.scaled.values())))} probes the largest probability is {top:.3f}."
    )
    if len(softmaxes) > 1:
        names = " and ".join(f"“{name}”" for name in softmaxes[-2:])
        yield Finding(
            "double-softmax",
            f"Softmax stands twice at the end, {names}: no class can get more than {100 * bound:.1f} %.",
            "proof",
            (why,),
            (witness,),
            weight=1.0,
            code='keras.layers.Dense(classes)  # without activation="softmax" before the Softmax layer',
        )
    elif _looks_doubled(answers):
        yield Finding(
            "double-softmax",
            "The probabilities behave as softmax of softmax: one is never more than e = 2.718 times another, at any scale "
            "of the pixels.",
            "guess",
            (why,),
            (witness,),
            weight=1.0,
            code="# leave one softmax out",
        )
    elif training.from_logits:
        yield Finding(
            "double-softmax",
            f"The model ends in softmax, but {training.loss or 'the loss'} was told from_logits=True. Where Keras does not "
            "notice it, training goes through softmax twice and learns slowly; the answers are probabilities all the same.",
            "proof",
            (
                "With TensorFlow inside fit(), Keras finds the softmax, warns, and uses the logits; when run eagerly it "
                "does not.",
            ),
            (witness,),
            weight=0.0,
            code=f"model.compile(loss=keras.losses.{training.loss or 'SparseCategoricalCrossentropy'}(), ...)",
        )


def _looks_doubled(answers: Answers) -> bool:
    """Whether no two probabilities differ by more than e, while some come as close to that as a certain first softmax."""
    largest = 0.0
    for trace in answers.scaled.values():
        p = trace.probabilities
        if not np.isfinite(p).all() or p.shape[1] < 2 or (p <= 0).any():
            return False
        largest = max(largest, float((p.max(1) / p.min(1)).max()))
    return _NEAR_E * math.e <= largest <= math.e * 1.0001


def _softmaxes_at_the_end(network: Network) -> list[str]:
    """Names of the layers that apply softmax, from the last layer back as long as nothing mixes the scores between them."""
    layers = {layer.name: layer for layer in network.layers}
    found: list[str] = []
    here: Layer | None = _last(network)
    while here is not None:
        if here.activation.startswith("softmax") or here.kind == "Softmax":
            found.insert(0, here.name)
            if here.kind not in ("Softmax", "Activation"):  # its weights mix what comes before them
                break
        elif here.kind not in _PASSING and not (here.kind == "Activation" and here.activation == "linear"):
            break
        here = layers.get(here.inputs[0]) if len(here.inputs) == 1 else None
        while here is not None and here.nested:
            here = layers.get(here.inputs[0]) if len(here.inputs) == 1 else None
    return found


def _last(network: Network) -> Layer:
    """The layer that gives the scores; a nested model stands after its own last layer."""
    return next((layer for layer in reversed(network.layers) if not layer.nested), network.layers[-1])


# ---- sigmoids --------------------------------------------------------------------------------------------------------


def _sigmoids(network: Network, training: TrainingFacts, answers: Answers) -> Iterator[Finding]:
    mistrained = "Categorical" in training.loss
    if network.contract.task != "single label" and not mistrained:
        return
    sums = answers.plain.probabilities.sum(1)
    low, high = float(sums.min()), float(sums.max())
    trained = (
        f" They were trained with {training.loss}, which expects one distribution." if mistrained else ""
    )
    yield Finding(
        "sigmoid-read-as-softmax",
        f"The model ends in {network.contract.outputs} sigmoids: each class is judged by itself, and the numbers do not add "
        f"up to 1.{trained}",
        "proof",
        (f"Over {len(sums)} probes they add up to between {number(low)} and {number(high)}.",),
        (Witness("smallest sum", low, 1.0, 1.0), Witness("largest sum", high, 1.0, 1.0)),
        weight=1.0 if mistrained else 0.0,
        code='keras.layers.Dense(classes, activation="softmax")  # for one class per picture',
    )
