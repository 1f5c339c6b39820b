"""Feeds uint8 images to `fit` in shuffled, optionally augmented batches, converted only when they are needed."""

from __future__ import annotations

import keras
import numpy as np

from lib.training.data import Labelled
from lib.training.recipe import Recipe


class Batches(keras.utils.PyDataset):
    """Shuffled batches of a recipe's tensors and labels; each epoch has its own order and augmentation.

    The last, smaller batch is left out unless it is the only one, so that BatchNorm never meets a tiny batch.
    """

    def __init__(self, fit: Labelled, recipe: Recipe, seed: int) -> None:
        super().__init__(workers=1, use_multiprocessing=False)
        self._fit = fit
        self._recipe = recipe
        self._random = np.random.default_rng(seed)
        self.on_epoch_end()
        self._size = min(recipe.batch_size, len(self._epoch))

    def __len__(self) -> int:
        return len(self._epoch) // self._size

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        rows = slice(index * self._size, (index + 1) * self._size)
        labels = self._epoch.labels[rows]
        if self._recipe.smoothing:
            labels = np.eye(len(self._recipe.contract["class_names"]), dtype=np.float32)[labels]
        return self._recipe.to_tensor(self._epoch.images[rows]), labels

    def on_epoch_end(self) -> None:
        """Draw the next epoch's order and augmentation."""
        shuffled = self._fit.take(self._random.permutation(len(self._fit)))
        augment = self._recipe.augment
        self._epoch = shuffled if augment is None else augment(shuffled, self._random)
