"""How long the Autopsy takes: `python -m benchmarks.autopsy_times --data FOLDER [--model NAME ...] [--out FILE]`.

The yardstick's own cases, a few of every mistake, one after the other in one process on an otherwise idle machine. The
network is loaded and has been asked once; what is timed is `examine` without the fingerprint, which is made once per model.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.autopsy import ask, knowing
from benchmarks.autopsy_pictures import SUBJECTS
from benchmarks.skews import FAMILIES
from lib import zoo

_DEFAULT = ("letters-mlp", "letters-cnn", "letters-robust", "house-numbers", "digits-cnn", "MobileNetV2")


def measure(subject: str, folder: Path, part: str, cases: int) -> dict[str, Any]:
    """{"n", "p50", "p95"} in seconds, over `cases` pictures spread over all mistakes and healthy pictures."""
    about = SUBJECTS[subject]
    network = zoo.load(about.model)
    network = knowing(network, "none" if network.reference is None else "reference")
    pictures = about.read(folder, part, cases + 1, 1)
    family = FAMILIES[pictures.family]
    skews = [skew for skew in family.skews if skew.applies(network.contract)]
    seconds = [
        ask(network, skews[i % len(skews)], family.right, pictures.images[i], pictures.labels[i], i).seconds
        for i in range(cases + 1)
    ][1:]
    p50, p95 = np.percentile(seconds, (50, 95))
    return {"n": cases, "p50": round(float(p50), 3), "p95": round(float(p95), 3)}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with the data sets' files")
    parser.add_argument("--model", nargs="+", choices=list(SUBJECTS), default=list(_DEFAULT))
    parser.add_argument("--part", choices=("validation", "test"), default="validation")
    parser.add_argument("--cases", type=int, default=80)
    parser.add_argument("--out", type=Path, help="JSON file; models that were not asked now are kept")
    options = parser.parse_args(arguments)
    known = json.loads(options.out.read_text("utf-8")) if options.out and options.out.exists() else {}
    for subject in options.model:
        found = measure(subject, options.data, options.part, options.cases)
        print(f"{subject}: p50 {found['p50']:.2f} s, p95 {found['p95']:.2f} s over {found['n']}", flush=True)
        known[subject] = found | {"cores": os.cpu_count(), "system": platform.system()}
    if options.out:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", "utf-8")


if __name__ == "__main__":
    main()
