"""The same picture through the usual mistakes of preprocessing, next to the right way: one network, one batch.

Every mode is an ordinary pipeline, so that it can be looked at, exported and shared like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.contract import Contract
from lib.picture import Picture
from lib.pipeline import Pipeline

if TYPE_CHECKING:
    from lib.network import Network, Trace

# Layers that scale pixels inside the network: before them another scaling is one too many.
_SCALING = frozenset({"Rescaling", "Normalization"})
_WANTS = {
    "0..255": "plain numbers from 0 to 255",
    "0..1": "numbers from 0 to 1",
    "-1..1": "numbers from −1 to 1",
    "standardise": "every picture with mean 0 and deviation 1",
    "caffe": "pixels minus ImageNet's means (caffe)",
    "torch": "numbers from 0 to 1, minus ImageNet's means, over their deviations (torch)",
}


@dataclass(frozen=True)
class Mode:
    """One way to preprocess.

    Attributes:
        id: "right", "unscaled", "0..1", "-1..1", "swapped", "caffe", "torch", "twice" or "polarity".
        name: for people.
        sentence: what went wrong, or what is right.
        pipeline: the steps that do it.
    """

    id: str
    name: str
    sentence: str
    pipeline: Pipeline


@dataclass(frozen=True)
class ModeAnswer:
    """What the network said to one mode.

    Attributes:
        tensor: float32, the network's input without batch axis.
        trace: of this one picture (N = 1), without activations.
        agrees: whether the first class is the right mode's.
        same_input: whether the mistake changed nothing, as swapping the channels of a gray picture.
    """

    mode: Mode
    tensor: np.ndarray
    trace: Trace
    agrees: bool
    same_input: bool


def wrong_modes(
    contract: Contract, pipeline: Pipeline | None = None, scales_inside: bool = False
) -> tuple[Mode, ...]:
    """The right mode first, then the mistakes that are possible for this contract.

    Args:
        pipeline: what happens to the picture otherwise; None is the contract's own. Of it only the value range and the
            channel order, or the polarity, are changed.
        scales_inside: whether the network has a Rescaling or Normalization layer of its own.

    Raises:
        PipelineError: the pipeline has no such steps.
    """
    right = (
        (pipeline or contract.pipeline())
        .with_step("value_range", on=True, mode=contract.value_range, times="once")
        .with_step("channel_order", on=contract.channels == 3, order=contract.channel_order)
    )
    wants = _WANTS[contract.value_range]
    order = f", in the order {_in_words(contract.channel_order)}" if contract.channels == 3 else ""
    as_trained = Mode("right", "As it was trained", f"The network wants {wants}{order}.", right)
    return (
        as_trained,
        *_ranges(contract, right, wants, scales_inside),
        *_colours(contract, right, wants),
        *_twice(contract, right),
        *_polarity(contract, right),
    )


def _in_words(order: str) -> str:
    return "red, green, blue" if order == "RGB" else "blue, green, red"


def _ranges(contract: Contract, right: Pipeline, wants: str, scales_inside: bool) -> Iterator[Mode]:
    """Plain pixels and the two usual scalings, where they are not the right one. Who forgets one forgets BGR with it."""
    colour = contract.channels == 3
    plain = right.with_step("channel_order", order="RGB") if colour else right
    swap = " and red and blue change places" if contract.channel_order == "BGR" and colour else ""
    sentences = {
        "0..255": (
            "unscaled",
            "Not scaled at all",
            f"preprocess_input was forgotten: the pixels come as 0..255, the network wants {wants}{swap}.",
        ),
        "0..1": (
            "0..1",
            "Divided by 255",
            f"The habit of img / 255. The network wants {wants}{swap}.",
        ),
        "-1..1": (
            "-1..1",
            "Scaled to −1..1",
            f"The recipe of MobileNet, Inception and ResNetV2. The network wants {wants}{swap}.",
        ),
    }
    for value_range, (id, name, sentence) in sentences.items():
        if value_range == contract.value_range:
            continue
        if contract.value_range == "0..255" and scales_inside:
            sentence = "Scaled once too often: the network has a layer of its own that scales 0..255, and does it again."
        yield Mode(id, name, sentence, plain.with_step("value_range", mode=value_range))


def _colours(contract: Contract, right: Pipeline, wants: str) -> Iterator[Mode]:
    if contract.channels != 3:
        return
    if contract.channel_order == "RGB":
        why = "cv2.imread reads blue, green, red, and nobody turned it round."
        yield Mode("swapped", "Red and blue swapped", why, right.with_step("channel_order", order="BGR"))
    else:
        why = "The pixels stayed in the order red, green, blue; the network was trained on blue, green, red."
        yield Mode("swapped", "Red and blue swapped", why, right.with_step("channel_order", order="RGB"))
    if contract.value_range != "caffe":
        yield Mode(
            "caffe",
            "Another network's caffe means",
            "preprocess_input of ResNet50 or VGG16: blue first, minus ImageNet's means, not scaled. The network wants "
            f"{wants}.",
            right.with_step("channel_order", order="BGR").with_step("value_range", mode="caffe"),
        )
    if contract.value_range != "torch":
        yield Mode(
            "torch",
            "Torch's normalisation",
            f"The recipe of torchvision and DenseNet: ImageNet's means and deviations. The network wants {wants}.",
            right.with_step("channel_order", order="RGB").with_step("value_range", mode="torch"),
        )


def _twice(contract: Contract, right: Pipeline) -> Iterator[Mode]:
    """Standardising twice is standardising once, and 0..255 has nothing to repeat."""
    effects = {
        "0..1": "white is 1/255: all is black",
        "-1..1": "all numbers lie within 0.008 of −1: all is black",
        "caffe": "the means are taken off twice, and red and blue change back",
        "torch": "hardly any contrast is left",
    }
    if contract.value_range in effects:
        yield Mode(
            "twice",
            "Preprocessed twice",
            f"Once while loading and once before predict: {effects[contract.value_range]}.",
            right.with_step("value_range", times="twice"),
        )


def _polarity(contract: Contract, right: Pipeline) -> Iterator[Mode]:
    if contract.polarity == "white on black":
        why = "The ink stayed dark on light paper; the network was trained on light ink."
        yield Mode("polarity", "Not inverted", why, right.with_step("invert", on=False))
    elif contract.polarity == "black on white":
        why = "The ink became light on dark; the network was trained on dark ink."
        yield Mode("polarity", "Inverted", why, right.with_step("invert", on=True, method="255 - x"))


def compare_modes(
    network: Network, picture: Picture, pipeline: Pipeline | None = None
) -> tuple[ModeAnswer, ...]:
    """What the network says to every mode, the right one first; one pass for all of them.

    Args:
        pipeline: as in `wrong_modes`.

    Raises:
        PipelineError: the pipeline cannot run on this picture.
        NetworkError: it does not give the network's input shape.
    """
    from lib.network import Trace

    scales = any(layer.kind in _SCALING for layer in network.layers)
    modes = wrong_modes(network.contract, pipeline, scales)
    stages, tensors = None, []
    for mode in modes:  # what is before the first changed step is computed once
        stages = mode.pipeline.run(picture, stages)
        tensors.append(stages.final)
    trace = network.trace(np.stack(tensors), layers=())
    first = trace.top(1)
    return tuple(
        ModeAnswer(
            mode,
            tensor,
            Trace(trace.logits[row : row + 1], trace.probabilities[row : row + 1], {}),
            trace.top(1, row) == first,
            row > 0 and np.array_equal(tensor, tensors[0]),
        )
        for row, (mode, tensor) in enumerate(zip(modes, tensors, strict=True))
    )


def as_seen(tensor: np.ndarray, contract: Contract) -> tuple[np.ndarray, float]:
    """A tensor as the picture that it would be if it had been preprocessed rightly: what the network takes it for.

    Args:
        tensor: the network's input without batch axis, whatever happened to it.

    Returns:
        uint8 (H, W) or (H, W, 3) RGB, and the share of its numbers, 0..1, that no rightly preprocessed picture could have:
        darker than black or brighter than white, shown as black and white. "standardise" has no fixed ends: there three
        deviations around gray are shown.
    """
    height, width = contract.size
    image = tensor.reshape((height, width) if contract.channels == 1 else (height, width, 3)).astype(
        np.float64
    )
    levels = _levels(image, contract.value_range)
    if contract.channels == 3 and contract.channel_order == "BGR":
        levels = levels[..., ::-1]
    rounding = 0.5
    outside = float(np.mean((levels < -rounding) | (levels > 255 + rounding)))
    return np.clip(np.rint(np.nan_to_num(levels)), 0, 255).astype(np.uint8), outside


def _levels(image: np.ndarray, value_range: str) -> np.ndarray:
    """The value range step undone: 0..255."""
    if value_range == "0..1":
        return image * 255
    if value_range == "-1..1":
        return (image + 1) * 127.5
    if value_range == "standardise":
        return 127.5 + image * 127.5 / 3
    if value_range == "caffe":
        means = np.array([103.939, 116.779, 123.68])
        return image + (means if image.ndim == 3 else means.mean())
    if value_range == "torch":
        mean, deviation = np.array([[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]])
        if image.ndim == 2:
            mean, deviation = mean.mean(), deviation.mean()
        return (image * deviation + mean) * 255
    return image
