"""How the four letter networks hold up: `python -m benchmarks.robustness [--data FOLDER [--fonts FOLDER]]`.

With data it measures anew and writes robustness.json beside this file; without, it prints what is written there. The
conditions are defined in lib/training/conditions.py, the pictures that are not letters in lib/training/outsiders.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

from lib.training.conditions import CONDITIONS
from lib.training.data import Labelled
from lib.zoo import card

MODELS = ("letters-mlp", "letters-cnn", "letters-mlp-augmented", "letters-robust")
REJECTING = "letters-robust"
FIGURES = Path(__file__).with_name("robustness.json")

_CLEAN = "unipen new writers"
_EXTERNAL = {
    "kaggle format": "Kaggle format, uniform part",
    "chars74k capitals (external)": "chars74k capitals (external)",
    "tessalonica mouse-drawn (external)": "mouse-drawn (external)",
}


def main(arguments: list[str] | None = None) -> None:
    """Measure if data are given, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, help="the folder that letters-robust was trained with")
    parser.add_argument("--fonts", type=Path, help="the fonts' folder, for printed scripts")
    options = parser.parse_args(arguments)
    if options.data:
        text = json.dumps(measure(options.data, options.fonts), indent=1, ensure_ascii=False)
        FIGURES.write_text(text + "\n", encoding="utf-8")
    print(tables(json.loads(FIGURES.read_text(encoding="utf-8"))))


def measure(data: Path, fonts: Path | None) -> dict[str, Any]:
    """{"letters": one entry a row with its accuracies, "outsiders": one entry a kind with its rejected share}."""
    from lib.training.robust_data import NOT_A_LETTER, read_robust

    tests = read_robust(data, fonts).tests
    clean = tests[_CLEAN]
    rows = [("clean", "capitals of UNIPEN writers that no network was trained on, in normal form", clean)]
    for condition in CONDITIONS:
        rows.append((condition.name, condition.words, Labelled(condition.change(clean.images), clean.labels)))
    rows += [(title, "clean", tests[name]) for name, title in _EXTERNAL.items() if name in tests]
    answers = {name: [_answers(name, letters.images) for _, _, letters in rows] for name in MODELS}
    letters = [
        {
            "row": row,
            "words": words,
            "n": len(images),
            "accuracy": {
                name: round(float((found[index] == images.labels).mean()), 4)
                for name, found in answers.items()
            },
            "called no letter": round(float((answers[REJECTING][index] == NOT_A_LETTER).mean()), 4),
        }
        for index, (row, words, images) in enumerate(rows)
    ]
    outsiders = [
        {
            "row": name.removeprefix("not letters: "),
            "n": len(images),
            "rejected": round(float((_answers(REJECTING, images.images) == NOT_A_LETTER).mean()), 4),
        }
        for name, images in tests.items()
        if name.startswith("not letters: ")
    ]
    return {"letters": letters, "outsiders": outsiders}


def tables(figures: dict[str, Any]) -> str:
    """The two tables and the legend as Markdown."""
    names = list(figures["letters"][0]["accuracy"])
    lines = [
        f'| pictures | {" | ".join(f"`{name}`" for name in names)} | of these called "not a letter" |',
        "| --- " * (len(names) + 2) + "|",
    ]
    for entry in figures["letters"]:
        shares = " | ".join(_percent(entry["accuracy"][name]) for name in names)
        lines.append(
            f"| {entry['row']} ({entry['n']:,}) | {shares} | {_percent(entry['called no letter'])} |"
        )
    lines += [
        "",
        "| not letters: kinds and scripts never trained on, and (MNIST) digits by other writers | rejected |",
        "| --- | --- |",
    ]
    lines += [
        f"| {entry['row']} ({entry['n']:,}) | {_percent(entry['rejected'])} |"
        for entry in figures["outsiders"]
    ]
    total = sum(entry["n"] for entry in figures["outsiders"])
    rejected = sum(entry["n"] * entry["rejected"] for entry in figures["outsiders"]) / total
    kinds = float(np.mean([entry["rejected"] for entry in figures["outsiders"]]))
    lines.append(f"| all ({total:,}); mean of the kinds | {_percent(rejected)}; {_percent(kinds)} |")
    legend = [
        f"*{entry['row']}*: {entry['words']}" for entry in figures["letters"] if entry["words"] != "clean"
    ]
    return "\n".join([*lines, "", "; ".join(legend) + "."])


def _answers(name: str, images: np.ndarray) -> np.ndarray:
    """The class that a bundled network gives each uint8 image (N, 28, 28)."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    import keras

    from lib.training.fit import logits_of

    found = card(name)
    model = keras.saving.load_model(found.model_path, compile=False)
    scale = {"0..255": 1, "0..1": 255}[found.contract.value_range]
    tensor = images.astype(np.float32).reshape(-1, *found.contract.input_shape) / np.float32(scale)
    answers: np.ndarray = logits_of(model, tensor).argmax(1)
    return answers


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"


if __name__ == "__main__":
    main()
