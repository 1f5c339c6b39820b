"""What picture a network's input shape stands for, and which shapes are no picture at all."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lib.picture.guards import called
from lib.zoo.own.limits import ModelFileError

SMALLEST, LARGEST = 8, 1024
OPEN_SIZE = 224
_SUPPORTED = (
    "Supported are image classifiers that take one gray or colour picture: (height, width), (height, width, 1), "
    "(height, width, 3) or the pixels as one vector"
)


@dataclass(frozen=True)
class Layout:
    """One picture as the network takes it.

    Attributes:
        input_shape: without batch axis, with a number in every place.
        size: (height, width).
        channels: 1 or 3.
        source: a sentence on how it was found.
        certain: False where a number had to be assumed.
    """

    input_shape: tuple[int, ...]
    size: tuple[int, int]
    channels: int
    source: str
    certain: bool = True


def layout_of(
    shape: tuple[int | None, ...], name: str, open_size: int = OPEN_SIZE, size: tuple[int, int] | None = None
) -> Layout:
    """The picture behind an input shape.

    Args:
        shape: without batch axis; None where the network takes any size.
        open_size: the side to offer where it takes any size.
        size: (height, width) of a vector's picture where a contract says it; None to find it.

    Raises:
        ModelFileError: no picture of the app fits it; the message says what is supported.
    """
    shown = f"({', '.join('any' if n is None else str(n) for n in shape)})"
    if len(shape) == 1:
        layout = _vector(shape[0], shown, name, size)
    elif len(shape) in (2, 3):
        layout = _picture(shape, shown, name, open_size)
    else:
        what = "a video or a volume" if len(shape) > 3 else "a single number"
        raise ModelFileError(f"{called(name)} takes inputs of the shape {shown}: {what}. {_SUPPORTED}.")
    if not all(SMALLEST <= side <= LARGEST for side in layout.size):
        height, width = layout.size
        raise ModelFileError(
            f"{called(name)} takes pictures of {height} x {width} pixels; supported are {SMALLEST} to {LARGEST} pixels a "
            "side."
        )
    return layout


def _vector(length: int | None, shown: str, name: str, size: tuple[int, int] | None) -> Layout:
    if length is not None and size is not None and length in (size[0] * size[1], 3 * size[0] * size[1]):
        channels = length // (size[0] * size[1])
        return Layout((length,), size, channels, f"the contract lays the {length} numbers out")
    for channels in (1, 3):
        side = math.isqrt((length or 0) // channels)
        if length and side >= SMALLEST and channels * side * side == length:
            pixels = f"{side} x {side}" + (" x 3" if channels == 3 else "")
            return Layout(
                (length,), (side, side), channels, f"the input is a vector of {length} = {pixels} numbers"
            )
    raise ModelFileError(
        f"{called(name)} takes vectors of the shape {shown}, which are no square picture (784 would be 28 x 28, 3072 "
        f"would be 32 x 32 in colour): numbers from a table, text or sound, perhaps. {_SUPPORTED}."
    )


def _picture(shape: tuple[int | None, ...], shown: str, name: str, open_size: int) -> Layout:
    channels = shape[2] if len(shape) == 3 else 1
    if channels not in (1, 3):
        if shape[0] in (1, 3):
            raise ModelFileError(
                f"{called(name)} takes channels first, {shown}. {_SUPPORTED}: rebuild it with channels last "
                "(data_format='channels_last') and copy the weights."
            )
        count = "an unknown number of channels" if channels is None else f"{channels} channels"
        raise ModelFileError(f"{called(name)} takes {shown}: {count}. {_SUPPORTED}.")
    height, width = shape[0], shape[1]
    if len(shape) == 2 and (height is None or width is None or max(height, width) > 4 * min(height, width)):
        raise ModelFileError(
            f"{called(name)} takes inputs of the shape {shown}: a series or a text rather than a picture. {_SUPPORTED}."
        )
    if height is not None and width is not None:
        full = (height, width) if len(shape) == 2 else (height, width, channels)
        return Layout(full, (height, width), channels, f"the input's shape is {shown}")
    found = (height or open_size, width or open_size)
    return Layout(
        (*found, channels),
        found,
        channels,
        f"assumed: the network takes pictures of any size {shown}; {found[0]} x {found[1]} is a usual one",
        certain=False,
    )
