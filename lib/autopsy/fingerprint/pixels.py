"""What a network itself does to pixels, against what its contract gives it: layers that scale, and known families."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lib.autopsy.finding import Finding, Witness
from lib.contract import Contract
from lib.statistics import bounds
from lib.unfold import unfold
from lib.wording import number
from lib.zoo.own.families import SELF_SCALING, Family, recognise
from lib.zoo.own.observations import never_adapted
from lib.zoo.own.pixels import ARITHMETIC, RANGES, PixelArithmetic, fitting_range, measure

if TYPE_CHECKING:
    from lib.network import Network


def pixel_findings(network: Network) -> Iterator[Finding]:
    """`standardisation`, `rescaling-in-model` and `imagenet-mode`."""
    yield from _never_adapted(network)
    contract = network.contract
    arithmetic = None
    if any(layer.kind in ARITHMETIC for layer in network.layers[: _first_weights(network)]):
        arithmetic = measure(unfold(network.model), contract.input_shape)
    if arithmetic is not None and not arithmetic.identity:
        yield from _scaled_inside(contract, arithmetic)
        return
    known = recognise(layer.name for layer in network.layers)
    if known is not None:
        yield from _family(contract, *known)


def _first_weights(network: Network) -> int:
    """How many layers stand before the first one that mixes pixels; everything of it may be arithmetic."""
    mixing = (
        index for index, layer in enumerate(network.layers) if "kernel" in _weight_names(network, layer.name)
    )
    return next(mixing, len(network.layers))


def _weight_names(network: Network, layer: str) -> str:
    return " ".join(weight.name for weight in getattr(network.source(layer), "weights", ()))


# ---- layers that scale -----------------------------------------------------------------------------------------------


def _never_adapted(network: Network) -> Iterator[Finding]:
    for layer in network.layers:
        if layer.kind == "Normalization" and not layer.repeated and never_adapted(network.source(layer.name)):
            yield Finding(
                "standardisation",
                f"The Normalization layer “{layer.name}” was never adapted: with a mean of 0 and a variance of 1 it passes "
                "its input on unchanged.",
                "proof",
                ("adapt() was not called before training, or its result was not saved with the model.",),
                (Witness("its mean", 0.0), Witness("its variance", 1.0)),
                weight=1.0,
                code="normalization.adapt(training_images)  # before fit",
            )
            return


def _scaled_inside(contract: Contract, arithmetic: PixelArithmetic) -> Iterator[Finding]:
    """A finding when these layers make something usual of another range than the contract's, and nothing of its own."""
    wanted = fitting_range(arithmetic.low, arithmetic.high)
    low, high = _made_of(arithmetic, contract.value_range)
    if not wanted or wanted == contract.value_range or _usual(low, high, contract.value_range):
        return
    names = " and ".join(f"“{layer.name}” ({layer.kind})" for layer in arithmetic.layers[:3])
    then_low, then_high = arithmetic.low[wanted], arithmetic.high[wanted]
    yield Finding(
        "rescaling-in-model",
        f"The model scales pixels itself, with {names}: of {wanted} it makes {number(then_low)} to {number(then_high)}. The "
        f"contract gives it {contract.value_range}, and of that it makes {number(low)} to {number(high)}.",
        "proof",
        (f"The layers were run on black and on white pictures of the range {contract.value_range}.",),
        (
            Witness("black, inside the model", low, then_low, then_high),
            Witness("white, inside the model", high, then_low, then_high),
        ),
        weight=1.0,
        code="images = images * 255  # or leave the division out: the model does it"
        if wanted == "0..255"
        else "# leave one of the two scalings out",
    )


def _made_of(arithmetic: PixelArithmetic, value_range: str) -> tuple[float, float]:
    """What black and white of that range become; the layers are taken as linear for ranges that were not measured."""
    if value_range in RANGES:
        return arithmetic.low[value_range], arithmetic.high[value_range]
    zero, one = arithmetic.low["0..1"], arithmetic.high["0..1"]
    black, white = bounds(value_range)
    return zero + (one - zero) * black, zero + (one - zero) * white


def _usual(low: float, high: float, value_range: str) -> bool:
    """Whether this is something that networks are trained on."""
    name = value_range if value_range in RANGES else "0..1"
    nothing = dict.fromkeys(RANGES, math.nan)  # compares with nothing
    return fitting_range({**nothing, name: low}, {**nothing, name: high}) == name


# ---- known families --------------------------------------------------------------------------------------------------


def _family(contract: Contract, family: Family, member: str) -> Iterator[Finding]:
    # Without arithmetic inside, a family that scales by itself was built with include_preprocessing=False.
    mode = SELF_SCALING.get(family.name, family.mode)
    same_order = contract.channels == 1 or contract.channel_order == family.channel_order
    if contract.value_range == mode and same_order:
        return
    given = contract.value_range + ("" if same_order else f" in the order {contract.channel_order}")
    right = mode + ("" if same_order else f" in the order {family.channel_order}")
    yield Finding(
        "imagenet-mode",
        f"These are the layers of {member}, which was trained on {right}; the contract gives it {given}.",
        "model card",
        (
            f"keras.applications' preprocess_input for {member} gives {mode}, channels in the order {family.channel_order}.",
            "If this network was trained from scratch, and not from ImageNet's weights, its own training decides.",
        ),
        weight=1.0,
        code=f"images = keras.applications.{_module(family, member)}.preprocess_input(images)",
    )


def _module(family: Family, member: str) -> str:
    """The module of keras.applications that a member lives in."""
    special = {
        "ResNetV2": "resnet_v2",
        "VGG": member.lower(),
        "MobileNetV2": "mobilenet_v2",
        "MobileNetV3": "mobilenet_v3",
        "EfficientNetV2": "efficientnet_v2",
        "InceptionV3": "inception_v3",
        "InceptionResNetV2": "inception_resnet_v2",
    }
    return special.get(family.name, family.name.lower())
