"""Carries out a recipe: trains the model, keeps the best moving average of its weights, measures nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lib.training.batches import Batches
from lib.training.letters_data import LettersData
from lib.training.recipe import Recipe

_WARM_UP = 0.05


@dataclass(frozen=True)
class Fitted:
    """A trained model, compiled with the optimizer's state, and how it came about."""

    model: keras.Model
    epochs: int
    best_epoch: int
    validation_accuracy: float


def fit(recipe: Recipe, data: LettersData, seed: int, progress: bool = True) -> Fitted:
    """Train a recipe's model on the part to fit, and stop by the validation part.

    Everything is seeded and deterministic: the same seed, data, machine and versions give the same weights.

    Args:
        recipe: what to train and how.
        data: its `fit` and `validation` parts are used, nothing else is looked at.
        seed: of the weights, the order and the augmentation.
        progress: show a progress bar.
    """
    keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    model = recipe.build()
    batches = Batches(data.fit, recipe, seed)
    steps = len(batches) * recipe.epochs
    warm_up = max(1, round(steps * _WARM_UP))
    schedule = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=0.0,
        decay_steps=max(1, steps - warm_up),
        alpha=1e-3,
        warmup_target=recipe.learning_rate,
        warmup_steps=warm_up,
    )
    # Averages would triple the optimizer's share of the file, so the one that is saved has none (see below).
    averaging = keras.optimizers.AdamW(
        schedule, weight_decay=recipe.weight_decay, use_ema=True, ema_momentum=recipe.average
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(averaging, loss, metrics=["accuracy"], jit_compile=False)
    keep = _KeepBestAverage(
        recipe.to_tensor(data.validation.images), data.validation.labels, recipe.patience, progress
    )
    model.fit(batches, epochs=recipe.epochs, verbose=1 if progress else 0, callbacks=[keep])

    optimizer = keras.optimizers.AdamW(schedule, weight_decay=recipe.weight_decay)
    optimizer.build(model.trainable_variables)
    _copy_state(averaging, optimizer)
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    return Fitted(model, keep.epochs, keep.best_epoch, keep.best)


class _KeepBestAverage(keras.callbacks.Callback):
    """Measures the averaged weights after each epoch, stops when they no longer improve, and keeps the best."""

    def __init__(self, inputs: np.ndarray, labels: np.ndarray, patience: int, progress: bool) -> None:
        super().__init__()
        self._inputs = inputs
        self._labels = labels
        self._patience = patience
        self._progress = progress
        self._weights: list[np.ndarray] | None = None
        self.best = -1.0
        self.best_epoch = 0
        self.epochs = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        raw = self.model.get_weights()
        self.model.optimizer.finalize_variable_values(self.model.trainable_variables)
        logits = logits_of(self.model, self._inputs)
        accuracy = float((logits.argmax(1) == self._labels).mean()) if len(self._labels) else 0.0
        self.epochs = epoch + 1
        # On a tie the later epoch has been averaged for longer.
        if accuracy >= self.best:
            self.best, self.best_epoch, self._weights = accuracy, self.epochs, self.model.get_weights()
        self.model.set_weights(raw)
        if self._progress:
            print(f"  validation accuracy of the averaged weights {accuracy:.4f}, best {self.best:.4f}")
        if self.epochs - self.best_epoch >= self._patience:
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        # fit itself puts the average in place before this; the best epoch's comes last.
        if self._weights is not None:
            self.model.set_weights(self._weights)


def logits_of(model: keras.Model, inputs: np.ndarray, batch_size: int = 512) -> np.ndarray:
    """float32 (N, K), in inference mode, a batch at a time."""
    forward = tf.function(lambda batch: model(batch, training=False), reduce_retracing=True)
    outputs = [
        forward(tf.convert_to_tensor(inputs[start : start + batch_size])).numpy()
        for start in range(0, len(inputs), batch_size)
    ]
    return np.concatenate(outputs) if outputs else np.zeros((0, model.output_shape[-1]), np.float32)


def _copy_state(source: keras.optimizers.Optimizer, target: keras.optimizers.Optimizer) -> None:
    """Give the target the source's step count and moments; both are AdamW over the same variables."""
    moments = {variable.path.split("/", 1)[1]: variable for variable in source.variables}
    for variable in target.variables:
        variable.assign(moments[variable.path.split("/", 1)[1]])
