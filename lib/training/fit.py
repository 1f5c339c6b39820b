"""Carries out a recipe: trains the model, keeps the best moving average of its weights, measures nothing else."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from lib.training.batches import Batches
from lib.training.data import TrainingData
from lib.training.recipe import Recipe

_WARM_UP = 0.05


@dataclass(frozen=True)
class Fitted:
    """A trained model, compiled with the optimizer's state, and how it came about.

    `scores` are those that only the training can measure, such as a cross-validation, in the words of a card.
    """

    model: keras.Model
    epochs: int
    best_epoch: int
    validation_accuracy: float
    scores: dict[str, dict[str, Any]] = field(default_factory=dict)


def fit(recipe: Recipe, data: TrainingData, seed: int, progress: bool = True) -> Fitted:
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
    optimizer = _optimizer(recipe, schedule, averages=recipe.average is not None)
    loss = _loss(recipe)
    model.compile(optimizer, loss, metrics=["accuracy"], jit_compile=False)
    keep = _KeepBest(
        recipe.to_tensor(data.validation.images), data.validation.labels, recipe.patience, progress
    )
    model.fit(batches, epochs=recipe.epochs, verbose=1 if progress else 0, callbacks=[keep])

    # A copy of all weights in the optimizer would only swell the file, so the one that is saved has no averages.
    saved = _optimizer(recipe, schedule, averages=False) if recipe.moments else keras.optimizers.SGD(schedule)
    saved.build(model.trainable_variables)
    for variable in saved.variables:
        variable.assign(keep.optimizer_state[_name(variable)])
    model.compile(saved, loss, metrics=["accuracy"], jit_compile=False)
    if recipe.finish is None:
        return Fitted(model, keep.epochs, keep.best_epoch, keep.best)
    recipe.finish(model, data)
    logits = logits_of(model, recipe.to_tensor(data.validation.images))
    return Fitted(model, keep.epochs, keep.best_epoch, _accuracy(logits, data.validation.labels))


def logits_of(model: keras.Model, inputs: np.ndarray, batch_size: int = 512) -> np.ndarray:
    """float32 (N, K), in inference mode, a batch at a time."""
    outputs = [
        model(inputs[start : start + batch_size], training=False).numpy()
        for start in range(0, len(inputs), batch_size)
    ]
    return np.concatenate(outputs) if outputs else np.zeros((0, model.output_shape[-1]), np.float32)


def _loss(recipe: Recipe) -> keras.losses.Loss:
    """Takes labels as indices, or as one row of ones and zeros each where they are smoothed (see `Batches`)."""
    if recipe.smoothing:
        return keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.smoothing)
    return keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def _optimizer(recipe: Recipe, schedule: Any, averages: bool) -> keras.optimizers.Optimizer:
    optimizer = keras.optimizers.AdamW(
        schedule, weight_decay=recipe.weight_decay, use_ema=averages, ema_momentum=recipe.average or 0.99
    )
    # Only what multiplies an input is decayed: a bias or a BatchNorm scale does not overfit.
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    return optimizer


class _KeepBest(keras.callbacks.Callback):
    """Measures the (averaged) weights after each epoch, stops when they no longer improve, keeps the best."""

    def __init__(self, inputs: np.ndarray, labels: np.ndarray, patience: int, progress: bool) -> None:
        super().__init__()
        self._inputs = inputs
        self._labels = labels
        self._patience = patience
        self._progress = progress
        self._weights: list[np.ndarray] = []
        self.optimizer_state: dict[str, np.ndarray] = {}
        self.best = -1.0
        self.best_epoch = 0
        self.epochs = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        raw = self.model.get_weights()
        optimizer = self.model.optimizer
        if optimizer.use_ema:
            optimizer.finalize_variable_values(self.model.trainable_variables)
        accuracy = _accuracy(logits_of(self.model, self._inputs), self._labels)
        self.epochs = epoch + 1
        # On a tie the later epoch, whose learning rate was lower, is the steadier one.
        if accuracy >= self.best:
            self.best, self.best_epoch, self._weights = accuracy, self.epochs, self.model.get_weights()
            self.optimizer_state = {
                _name(variable): np.copy(variable.numpy()) for variable in optimizer.variables
            }
        self.model.set_weights(raw)
        if self._progress:
            print(f"  validation accuracy {accuracy:.4f}, best {self.best:.4f} in epoch {self.best_epoch}")
        if self.epochs - self.best_epoch >= self._patience:
            self.model.stop_training = True

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        # fit itself puts the last average in place before this; the best epoch's weights come last.
        self.model.set_weights(self._weights)


def _accuracy(logits: np.ndarray, labels: np.ndarray) -> float:
    return float((logits.argmax(1) == labels).mean()) if len(labels) else 0.0


def _name(variable: Any) -> str:
    """The name of an optimizer's variable without that of the optimizer, which Keras numbers."""
    return variable.path.split("/", 1)[1]
