"""Makes the Reference of a trained model out of its recipe's data, also of one that was trained long ago."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np

from lib.reference import Reference, build_reference
from lib.training.calibrating import calibration, write_calibration
from lib.training.data import Labelled, TrainingData
from lib.training.recipe import Recipe

# More would add bytes and minutes, but hardly move a quantile.
_IMAGES = 40_000
_HELD_OUT = 2_000


def reference_of(model: keras.Model, recipe: Recipe, data: TrainingData, seed: int) -> Reference:
    """The Reference of a model that `recipe` trained on `data`; the held-out part took no part in either."""
    known = _sample(data.fit if data.known is None else data.known, _IMAGES)
    held_out = held_out_sample(data.held_out)
    return build_reference(
        model,
        recipe.to_tensor(known.images),
        known.labels,
        recipe.to_tensor(held_out.images),
        held_out.labels,
        recipe.contract["value_range"],
        seed=seed,
    )


def rebuild_reference(folder: Path, recipe: Recipe, data: TrainingData, seed: int) -> Reference:
    """Replace `reference.npz` in a model's folder, and the temperature in its card; the model itself is only read.

    Args:
        data: the same as it was trained on: otherwise an image held out here may be one that it has learned.

    Raises:
        FileNotFoundError: there is no model in the folder.
    """
    path = folder / "model.keras"
    if not path.is_file():
        raise FileNotFoundError(f"There is no {path}; train {recipe.name} first, without --reference.")
    model = keras.saving.load_model(path, compile=False, safe_mode=True)
    reference = reference_of(model, recipe, data, seed)
    reference.save(folder / "reference.npz")
    write_calibration(folder, calibration(model, reference, recipe, data))
    return reference


def held_out_sample(held_out: Labelled) -> Labelled:
    """Those of a recipe's held-out images that its Reference knows, in the Reference's order."""
    return _sample(held_out, _HELD_OUT)


def _sample(labelled: Labelled, largest: int) -> Labelled:
    """All of the images, or as many as `largest` drawn at random, always the same."""
    if len(labelled) <= largest:
        return labelled
    return labelled.take(np.sort(np.random.default_rng(0).choice(len(labelled), largest, replace=False)))
