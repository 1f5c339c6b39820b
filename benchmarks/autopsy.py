"""The Autopsy's yardstick: `python -m benchmarks.autopsy --data FOLDER [--model NAME] [--letters N] [--no-reference]`.

For letters of writers that took no part in any training, one known skew at a time is applied and the Autopsy asked. Per
skew: the accuracy as skewed, after the fix, the fix's share of what the right pipeline gives, how often the cause is named
first, with 95 % Wilson intervals; for healthy pictures the false alarms; and the time per picture. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.autopsy_weights import tight
from benchmarks.skews import PAIRS, SKEWS, Skew, healthy
from lib import zoo
from lib.autopsy import examine
from lib.network import Network

_Z = 1.96


@dataclass
class Tally:
    """What came out for one skew."""

    right: list[bool] = field(default_factory=list)
    skewed: list[bool] = field(default_factory=list)
    fixed: list[bool] = field(default_factory=list)
    named: list[bool] = field(default_factory=list)
    causes: Counter[str] = field(default_factory=Counter)


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927)."""
    if n == 0:
        return 0.0, 1.0
    share, square = successes / n, _Z * _Z / n
    middle = (share + square / 2) / (1 + square)
    half = _Z * np.sqrt(share * (1 - share) / n + square / (4 * n)) / (1 + square)
    return float(middle - half), float(middle + half)


def letters(folder: Path, count: int, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Tight letters of the test writers: images uint8 (H, W), white on black, and labels."""
    with np.load(folder / "unipen_upper.npz") as arrays:
        rows = np.random.default_rng(seed).permutation(np.flatnonzero(arrays["is_test"] == 1))[:count]
        images, labels = arrays["images"][rows], arrays["labels"][rows].astype(int)
    return [tight(image) for image in images], labels


def ask(network: Network, skew: Skew, image: np.ndarray, label: int, seed: int, tally: Tally) -> float:
    """One case; returns the seconds that the Autopsy took."""

    def reads(picture: object, pipeline: object) -> bool:
        trace = network.trace(pipeline.run(picture).final, layers=())  # type: ignore[attr-defined]
        return bool(trace.top(1)[0] == label)

    picture, pipeline = skew.make(image, network.contract, np.random.default_rng(seed))
    plain, own = healthy(image, network.contract, np.random.default_rng(seed))
    started = time.perf_counter()
    found = examine(network, picture, pipeline, model_findings=())
    seconds = time.perf_counter() - started
    first = found.findings[0].cause if found.findings else found.verdict
    tally.right.append(reads(plain, own))
    tally.skewed.append(reads(picture, pipeline))
    tally.fixed.append(reads(picture, found.fix or pipeline))
    tally.named.append(first in skew.causes if skew.causes else not found.findings)
    tally.causes[first] += 1
    return seconds


def row(name: str, tally: Tally) -> str:
    n, right, fixed = len(tally.named), sum(tally.right), sum(tally.fixed)
    low, high = wilson(sum(tally.named), n)
    most = ", ".join(f"{cause} {count}" for cause, count in tally.causes.most_common(3))
    return (
        f"| {name} | {right / n:.3f} | {sum(tally.skewed) / n:.3f} | {fixed / n:.3f} | {fixed / max(right, 1):.3f} | "
        f"{sum(tally.named) / n:.3f} ({low:.2f}-{high:.2f}) | {most} |"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with unipen_upper.npz")
    parser.add_argument("--model", default="letters-mlp")
    parser.add_argument("--letters", type=int, default=50, help="for each skew")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--no-reference", action="store_true", help="without the memory of the training data")
    options = parser.parse_args()
    network = zoo.load(options.model)
    if options.no_reference:
        network = network.with_contract(network.contract)
    images, labels = letters(options.data, options.letters, options.seed)
    print(
        f"{options.model}{', no Reference' if options.no_reference else ''}, {len(images)} letters of new writers a skew\n"
    )
    print(
        "| skew | right pipeline | skewed | after the fix | share recovered | named first | what was named |"
    )
    print("| --- | --- | --- | --- | --- | --- | --- |")
    seconds: list[float] = []
    for skew in (Skew("healthy", (), healthy), *SKEWS, *PAIRS):
        if not skew.applies(network.contract):
            continue
        tally = Tally()
        for number, (image, label) in enumerate(zip(images, labels, strict=True)):
            seconds.append(ask(network, skew, image, int(label), number, tally))
        print(row(skew.name, tally), flush=True)
    print(
        f"\ntime per picture: p50 {np.percentile(seconds, 50):.2f} s, p95 {np.percentile(seconds, 95):.2f} s"
    )


if __name__ == "__main__":
    main()
