"""A contract in words: what the network's input has to look like and what it answers, for people who read a card."""

from __future__ import annotations

from collections.abc import Sequence

from lib.contract import Contract
from lib.wording import number

_RANGES = {
    "0..255": "0 to 255, as files have them",
    "0..1": "0 to 1 (divided by 255)",
    "-1..1": "−1 to 1",
    "standardise": "each picture on its own to mean 0 and deviation 1",
    "caffe": "0 to 255, less ImageNet's mean colour",
    "torch": "0 to 1, less ImageNet's mean, by its deviation",
}
_FRAMES = {
    "squash": "the whole picture, squashed to the size",
    "pad to square": "padded to a square",
    "centre crop": "cut to the square in its centre",
    "crop to ink": "cropped to the ink",
}
_POLARITIES = {
    "white on black": "bright ink on a dark ground",
    "black on white": "dark ink on a bright ground",
    "any": "either way round",
}
_OUTPUTS = {
    "logits": "logits, before softmax",
    "softmax": "softmax probabilities",
    "sigmoid": "sigmoid, each on its own",
}
_NAMED_AT_MOST = 6


def in_words(contract: Contract) -> tuple[tuple[str, str], ...]:
    """What it says, point by point: (the point, the words). Class names are as somebody chose them: escape them."""
    height, width = contract.size
    colour = "gray" if contract.channels == 1 else f"colour, {_channels(contract.channel_order)}"
    vector = f", as one vector of {contract.input_shape[0]:,}" if len(contract.input_shape) == 1 else ""
    points = [
        ("Input", f"{height} × {width} pixels, {colour}{vector}"),
        ("Values", _RANGES.get(contract.value_range, contract.value_range)),
        ("Geometry", _geometry(contract)),
        ("Classes", f"{len(contract.class_names):,}: {class_list(contract.class_names)}"),
        ("Answers with", _answer(contract)),
    ]
    # Photographs have no ink: only where the polarity matters it is a point.
    if contract.polarity != "any":
        points.insert(2, ("Polarity", _POLARITIES[contract.polarity]))
    return tuple(points)


def in_short(contract: Contract) -> str:
    """The contract on one line, without class names."""
    height, width = contract.size
    parts = [f"{height} × {width}", "gray" if contract.channels == 1 else contract.channel_order]
    parts.append(contract.value_range)
    if contract.polarity != "any":
        parts.append(contract.polarity)
    parts.append(f"{len(contract.class_names):,} classes")
    return " · ".join(parts)


def class_list(names: Sequence[str]) -> str:
    """The first and the last class names: "A, B, C, D, E … Z"."""
    if len(names) <= _NAMED_AT_MOST:
        return ", ".join(names)
    return f"{', '.join(names[: _NAMED_AT_MOST - 1])} … {names[-1]}"


def _channels(order: str) -> str:
    words = {"R": "red", "G": "green", "B": "blue"}
    return ", ".join(words.get(letter, letter) for letter in order)


def _geometry(contract: Contract) -> str:
    words = [_FRAMES.get(contract.frame, contract.frame)]
    if contract.margin:
        words[0] += f" with a margin of {number(round(100 * contract.margin, 1))} %"
    if contract.centre != "none":
        words.append(f"its {contract.centre} in the middle")
    words.append(f"resized by {contract.resize_filter}")
    return ", ".join(words)


def _answer(contract: Contract) -> str:
    if contract.task == "binary":
        return "one unit for two classes" + (", a sigmoid" if contract.output == "sigmoid" else ", a logit")
    if contract.task == "multi-label" and contract.output == "logits":
        return "logits, each on its own"
    return _OUTPUTS[contract.output]
