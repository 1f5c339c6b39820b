"""Looks at a built model and its file's facts, and fills the contract in: every field with where it was read from.

Runs in the separate process; `lib.zoo.own.inspection` holds what comes out of it.
"""

from __future__ import annotations

import math

import keras

from lib.picture.guards import called
from lib.unfold import Unfolded, unfold
from lib.zoo.own import families, transfer
from lib.zoo.own.allowed import AUGMENTATIONS, DROPOUTS
from lib.zoo.own.inspection import Guess, Inspection
from lib.zoo.own.layout import OPEN_SIZE, Layout, layout_of
from lib.zoo.own.limits import DEFAULT_MODEL_LIMITS, ModelFileError, ModelLimits
from lib.zoo.own.observations import (
    batchnorm_of,
    names_of,
    notes_of,
    preprocessing_of,
    training_calls,
    unadapted_of,
)
from lib.zoo.own.output import ending_of
from lib.zoo.own.pixels import PixelArithmetic, fitting_range, measure, range_from_batchnorm
from lib.zoo.own.refusals import several_ends, shown_text, subclassed
from lib.zoo.own.training_facts import TrainingFacts

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
    batchnorm, unadapted = batchnorm_of(opened), unadapted_of(opened)
    return Inspection(
        kind=kind,
        guesses=guesses,
        outputs=ending.outputs,
        parameters=model.count_params(),
        layers=len(opened.layers),
        activations=activation_count(opened, layout.input_shape),
        family=member,
        family_source=f"its layers have the names of keras.applications.{member}'s" if member else "",
        preprocessing=preprocessing_of(opened, arithmetic),
        augmentation=names_of(opened, AUGMENTATIONS),
        dropout=names_of(opened, DROPOUTS),
        training_calls=training_calls(transfer.describe(model)),
        batchnorm=batchnorm,
        unadapted=unadapted,
        double_softmax=ending.double_softmax,
        loss=facts.loss,
        optimizer=facts.optimizer,
        from_logits=facts.from_logits,
        iterations=facts.iterations,
        dtype_policy=shown_text(model.dtype_policy.name, 40),
        keras_version=facts.keras_version,
        saved=facts.saved,
        notes=(*notes, *notes_of(opened, batchnorm, unadapted, facts, ending)),
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


def check_activations(count: int, name: str, limits: ModelLimits) -> None:
    """Refuses a model whose trace of one picture would fill the memory."""
    if count > limits.activations:
        raise ModelFileError(
            f"One picture makes {count:,} activation values in {called(name)}, all layers together; the limit is "
            f"{limits.activations:,}. If it is a real model, it is too large for this app: load one for smaller pictures."
        )
