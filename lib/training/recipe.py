"""A recipe: all that is particular to one bundled model, as a value. Carrying it out lives in `fit`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np


@dataclass(frozen=True)
class Recipe:
    """How one model is built and trained.

    Attributes:
        name: of the model and its folder.
        title, summary: what the catalogue says about it.
        question: the number of the known question that it replays, or None.
        build: makes the untrained model.
        contract: what the model is fed, in the words of a card's contract. The data decide about centring.
        to_tensor: uint8 images (N, 28, 28) to the float32 batch that the model takes.
        augment: (uint8 images, generator) to changed uint8 images, once an epoch; None trains on them as they are.
        augmentation: the same in words, for the card.
        epochs: at most.
        patience: epochs without a better validation accuracy after which it stops.
        batch_size: images a step.
        learning_rate: the highest, after a short warm-up; from there it falls along a cosine to a thousandth.
        weight_decay: of AdamW, multiplied by the learning rate; biases and BatchNorm are not decayed.
        average: momentum of the exponential moving average of the weights that is kept in the end, or None for
            the plain weights (BatchNorm's moving statistics would not belong to averaged ones).
        limits: sentences about what the model cannot do.
    """

    name: str
    title: str
    summary: str
    question: int | None
    build: Callable[[], keras.Model]
    contract: dict[str, Any]
    to_tensor: Callable[[np.ndarray], np.ndarray]
    augment: Callable[[np.ndarray, np.random.Generator], np.ndarray] | None
    augmentation: str
    epochs: int
    patience: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    average: float | None
    limits: tuple[str, ...]
