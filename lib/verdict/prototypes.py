"""The training prototypes that are most like a picture, as pictures themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.reference import Reference
from lib.statistics import bounds


@dataclass(frozen=True, eq=False)
class Neighbour:
    """A prototype: the mean of at least ten training pictures of one class.

    Attributes:
        label: index of its class.
        distance: one minus the cosine between it and the picture, 0..2.
        size: how many training pictures it stands for.
        image: uint8 (H, W) or (H, W, 3), black to white over the contract's range.
    """

    label: int
    distance: float
    size: int
    image: np.ndarray


def nearest_prototypes(reference: Reference, tensor: np.ndarray, k: int = 5) -> tuple[Neighbour, ...]:
    """The k nearest prototypes, nearest first; fewer or none if there are no more.

    Args:
        tensor: of one picture, as the network gets it, without batch axis.
    """
    if len(reference.prototypes) == 0:
        return ()
    distances = reference.distances(np.asarray(tensor)[None])[0]
    low, high = bounds(reference.value_range)
    found = []
    for index in np.argsort(distances, kind="stable")[:k]:
        level = (reference.prototypes[index].astype(np.float64) - low) / (high - low)
        image = np.clip(np.rint(255 * level), 0, 255).astype(np.uint8)
        label, size = int(reference.prototype_labels[index]), int(reference.prototype_sizes[index])
        found.append(Neighbour(label, float(distances[index]), size, image))
    return tuple(found)
