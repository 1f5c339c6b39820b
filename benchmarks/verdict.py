"""What the verdict is worth: `python -m benchmarks.verdict [--data FOLDER [--models NAME ...]]`.

For every bundled network: accuracy, calibration error before and after the temperature, how often its own test pictures are
called unusual, how often they are when they are handed over on a wrong scale (misfed.py), and how well each score tells
them from outsiders (AUROC, and FPR at 95 % TPR), plain max-softmax beside them. "By chance" is the ECE that so many
predictions have on average when every probability is exactly right, "as much by chance" how often they then have at least
the ECE that was measured. With data it measures anew and writes verdict.json and verdict.md beside this file; without, it
prints what is written there. The pictures are those of verdict_pictures.py.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.misfed import misfed
from benchmarks.verdict_pictures import READERS, Pictures
from lib.calibration import ece
from lib.outliers import auroc, fpr_at_tpr
from lib.reference.stroke_probe import StrokeProbe

FIGURES = Path(__file__).with_name("verdict.json")
MAX_SOFTMAX, COMBINED = "max-softmax", "combined"
_AT_ONCE = 512
_MISFED = 1_000


def main(arguments: list[str] | None = None) -> None:
    """Measure if data are given, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "--data", type=Path, help="the folder of letters; digits and outsiders are looked for beside it"
    )
    parser.add_argument(
        "--models", nargs="*", default=list(READERS), help="only these; the others keep their figures"
    )
    parser.add_argument(
        "--strokes",
        type=Path,
        help="another stroke probe (strokes.npz) for all models: printed, nothing is written",
    )
    options = parser.parse_args(arguments)
    if options.data and options.strokes:
        found = {name: _pictures(READERS[name], options.data) for name in options.models}
        print(tables({name: measure(name, found[name], options.strokes) for name in found}))
        return
    if options.data:
        figures = json.loads(FIGURES.read_text(encoding="utf-8")) if FIGURES.exists() else {}
        for name in options.models:
            figures[name] = measure(name, _pictures(READERS[name], options.data))
            print(f"{name} measured", flush=True)
        figures = {name: figures[name] for name in READERS if name in figures}
        FIGURES.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
        FIGURES.with_suffix(".md").write_text(tables(figures) + "\n", encoding="utf-8")
    print(tables(json.loads(FIGURES.read_text(encoding="utf-8"))))


@cache
def _pictures(reader: Callable[[Path], Pictures], data: Path) -> Pictures:
    """Read once for all networks that share them."""
    return reader(data)


def measure(name: str, pictures: Pictures, strokes: Path | None = None) -> dict[str, Any]:
    """One network's figures, all shares 0..1.

    Args:
        strokes: the file of a stroke probe that is asked instead of the network's own.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    from lib.training.recipes import recipes
    from lib.verdict.judging import memory_of
    from lib.zoo import load

    network = load(name)
    if strokes is not None and network.reference is not None:
        other = replace(network.reference, stroke_probe=StrokeProbe.load(strokes))
        network = network.with_contract(network.contract, other)
    to_tensor = importlib.import_module(recipes()[name].recipe).RECIPE.to_tensor
    memory = memory_of(network)
    assert memory is not None and memory.sureness is not None
    insides, first, whole = {}, {}, []
    for index, (title, test) in enumerate(pictures.inside.items()):
        found = scores(network, to_tensor, test.images)
        found["right"] = found.pop("answer") == test.labels
        insides[title] = _inside(found)
        if title in pictures.own:
            whole.append(found)
        if index == 0:
            first = {name: value for name, value in found.items() if name not in ("right", "p", "calibrated")}
    together = {key: np.concatenate([found[key] for found in whole]) for key in whole[0]}
    own = next(iter(pictures.inside.values())).images[:_MISFED]
    outside = {}
    for title, images in pictures.outside.items():
        found = scores(network, to_tensor, images)
        outside[title] = {
            "n": len(images),
            "named sure": _rounded((found[MAX_SOFTMAX] > 0.99).mean()),
            "unusual": _rounded((found["p"] <= 0.05).mean()),
            "like nothing": _rounded((found["p"] <= 0.005).mean()),
            "auroc": {score: _rounded(auroc(first[score], found[score])) for score in first},
            "fpr95": {score: _rounded(fpr_at_tpr(first[score], found[score])) for score in first},
        }
    return {
        "temperature": _rounded(memory.sureness.temperature),
        "held out": memory.known.count,
        "own": {"sets": list(pictures.own), **_inside(together)},
        "inside": insides,
        "misfed": _misfed(network, to_tensor(own)),
        "outside": outside,
    }


def _inside(found: dict[str, np.ndarray]) -> dict[str, Any]:
    """What `scores` found of test pictures, with `right`: accuracy, calibration, and how strange they are called."""
    after, by_chance = ece(found["calibrated"], found["right"]), ece_by_chance(found["calibrated"])
    return {
        "n": len(found["right"]),
        "accuracy": _rounded(found["right"].mean()),
        "ece": _rounded(ece(found[MAX_SOFTMAX], found["right"])),
        "ece after": _rounded(after),
        "ece by chance": _rounded(by_chance.mean()),
        "as much by chance": _rounded((by_chance >= after).mean()),
        "unusual": _rounded((found["p"] <= 0.05).mean()),
        "like nothing": _rounded((found["p"] <= 0.005).mean()),
    }


def _misfed(network: Any, tensor: np.ndarray) -> dict[str, Any]:
    """The first test pictures on every wrong scale: how often they are called what they then are."""
    found = {}
    for title, wrong in misfed(tensor, network.contract.value_range).items():
        p = scores(network, lambda tensors: tensors, wrong)["p"]
        found[title] = {
            "n": len(p),
            "unusual": _rounded((p <= 0.05).mean()),
            "like nothing": _rounded((p <= 0.005).mean()),
        }
    return found


def ece_by_chance(confidence: np.ndarray, times: int = 200) -> np.ndarray:
    """(times,): the ECE of as many predictions whose every confidence is exactly the chance of being right; its floor."""
    random = np.random.default_rng(0)
    return np.array([ece(confidence, random.random(len(confidence)) < confidence) for _ in range(times)])


def scores(network: Any, to_tensor: Any, images: np.ndarray) -> dict[str, np.ndarray]:
    """(N,) each, higher for inside: max-softmax, every witness, combined; with `answer`, `p` and `calibrated`."""
    from lib.reference.features import vectors
    from lib.verdict.judging import memory_of

    memory = memory_of(network)
    layer = network.reference.feature_layer
    parts: dict[str, list[np.ndarray]] = {}
    for batch in _batches(to_tensor(images)):
        trace = network.trace(batch, layers=(layer,))
        features = vectors(trace.activations[layer])
        strange = memory.strangeness(batch, trace.logits, features)
        values = memory.known.p_values(strange)
        found = {MAX_SOFTMAX: trace.probabilities.max(1)}
        found |= {w.id: -strange[:, i] for i, w in enumerate(memory.witnesses)}
        found |= {COMBINED: -values.score, "p": values.combined, "answer": trace.logits.argmax(1)}
        found["calibrated"] = memory.sureness.calibrated(trace.logits).max(1)
        for key, value in found.items():
            parts.setdefault(key, []).append(value)
    return {key: np.concatenate(value) for key, value in parts.items()}


_HEAD = (
    "| network, test pictures | n | accuracy | ECE | after temperature | by chance | as much by chance | T | unusual "
    "| like nothing in training |",
    "| --- " * 10 + "|",
)


def _row(title: str, row: dict[str, Any], temperature: float) -> str:
    shares = " | ".join(
        _percent(row[key], 2 if "ece" in key else 1)
        for key in ("accuracy", "ece", "ece after", "ece by chance")
    )
    return (
        f"| {title} | {row['n']:,} | {shares} | {_percent(row['as much by chance'], 0)} | {temperature:.2f} | "
        f"{_percent(row['unusual'])} | {_percent(row['like nothing'], 2)} |"
    )


def tables(figures: dict[str, Any]) -> str:
    """All figures as Markdown."""
    lines = ["Of each network the test pictures of all sources it was trained on, together", ""]
    lines += _HEAD
    for name, entry in figures.items():
        lines.append(
            _row(f"`{name}`: {' + '.join(entry['own']['sets'])}", entry["own"], entry["temperature"])
        )
    lines += [
        "",
        "Each set by itself, and those of sources that no network was trained on (external)",
        "",
    ]
    lines += _HEAD
    for name, entry in figures.items():
        lines += [
            _row(f"`{name}`: {title}", row, entry["temperature"]) for title, row in entry["inside"].items()
        ]
    lines += [
        "",
        "The same test pictures on a wrong scale: called unusual or worse / like nothing in training",
        "",
        "| network | handed over | n | unusual or worse | like nothing in training |",
        "| --- " * 5 + "|",
    ]
    for name, entry in figures.items():
        for title, row in entry["misfed"].items():
            shares = f"{_percent(row['unusual'])} | {_percent(row['like nothing'])}"
            lines.append(f"| `{name}` | {title} | {row['n']:,} | {shares} |")
    for name, entry in figures.items():
        scored = list(next(iter(entry["outside"].values()))["auroc"])
        lines += [
            "",
            f"`{name}`, told from “{next(iter(entry['inside']))}” by each score: AUROC / FPR at 95 % TPR",
            "",
            f"| outsiders | n | named with p > 0.99 | {' | '.join(scored)} | like nothing in training |",
            "| --- " * (len(scored) + 4) + "|",
        ]
        for title, row in entry["outside"].items():
            each = " | ".join(f"{row['auroc'][s]:.3f} / {row['fpr95'][s]:.2f}" for s in scored)
            lines.append(
                f"| {title} | {row['n']:,} | {_percent(row['named sure'])} | {each} | {_percent(row['like nothing'])} |"
            )
    return "\n".join(lines)


def _batches(tensor: np.ndarray) -> Iterator[np.ndarray]:
    return (tensor[first : first + _AT_ONCE] for first in range(0, len(tensor), _AT_ONCE))


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _percent(share: float, decimals: int = 1) -> str:
    return f"{100 * share:.{decimals}f} %"


if __name__ == "__main__":
    main()
