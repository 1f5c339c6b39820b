"""Which layers are shown unless the visitor says otherwise, and which of a large network are fetched at all."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lib.layer import Layer

# These repeat what the layer before them shows, or are the input that the page shows anyway.
_REPEATING = frozenset(
    (
        *("InputLayer", "Rescaling", "Normalization", "Identity"),
        *("Flatten", "Reshape", "Permute", "RepeatVector", "ZeroPadding1D", "ZeroPadding2D", "Cropping2D"),
        *(
            "Dropout",
            "SpatialDropout1D",
            "SpatialDropout2D",
            "AlphaDropout",
            "GaussianDropout",
            "GaussianNoise",
        ),
        *("BatchNormalization", "LayerNormalization"),
    )
)
# With more layers than this, a page of all of them is neither fast nor read: the last one of each resolution stands for it.
_MOST_USUAL = 24
# A network below these is fetched whole, so that a layer is there at the click that shows it.
_SMALL_LAYERS, _SMALL_VALUES = 60, 1_000_000


def usual_layers(layers: Sequence[Layer]) -> frozenset[str]:
    """The names of the layers that are shown by default."""
    found = [layer for layer in layers if layer.kind not in _REPEATING]
    if len(found) > _MOST_USUAL:
        found = _landmarks(found)
    return frozenset(layer.name for layer in found)


def fetched_layers(layers: Sequence[Layer], shows: Callable[[Layer], bool]) -> tuple[str, ...] | None:
    """The names of the layers whose activations are needed; None for all of them.

    Args:
        shows: whether a layer is on the screen.
    """
    values = sum(math.prod(n or 1 for n in layer.shape) for layer in layers)
    if len(layers) <= _SMALL_LAYERS and values <= _SMALL_VALUES:
        return None
    return tuple(layer.name for layer in layers if shows(layer))


def _landmarks(layers: Sequence[Layer]) -> list[Layer]:
    """The first layer, the last one of each run of the same height and width, and the last layer."""
    following = [*layers[1:], None]
    return [
        layer
        for layer, after in zip(layers, following, strict=True)
        if layer is layers[0] or after is None or after.shape[:-1] != layer.shape[:-1]
    ]
