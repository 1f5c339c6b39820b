"""Measures a trained model and writes its folder: `model.keras`, `card.json` and `reference.npz`."""

from __future__ import annotations

import json
import platform
from dataclasses import asdict
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np
import tensorflow as tf

from lib.training.calibrating import calibration
from lib.training.data import Labelled, TrainingData
from lib.training.fit import Fitted, logits_of
from lib.training.portable import save_portable
from lib.training.recipe import Recipe
from lib.training.reference import reference_of


def scores(model: keras.Model, recipe: Recipe, tests: dict[str, Labelled]) -> dict[str, dict[str, Any]]:
    """{test set: {"accuracy", "n", "per_class": {class: accuracy or None without such an image}}}."""
    return {name: _score(model, recipe, images) for name, images in tests.items()}


def write_folder(
    folder: Path, recipe: Recipe, fitted: Fitted, data: TrainingData, command: str, seed: int, seconds: float
) -> dict[str, Any]:
    """Write the three files of a bundled model and return the card.

    Args:
        folder: made if it does not exist; files in it are replaced.
        recipe, fitted, data: what was trained, what came out, on what.
        command: that reproduces it, without a path of this machine.
        seed: that was used.
        seconds: that the training took.
    """
    folder.mkdir(parents=True, exist_ok=True)
    save_portable(fitted.model, folder / "model.keras")
    reference = reference_of(fitted.model, recipe, data, seed)
    reference.save(folder / "reference.npz")
    card = {
        "name": recipe.name,
        "title": recipe.title,
        "question": recipe.question,
        "summary": recipe.summary,
        "contract": {**recipe.contract, **({"centre": data.centre} if data.centre else {})},
        "provenance": [asdict(source) for source in data.sources],
        "training": {
            "command": command,
            "seed": seed,
            "epochs": fitted.best_epoch,
            "epochs_run": fitted.epochs,
            "steps": int(fitted.model.optimizer.iterations.numpy()),
            "parameters": fitted.model.count_params(),
            "images": {
                "fit": len(data.fit),
                "validation": len(data.validation),
                "held_out": len(data.held_out),
            },
            "augmentation": recipe.augmentation,
            "optimizer": _optimizer_in_words(recipe),
            "seconds": round(seconds),
            "versions": {
                "python": platform.python_version(),
                "tensorflow": tf.__version__,
                "keras": keras.__version__,
                "numpy": np.__version__,
                "opencv": cv2.__version__,
            },
        },
        "scores": {
            **fitted.scores,
            "validation": {"accuracy": round(fitted.validation_accuracy, 4), "n": len(data.validation)},
            "held out for calibration": _score(fitted.model, recipe, data.held_out),
            **scores(fitted.model, recipe, data.tests),
        },
        "calibration": calibration(fitted.model, reference, recipe, data),
        "limits": [*recipe.limits, *data.limits],
    }
    text = json.dumps(card, indent=1, ensure_ascii=False)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")
    return card


def _optimizer_in_words(recipe: Recipe) -> str:
    averaged = (
        "plain weights" if recipe.average is None else f"weights averaged with momentum {recipe.average}"
    )
    kept = "optimizer's moments and step count" if recipe.moments else "step count (in a plain SGD)"
    smoothed = f", labels smoothed by {recipe.smoothing}" if recipe.smoothing else ""
    return (
        f"AdamW, batches of {recipe.batch_size}, learning rate {recipe.learning_rate} with warm-up and cosine decay, "
        f"weight decay {recipe.weight_decay} (not of biases or BatchNorm){smoothed}, {averaged}, best epoch by validation "
        f"accuracy; the file keeps the {kept} of that epoch"
    )


def _score(model: keras.Model, recipe: Recipe, labelled: Labelled) -> dict[str, Any]:
    labels = labelled.labels
    right = logits_of(model, recipe.to_tensor(labelled.images)).argmax(1) == labels
    per_class = {
        name: round(float(right[labels == label].mean()), 4) if (labels == label).any() else None
        for label, name in enumerate(recipe.contract["class_names"])
    }
    accuracy = round(float(right.mean()), 4) if len(labels) else None
    return {"accuracy": accuracy, "n": len(labels), "per_class": per_class}
