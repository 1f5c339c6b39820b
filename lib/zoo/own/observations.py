"""What stands out in a built model beside its contract: pixel layers, BatchNorm, randomness, endings that spoil answers."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np

from lib.layer import Layer
from lib.unfold import Unfolded
from lib.zoo.own.inspection import BatchNormFacts
from lib.zoo.own.output import Ending
from lib.zoo.own.pixels import PixelArithmetic
from lib.zoo.own.refusals import shown_text
from lib.zoo.own.training_facts import TrainingFacts

_LISTED = 20


def preprocessing_of(opened: Unfolded, arithmetic: PixelArithmetic | None) -> tuple[str, ...]:
    sentences = []
    for layer in arithmetic.layers if arithmetic else ():
        sentences.append(f"“{shown_text(layer.name)}”: {layer.kind}{_arguments(opened.sources[layer.name])}")
    for layer in opened.layers:
        if layer.kind in ("Resizing", "CenterCrop"):
            sentences.append(
                f"“{shown_text(layer.name)}”: {layer.kind} to {layer.shape[0]} x {layer.shape[1]}"
            )
    return tuple(sentences[:_LISTED])


def _arguments(layer: Any) -> str:
    if isinstance(layer, keras.layers.Rescaling):
        return f" x {np.mean(layer.scale):.6g} + {np.mean(layer.offset):.6g}"
    if isinstance(layer, keras.layers.Normalization):
        if never_adapted(layer):
            return ", never adapted: it passes its input on unchanged"
        return (
            f" with mean {float(np.mean(layer.mean)):.4g} and variance {float(np.mean(layer.variance)):.4g}"
        )
    return ""


def never_adapted(layer: Any) -> bool:
    """Whether a Normalization layer still has the mean 0 and the variance 1 (or none) that it was built with."""
    mean, variance = getattr(layer, "mean", None), getattr(layer, "variance", None)
    if mean is None or variance is None:
        return True
    return bool(np.all(np.asarray(mean) == 0) and np.all(np.asarray(variance) == 1))


def unadapted_of(opened: Unfolded) -> tuple[str, ...]:
    """Names of the Normalization layers that pass their input on unchanged."""
    found = (layer.name for layer in opened.layers if layer.kind == "Normalization")
    return tuple(shown_text(name) for name in found if never_adapted(opened.sources[name]))[:_LISTED]


def names_of(opened: Unfolded, kinds: frozenset[str]) -> tuple[str, ...]:
    return tuple(shown_text(layer.name) for layer in opened.layers if layer.kind in kinds)[:_LISTED]


def training_calls(config: object) -> tuple[str, ...]:
    """Names of the layers that a description calls with training=True: they stay random, or batch-dependent, for ever."""
    found: list[str] = []
    waiting: list[object] = [config]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            nodes = value.get("inbound_nodes")
            if isinstance(nodes, list) and any(
                isinstance(node, dict) and (node.get("kwargs") or {}).get("training") is True
                for node in nodes
            ):
                found.append(shown_text(value.get("name")))
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return tuple(sorted(found)[:_LISTED])


def batchnorm_of(opened: Unfolded) -> BatchNormFacts:
    layers: list[tuple[Layer, Any]] = [
        (layer, opened.sources[layer.name])
        for layer in opened.layers
        if layer.kind == "BatchNormalization" and not layer.repeated
    ]
    if not layers:
        return BatchNormFacts()
    first, source = layers[0]
    untouched = sum(
        bool(np.all(np.asarray(bn.moving_mean) == 0) and np.all(np.asarray(bn.moving_variance) == 1))
        for _, bn in layers
    )
    return BatchNormFacts(
        len(layers), float(source.momentum), float(source.epsilon), untouched, shown_text(first.name)
    )


def notes_of(
    opened: Unfolded,
    batchnorm: BatchNormFacts,
    unadapted: tuple[str, ...],
    facts: TrainingFacts,
    ending: Ending,
) -> tuple[str, ...]:
    notes = list(ending.notes)
    if unadapted:
        notes.append(
            f"The Normalization layer “{unadapted[0]}” was never adapted: it passes its input on unchanged."
        )
    if batchnorm.untouched:
        notes.append(
            f"{batchnorm.untouched} of {batchnorm.count} BatchNorm layers have a moving mean of 0 and a variance of 1, as "
            "before any training: in inference they do nothing of what they did in fit()."
        )
    elif facts.iterations is not None and batchnorm.momentum is not None:
        share = batchnorm.momentum**facts.iterations
        if share > 0.01:
            notes.append(
                f"After {facts.iterations} optimizer steps at momentum {batchnorm.momentum:g}, BatchNorm's statistics still "
                f"consist of their initial 0 and 1 to {share:.0%}: predictions differ from what fit() reported."
            )
    if any(not np.all(np.isfinite(weight)) for weight in _weights(opened)):
        notes.append("Some weights are not finite numbers (NaN or infinite): the training had broken down.")
    return tuple(notes)


def _weights(opened: Unfolded) -> list[np.ndarray]:
    """All weights, each once."""
    found = {}
    for source in opened.sources.values():
        for weight in getattr(source, "weights", []):
            found[id(weight)] = weight
    return [np.asarray(keras.ops.convert_to_numpy(weight), np.float32) for weight in found.values()]
