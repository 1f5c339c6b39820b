"""The pictures that a network's input shape can stand for: a vector of 784 numbers is 28 x 28 gray, or 16 x 49, or ..."""

from __future__ import annotations

import dataclasses

from lib.contract import Contract

_LONGEST_SIDE = 1024
_MOST_ELONGATED = 8


def picture_shapes(shape: tuple[int | None, ...]) -> tuple[tuple[int, int, int], ...] | None:
    """The possible (height, width, channels) of an input without batch axis, the likeliest first.

    None when the sides are open: then any size goes.

    Args:
        shape: as the model has it: (n,), (H, W) or (H, W, C), None where a size is open.
    """
    if len(shape) == 1 and shape[0] is not None:
        return tuple(sorted(_of_vector(shape[0]), key=_unlikely))
    if None in shape[:2] or len(shape) not in (2, 3):
        return None
    height, width = int(shape[0] or 0), int(shape[1] or 0)
    return ((height, width, int(shape[2] or 3) if len(shape) == 3 else 1),)


def with_picture(contract: Contract, height: int, width: int, channels: int) -> Contract:
    """The contract for pictures of that size, laid out as before: as a vector, without or with a channel axis.

    Raises:
        ContractError: no contract has that size.
    """
    axes = len(contract.input_shape)
    shapes = {1: (height * width * channels,), 2: (height, width), 3: (height, width, channels)}
    return dataclasses.replace(contract, size=(height, width), channels=channels, input_shape=shapes[axes])


def _of_vector(length: int) -> list[tuple[int, int, int]]:
    found = []
    for channels in (1, 3):
        if length % channels:
            continue
        pixels = length // channels
        found += [
            (side, pixels // side, channels)
            for side in range(1, min(pixels, _LONGEST_SIDE) + 1)
            if pixels % side == 0
            and pixels // side <= _LONGEST_SIDE
            and max(side, pixels // side) <= _MOST_ELONGATED * min(side, pixels // side)
        ]
    return found


def _unlikely(shape: tuple[int, int, int]) -> tuple[float, int]:
    height, width, channels = shape
    return max(height, width) / min(height, width), channels
