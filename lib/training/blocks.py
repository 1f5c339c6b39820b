"""The convolutional part that the gray networks have in common; what stands before and after it is each recipe's own."""

from __future__ import annotations

from collections.abc import Sequence

import keras


def convolutions(
    channels: Sequence[int], pool_after: Sequence[int], sides: Sequence[int] = ()
) -> list[keras.layers.Layer]:
    """Convolution, BatchNorm and ReLU for each number of channels, called "conv1", "bn1", "relu1" and so on.

    Args:
        channels: of each convolution.
        pool_after: numbers, from 1, of the convolutions after which the maximum of 2 x 2 is taken.
        sides: of each kernel in pixels; 3 for all if empty.
    """
    layers: list[keras.layers.Layer] = []
    for number, (count, side) in enumerate(zip(channels, sides or [3] * len(channels), strict=True), 1):
        # BatchNorm has a shift of its own, so the convolution needs no bias.
        layers += [
            keras.layers.Conv2D(count, side, padding="same", use_bias=False, name=f"conv{number}"),
            keras.layers.BatchNormalization(name=f"bn{number}"),
            keras.layers.ReLU(name=f"relu{number}"),
        ]
        if number in pool_after:
            layers.append(keras.layers.MaxPooling2D(name=f"pool{pool_after.index(number) + 1}"))
    return layers
