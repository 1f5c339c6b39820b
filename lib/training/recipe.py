"""A recipe: all that is particular to one bundled model, as a value. Carrying it out lives in `fit`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np

from lib.training.data import Labelled, TrainingData


@dataclass(frozen=True)
class Recipe:
    """How one model is built and trained.

    Attributes:
        name: of the model and its folder.
        title, summary: what the catalogue says about it.
        question: the number of the known question that it replays, or None.
        build: makes the untrained model.
        contract: what the model is fed, in the words of a card's contract. Its class names are those of the outputs;
            the data may decide about the centring.
        to_tensor: uint8 images (N, H, W) or (N, H, W, 3) to the float32 batch that the model takes.
        augment: once an epoch, (the part to fit in a new order, generator) to what that epoch trains on: changed
            images, also others or more of them, but always as many, in an order fit for training. None trains on
            them as they are.
        augmentation: the same in words, for the card.
        epochs: at most.
        patience: epochs without a better validation accuracy after which it stops.
        batch_size: images a step.
        learning_rate: the highest, after a short warm-up; from there it falls along a cosine to a thousandth.
        weight_decay: of AdamW, multiplied by the learning rate; biases and BatchNorm are not decayed.
        average: momentum of the exponential moving average of the weights that is kept in the end, or None for
            the plain weights (BatchNorm's moving statistics would not belong to averaged ones).
        limits: sentences about what the model cannot do.
        smoothing: of the labels: this share of the certainty is spread over all classes, against wrong labels.
        moments: whether the file keeps the optimizer's moments, twice the size of the weights, or its steps alone.
        finish: a last change of the best weights, judged by the validation part, such as a threshold.
    """

    name: str
    title: str
    summary: str
    question: int | None
    build: Callable[[], keras.Model]
    contract: dict[str, Any]
    to_tensor: Callable[[np.ndarray], np.ndarray]
    augment: Callable[[Labelled, np.random.Generator], Labelled] | None
    augmentation: str
    epochs: int
    patience: int
    batch_size: int
    learning_rate: float
    weight_decay: float
    average: float | None
    limits: tuple[str, ...]
    smoothing: float = 0.0
    moments: bool = True
    finish: Callable[[keras.Model, TrainingData], None] | None = None
