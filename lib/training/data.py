"""What every recipe trains on, whatever the task: labelled images, their split and their provenance.

Reading files into these values lives with the tasks (`letters_data`); how a recipe asks for files is `reader`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np


@dataclass(frozen=True)
class Labelled:
    """Images uint8 (N, H, W) or (N, H, W, 3), with labels int64 (N,), indices into the contract's class names."""

    images: np.ndarray
    labels: np.ndarray

    def __len__(self) -> int:
        return len(self.labels)

    def take(self, which: np.ndarray) -> Labelled:
        """The images at an index or where a mask is true."""
        return Labelled(self.images[which], self.labels[which])


def concatenate(parts: Iterable[Labelled]) -> Labelled:
    """All images of the parts (at least one) in their order."""
    listed = list(parts)
    return Labelled(
        np.concatenate([part.images for part in listed]), np.concatenate([part.labels for part in listed])
    )


@dataclass(frozen=True)
class Source:
    """Where data come from, as it is written into the model card."""

    name: str
    source: str
    licence: str
    used_for: str


@dataclass(frozen=True)
class TrainingData:
    """Everything that a recipe needs of its data.

    Attributes:
        fit, validation, held_out: disjoint parts of the training data.
        tests: {name of the test set: images}, the most important first.
        sources: provenance of all of them.
        centre: how the images are centred in their frame, in the words of a contract; None leaves the recipe's word.
        limits: sentences on what figures measured with these data do not show.
        known: what the model's Reference describes as normal, if that is not the whole part to fit.
        redrawn: further copies of images of the part to fit, drawn anew, for recipes that say so.
        alike: the test sets of sources that are trained on, too: together they are what the held-out part is a sample of.
    """

    fit: Labelled
    validation: Labelled
    held_out: Labelled
    tests: dict[str, Labelled]
    sources: tuple[Source, ...]
    centre: str | None = None
    limits: tuple[str, ...] = field(default=())
    known: Labelled | None = None
    redrawn: Labelled | None = None
    alike: tuple[str, ...] = ()
