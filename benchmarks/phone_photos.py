"""Digits on phone photos, by hand: `python -m benchmarks.phone_photos --data FOLDER [--out FILE]`.

What digits-cnn reads of real phone photos through the Lab's presets and through some neighbours of "Photo of paper". The
pages are divided as in the yardstick: the best pipeline is chosen on some, what it is worth is measured on the others.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

import numpy as np

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

from benchmarks.autopsy_pictures import PARTS, photo_digits, photo_digits_among_others
from benchmarks.autopsy_tables import share
from benchmarks.autopsy_tally import of
from lib import zoo
from lib.contract import Contract
from lib.network import Network
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.presets import presets

PAPER = "Photo of paper"
_ALL = 10_000
_READ = {"surroundings faded": photo_digits, "as they were taken": photo_digits_among_others}


def ways(contract: Contract) -> dict[str, Pipeline]:
    """The presets, and "Photo of paper" with another contrast, window, recipe for gray, pen or blur."""
    found = {preset.name: preset.pipeline for preset in presets(contract)}
    paper = found[PAPER]
    found |= {
        f"{PAPER}, b = {b}, slope = {slope}": paper.with_step("sigmoid", b=float(b), slope=float(slope))
        for b in (40, 60, 80, 100, 140)
        for slope in (12, 20, 30)
    }
    found |= {
        f"{PAPER}, window {window} %": paper.with_step("background", window=float(window))
        for window in (20, 45)
    }
    found[f"{PAPER}, luma"] = paper.with_step("grayscale", recipe="luma")
    found[f"{PAPER}, no sigmoid"] = paper.with_step("sigmoid", on=False)
    found[f"{PAPER}, thicker"] = paper.with_step("stroke", on=True, amount=1.0)
    found[f"{PAPER}, softer"] = paper.with_step("softness", on=True, sigma=1.0)
    return found


def accuracy(
    network: Network, pipeline: Pipeline, photos: list[Picture], labels: list[frozenset[int]]
) -> dict[str, int]:
    """{"k": how many are read rightly, "n": of how many}."""
    tensors = np.stack([pipeline.run(photo).final for photo in photos])
    answers = network.trace(tensors, layers=()).logits.argmax(1)
    return of(int(answer) in label for answer, label in zip(answers, labels, strict=True))


def measure(folder: Path, model: str = "digits-cnn") -> dict[str, Any]:
    """{"rows": [{"way", "validation": {kind: counts}, and of the presets and the best one "test"}], "best": its name}."""
    network = zoo.load(model)
    photos: dict[tuple[str, str], tuple[list[Picture], list[frozenset[int]]]] = {}
    for kind, read in _READ.items():
        for part in PARTS:
            found = read(folder, part, _ALL, 0)
            photos[kind, part] = [Picture.from_array(image) for image in found.images], list(found.labels)
    named = ways(network.contract)
    rows = [
        {"way": way, "validation": {kind: accuracy(network, pipeline, *photos[kind, "validation"]) for kind in _READ}}
        for way, pipeline in named.items()
    ]  # fmt: skip
    best = max(rows, key=lambda row: sum(counts["k"] for counts in row["validation"].values()))["way"]
    shown = {preset.name for preset in presets(network.contract)} | {best}
    for row in rows:
        if row["way"] in shown:
            row["test"] = {
                kind: accuracy(network, named[row["way"]], *photos[kind, "test"]) for kind in _READ
            }
    return {"model": model, "best": best, "rows": rows}


def table(entry: dict[str, Any]) -> str:
    """Markdown: what was measured on the test pages, the best on the validation pages last."""
    kinds = list(_READ)
    heads = [f"validation pages, {kind} | test pages, {kind}" for kind in kinds]
    lines = [
        f"| {entry['model']} through | {' | '.join(heads)} |",
        "| " + "--- | " * (1 + 2 * len(kinds)),
    ]
    for row in entry["rows"]:
        if "test" in row:
            cells = [f"{share(row['validation'][kind])} | {share(row['test'][kind])}" for kind in kinds]
            mark = " (best on the validation pages)" if row["way"] == entry["best"] else ""
            lines.append(f"| {row['way']}{mark} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with photo_digits_rgb.npz")
    parser.add_argument("--out", type=Path, help="JSON file")
    options = parser.parse_args(arguments)
    entry = measure(options.data)
    print(table(entry))
    for row in entry["rows"]:
        print(row["way"], *(f"{share(counts, False)}" for counts in row["validation"].values()), sep="; ")
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(entry, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    main()
