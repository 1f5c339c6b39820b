"""Weights that cannot be right: not numbers, untrained, or a network that no picture reaches the end of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.finding import Finding, Witness
from lib.autopsy.fingerprint.probes import ALPHAS, Answers
from lib.weights import WeightArray, weights
from lib.wording import number

if TYPE_CHECKING:
    from lib.network import Network

_CAUSE = "wrong-model-file"
_RELU = frozenset({"relu", "relu6"})
_CONSTANT = 1e-5


def weight_findings(network: Network, answers: Answers) -> Iterator[Finding]:
    """`wrong-model-file`, at most once: the gravest of what there is."""
    arrays = weights(network)
    found = _not_finite(arrays) or _untrained(arrays) or _constant(network, answers)
    if found is not None:
        yield found
    elif (dead := _first_dead(network, answers)) is not None:
        yield _dead(dead, answers)


def _not_finite(arrays: Sequence[WeightArray]) -> Finding | None:
    broken = [array for array in arrays if array.nans or array.infinities]
    if not broken:
        return None
    count = sum(array.nans + array.infinities for array in broken)
    return Finding(
        _CAUSE,
        f"{count:,} weights are NaN or infinite: the training broke down before this file was saved.",
        "proof",
        tuple(f"“{a.layer}”, {a.name}: {a.sentence()}." for a in broken[:3]),
        (Witness("weights that are no numbers", float(count), 0.0, 0.0),),
        weight=1.0,
        code="keras.callbacks.TerminateOnNaN()  # and a smaller learning rate",
    )


def _untrained(arrays: Sequence[WeightArray]) -> Finding | None:
    """All large kernels as they were drawn, with biases of exactly 0; or the last layer's alone."""
    kernels = [a for a in arrays if "kernel" in a.name and len(a.shape) >= 2]
    biased = {a.layer for a in arrays if a.name == "bias" and not a.note}
    untouched = [a for a in kernels if a.note and a.layer not in biased]
    if not untouched:
        return None
    # Small kernels cannot be told from drawn ones; they must not speak against it either, unless their bias does.
    others = [a for a in kernels if a not in untouched and (a.count >= 1_000 or a.layer in biased)]
    last = kernels[-1]
    if others and last not in untouched:
        return None
    if others:
        sentence = (
            f"The last layer, “{last.layer}”, is still as it was initialised, while other layers are trained: the head "
            "belongs to another task, or was never trained."
        )
    else:
        sentence = "The weights are still as they were initialised: this model was never trained, or its weights not loaded."
    return Finding(
        _CAUSE,
        sentence,
        "proof",
        tuple(f"“{a.layer}”, {a.name}: {a.note}" for a in untouched[:3]),
        (Witness("kernels as they were initialised", float(len(untouched)), 0.0, 0.0),),
        weight=1.0,
        code="model.load_weights('trained.weights.h5')  # the file that was saved after training",
    )


def _constant(network: Network, answers: Answers) -> Finding | None:
    """The same scores for every picture at every scale; the dead layer is named if there is one."""
    logits = np.concatenate([answers.scaled[alpha].logits for alpha in ALPHAS]).astype(np.float64)
    if not np.isfinite(logits).all() or len(network.contract.class_names) < 2:
        return None
    spread = float((logits.max(0) - logits.min(0)).max())
    if spread > _CONSTANT * (1 + float(np.abs(logits).max())):
        return None
    name = network.contract.class_names[int(logits[0].argmax())]
    dead = _first_dead(network, answers)
    evidence = [
        f"Over {len(logits):,} pictures, from 1/255 to 255 times the usual range, no score varies by more."
    ]
    if dead:
        evidence.insert(
            0, f"“{dead}” gives 0 everywhere: its units are dead (ReLU), and nothing passes them."
        )
    if answers.prototypes:
        evidence.append(f"{answers.prototypes} of the pictures are means of training pictures.")
    return Finding(
        _CAUSE,
        f"Every picture gets the same scores, and so the answer “{name}”: they vary by {number(spread)}.",
        "training sample" if answers.prototypes else "guess",
        tuple(evidence),
        (Witness("largest spread of a score", spread),),
        weight=1.0,
    )


def _first_dead(network: Network, answers: Answers) -> str | None:
    for layer in network.layers:
        rectifies = layer.activation in _RELU or layer.kind == "ReLU"
        if rectifies and not np.any(answers.trace.activations[layer.name]):
            return layer.name
    return None


def _dead(layer: str, answers: Answers) -> Finding:
    """A layer that gives nothing in a network that answers all the same: worth knowing, perhaps no fault."""
    count = len(answers.trace.logits)
    return Finding(
        _CAUSE,
        f"The layer “{layer}” gives 0 everywhere for all of {count} probes: its units seem to be dead (ReLU), and the "
        "answers come by another way.",
        "training sample" if answers.prototypes else "guess",
        weight=0.0,
    )
