"""Looks at a built model and its file's facts, and fills the contract in: every field with where it was read from.

Runs in the separate process; `lib.zoo.own.inspection` holds what comes out of it.
"""

from __future__ import annotations

import math
from typing import Any

import keras
import numpy as np

from lib.picture.guards import called
from lib.unfold import Layer, Unfolded, unfold
from lib.zoo.own import families, transfer
from lib.zoo.own.allowed import AUGMENTATIONS, DROPOUTS
from lib.zoo.own.config import several_ends, shown_text, subclassed
from lib.zoo.own.inspection import BatchNormFacts, Guess, Inspection
from lib.zoo.own.layout import OPEN_SIZE, Layout, layout_of
from lib.zoo.own.limits import DEFAULT_MODEL_LIMITS, ModelFileError, ModelLimits
from lib.zoo.own.output import Ending, ending_of
from lib.zoo.own.pixels import PixelArithmetic, fitting_range, measure, range_from_batchnorm
from lib.zoo.own.training_facts import TrainingFacts

_LISTED = 20
_GRAY_HANDWRITING = 64


def inspect_model(
    model: keras.Model,
    kind: str = "Keras model",
    facts: TrainingFacts = TrainingFacts(),  # noqa: B008  frozen
    name: str = "",
    limits: ModelLimits = DEFAULT_MODEL_LIMITS,
    notes: tuple[str, ...] = (),
) -> Inspection:
    """Fills a contract in from a built model.

    Args:
        model: Sequential or functional, nested or not.
        kind: of the file, for people.
        facts: what the file says about the training.
        name: of the file, for messages.

    Raises:
        ModelFileError: it is no image classifier with one picture in and one vector out.
    """
    check_ends(model, name)
    opened = unfold(model)
    known = families.recognise(layer.name for layer in opened.layers)
    family, member = known if known else (None, "")
    layout = layout_of(tuple(model.inputs[0].shape[1:]), name, family.size if family else OPEN_SIZE)
    arithmetic = measure(opened, layout.input_shape)
    ending = ending_of(opened, layout.input_shape, facts, name, limits)
    guesses = {
        **_picture_guesses(layout, family),
        **_value_guesses(opened, arithmetic, family, member),
        **ending.guesses,
    }
    batchnorm = _batchnorm(opened)
    return Inspection(
        kind=kind,
        guesses=guesses,
        outputs=ending.outputs,
        parameters=model.count_params(),
        layers=len(opened.layers),
        activations=activation_count(opened, layout.input_shape),
        family=member,
        family_source=f"its layers have the names of keras.applications.{member}'s" if member else "",
        preprocessing=_preprocessing(opened, arithmetic),
        augmentation=_names(opened, AUGMENTATIONS),
        dropout=_names(opened, DROPOUTS),
        training_calls=training_calls(transfer.describe(model)),
        batchnorm=batchnorm,
        loss=facts.loss,
        optimizer=facts.optimizer,
        from_logits=facts.from_logits,
        iterations=facts.iterations,
        dtype_policy=shown_text(model.dtype_policy.name, 40),
        keras_version=facts.keras_version,
        saved=facts.saved,
        notes=(*notes, *_notes(opened, batchnorm, facts, ending)),
    )


def check_ends(model: keras.Model, name: str) -> None:
    """Refuses models without visible layers, and those with several inputs or outputs."""
    if isinstance(model, keras.Sequential) and not model.built:
        raise ModelFileError(
            f"{called(name)} was saved before the model had an input shape. Begin it with keras.Input(shape), or call it "
            "once, and save it again."
        )
    if not getattr(model, "inputs", None) or not getattr(model, "outputs", None):
        raise subclassed(type(model).__name__, name)
    for ends, what in ((model.inputs, "inputs"), (model.outputs, "outputs")):
        if len(ends) != 1:
            raise several_ends(len(ends), what, name)


def activation_count(opened: Unfolded, shape: tuple[int, ...]) -> int:
    """How many numbers one picture's trace holds, all layers together."""
    shapes = [layer.shape for layer in opened.layers]
    if any(None in found for found in shapes):
        every = keras.Model(opened.inputs, list(opened.tensors.values()))
        given = keras.KerasTensor((1, *shape), dtype=opened.inputs.dtype)
        specs = keras.tree.flatten(every.compute_output_spec(given))
        shapes = [tuple(spec.shape[1:]) for spec in specs]
    return sum(math.prod(n or 1 for n in found) for found in shapes)


def _picture_guesses(layout: Layout, family: families.Family | None) -> dict[str, Guess]:
    level = "read" if layout.certain else "assumed"
    small_gray = layout.channels == 1 and max(layout.size) <= _GRAY_HANDWRITING
    nothing = "assumed: nothing in the file says it"
    frame = "centre crop" if family else "squash"
    handwriting = "assumed: most data sets of small gray pictures show bright ink on black, as MNIST does"
    return {
        "input_shape": Guess(layout.input_shape, layout.source, level),
        "size": Guess(layout.size, layout.source, level),
        "channels": Guess(layout.channels, layout.source, "read"),
        "polarity": Guess("white on black", handwriting, "assumed")
        if small_gray
        else Guess("any", f"{nothing}; photos have no polarity", "assumed"),
        "frame": Guess(
            frame, f"{nothing}; networks for photos are mostly evaluated on the middle square", "assumed"
        )
        if family
        else Guess(
            frame, f"{nothing}; most loaders resize the whole picture to the input's shape", "assumed"
        ),
        "margin": Guess(0.0, nothing, "assumed"),
        "centre": Guess("none", nothing, "assumed"),
        "resize_filter": Guess("area", f"{nothing}; area averaging is safe for shrinking", "assumed"),
    }


def _value_guesses(
    opened: Unfolded, arithmetic: PixelArithmetic | None, family: families.Family | None, member: str
) -> dict[str, Guess]:
    """value_range and channel_order."""
    order = Guess("RGB", "assumed: nothing in the file says it; most loaders give red first", "assumed")
    if family is not None and family.channel_order == "RGB":
        order = Guess("RGB", f"keras.applications.{member} was trained with red first", "derived")
    if arithmetic is not None and arithmetic.swapped:
        order = Guess("RGB", "the model swaps red and blue itself", "derived")
    if arithmetic is not None and not arithmetic.identity:
        found = fitting_range(arithmetic.low, arithmetic.high)
        if found:
            return {
                "value_range": Guess(found, _arithmetic_source(arithmetic, found), "derived"),
                "channel_order": order,
            }
    if family is not None:
        mode, source = (
            family.mode,
            f"keras.applications.{member} was trained with this; its preprocess_input gives it",
        )
        if family.name in families.SELF_SCALING:
            mode = families.SELF_SCALING[family.name]
            source = f"{member} without its scaling layers (include_preprocessing=False) takes this"
        return {
            "value_range": Guess(mode, source, "derived"),
            "channel_order": Guess(family.channel_order, source, "derived"),
        }
    if told := range_from_batchnorm(opened):
        return {"value_range": Guess(told[0], shown_text(told[1], 300), "derived"), "channel_order": order}
    assumed = "assumed: nothing in the file says it; most training code divides the pixels by 255"
    return {"value_range": Guess("0..1", assumed, "assumed"), "channel_order": order}


def _arithmetic_source(arithmetic: PixelArithmetic, found: str) -> str:
    layers = " and ".join(f"“{shown_text(layer.name)}” ({layer.kind})" for layer in arithmetic.layers[:3])
    low, high = arithmetic.low[found], arithmetic.high[found]
    return f"{layers} inside the model makes {low:.3g} to {high:.3g} of {found}"


def _preprocessing(opened: Unfolded, arithmetic: PixelArithmetic | None) -> tuple[str, ...]:
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
        if _never_adapted(layer):
            return ", never adapted: it passes its input on unchanged"
        return (
            f" with mean {float(np.mean(layer.mean)):.4g} and variance {float(np.mean(layer.variance)):.4g}"
        )
    return ""


def _never_adapted(layer: Any) -> bool:
    mean, variance = getattr(layer, "mean", None), getattr(layer, "variance", None)
    if mean is None or variance is None:
        return True
    return bool(np.all(np.asarray(mean) == 0) and np.all(np.asarray(variance) == 1))


def _names(opened: Unfolded, kinds: frozenset[str]) -> tuple[str, ...]:
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


def _batchnorm(opened: Unfolded) -> BatchNormFacts:
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


def _notes(
    opened: Unfolded, batchnorm: BatchNormFacts, facts: TrainingFacts, ending: Ending
) -> tuple[str, ...]:
    notes = list(ending.notes)
    unadapted = [
        layer.name
        for layer in opened.layers
        if layer.kind == "Normalization" and _never_adapted(opened.sources[layer.name])
    ]
    if unadapted:
        notes.append(
            f"The Normalization layer “{shown_text(unadapted[0])}” was never adapted: it passes its input on unchanged."
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
    if any(not np.all(np.isfinite(weight)) for weight in opened_weights(opened)):
        notes.append("Some weights are not finite numbers (NaN or infinite): the training had broken down.")
    return tuple(notes)


def opened_weights(opened: Unfolded) -> list[np.ndarray]:
    """All weights, each once."""
    found = {}
    for source in opened.sources.values():
        for weight in getattr(source, "weights", []):
            found[id(weight)] = weight
    return [np.asarray(keras.ops.convert_to_numpy(weight), np.float32) for weight in found.values()]


def check_activations(count: int, name: str, limits: ModelLimits) -> None:
    """Refuses a model whose trace of one picture would fill the memory."""
    if count > limits.activations:
        raise ModelFileError(
            f"One picture makes {count:,} activation values in {called(name)}, all layers together; the limit is "
            f"{limits.activations:,}. If it is a real model, it is too large for this app: load one for smaller pictures."
        )
