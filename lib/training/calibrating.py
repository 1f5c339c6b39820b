"""What a model's card says of its calibration: the temperature of held-out pictures, and what it does to others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import keras
import numpy as np

from lib.calibration import ece, fit_temperature
from lib.probabilities import softmax
from lib.reference import Reference
from lib.training.data import Labelled, TrainingData, concatenate
from lib.training.fit import logits_of
from lib.training.recipe import Recipe


def calibration(
    model: keras.Model, reference: Reference, recipe: Recipe, data: TrainingData
) -> dict[str, Any]:
    """The card's entry: `temperature`, fitted on the Reference's `held_out` pictures, which took no part in the training,
    and the expected calibration error before and after it on the test sets that these are a sample of, all together; on the
    first test set if none is known to be, and without one on the validation part.
    """
    held_out = reference.held_out_logits.astype(np.float64), reference.held_out_labels
    temperature = fit_temperature(*held_out)
    names = [*data.alike] or list(data.tests)[:1]
    pictures = concatenate(data.tests[name] for name in names) if names else data.validation
    before, after = _errors(model, recipe, pictures, temperature)
    return {
        "temperature": round(temperature, 4),
        "held_out": len(reference.held_out_labels),
        "measured_on": " + ".join(names) or "validation",
        "n": len(pictures),
        "ece_before": round(before, 4),
        "ece_after": round(after, 4),
    }


def write_calibration(folder: Path, entry: dict[str, Any]) -> None:
    """Put the entry into the folder's card, which otherwise stays as it is."""
    path = folder / "card.json"
    card = json.loads(path.read_text(encoding="utf-8"))
    card["calibration"] = entry
    path.write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _errors(
    model: keras.Model, recipe: Recipe, pictures: Labelled, temperature: float
) -> tuple[float, float]:
    answers = logits_of(model, recipe.to_tensor(pictures.images)).astype(np.float64)
    if recipe.contract.get("output") == "softmax":
        # The logits but for a constant, which no softmax sees.
        answers = np.log(np.maximum(answers, 1e-30))
    right = answers.argmax(1) == pictures.labels
    return ece(softmax(answers).max(1), right), ece(softmax(answers / temperature).max(1), right)
