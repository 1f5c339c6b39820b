"""Fits how much each witness of the Autopsy weighs: `python -m benchmarks.autopsy_weights --data FOLDER`.

For letters of the validation and held-out writers (never of a test set), each known skew is applied and every candidate of
the search is kept with its evidence and whether the network reads it right. The weights maximise the probability of a right
candidate in a conditional logit over each picture's candidates (D. McFadden, 1974), with a small ridge penalty; half of the
pictures' letters are left out to measure. Writes lib/autopsy/weights.json only if that is better than what is there.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from benchmarks.skews import PAIRS, SKEWS, Skew, healthy
from lib import zoo
from lib.autopsy import score
from lib.autopsy.evidence import FEATURES
from lib.autopsy.hypotheses import Hypothesis
from lib.autopsy.search import search
from lib.network import Network

MODELS = ("letters-mlp", "letters-cnn")
_RIDGE = 0.02
# A witness may not weigh the wrong way round: what is unlike the training data never speaks for a hypothesis.
_NOT_NEGATIVE = len(FEATURES)
_SKEWS = (Skew("healthy", (), healthy), *SKEWS, *PAIRS)


@dataclass(frozen=True, eq=False)
class Case:
    """One picture's candidates: features and departures float64 (N, F + D), and which are read right (N,)."""

    skew: str
    letter: int
    table: np.ndarray
    right: np.ndarray
    own: bool


def letters(folder: Path, count: int, seed: int) -> tuple[list[np.ndarray], np.ndarray]:
    """Tight letters of the validation and held-out writers: images uint8 (H, W), white on black, and labels."""
    from lib.training.letters_data import _cut

    with np.load(folder / "unipen_upper.npz") as arrays:
        _, validation, held_out = _cut(arrays["writer"], arrays["is_test"] == 0)
        rows = np.flatnonzero((validation | held_out) & (arrays["knn_support"] > 0))
        rows = np.random.default_rng(seed).permutation(rows)[:count]
        images, labels = arrays["images"][rows], arrays["labels"][rows].astype(int)
    return [tight(image) for image in images], labels


def tight(image: np.ndarray) -> np.ndarray:
    """Cut to its ink."""
    rows, columns = np.nonzero(image > 40)
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def cases(network: Network, images: list[np.ndarray], labels: np.ndarray) -> Iterator[Case]:
    """Every skew of every letter that the network reads right when nothing is wrong."""
    reference = network.reference
    for number, (image, label) in enumerate(zip(images, labels, strict=True)):
        for skew in _SKEWS:
            if not skew.applies(network.contract):
                continue
            picture, pipeline = skew.make(image, network.contract, np.random.default_rng(number))
            found = search(network, picture, reference, [Hypothesis(pipeline)])
            table = np.concatenate(
                [np.stack([c.features for c in found]), score.departures([c.hypothesis for c in found])], 1
            )
            right = np.array([c.label == label for c in found])
            yield Case(skew.name, number, table, right, bool(right.any()))


def fit(training: list[Case], start: np.ndarray) -> np.ndarray:
    """The weights that make a right candidate most probable."""
    useful = [case for case in training if case.right.any() and not case.right.all()]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        total, gradient = 0.0, np.zeros_like(weights)
        for case in useful:
            scores = case.table @ weights
            scores -= scores.max()
            every = np.exp(scores)
            good = every * case.right
            total += np.log(every.sum()) - np.log(good.sum() + 1e-12)
            gradient += case.table.T @ (every / every.sum() - good / (good.sum() + 1e-12))
        count = len(useful)
        return total / count + _RIDGE * float(weights @ weights), gradient / count + 2 * _RIDGE * weights

    bounds = [(0, None)] * _NOT_NEGATIVE + [(None, 0)] * (len(start) - _NOT_NEGATIVE)
    return np.asarray(minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x)


def recovered(found: list[Case], weights: np.ndarray) -> float:
    """The share of pictures whose best candidate is read right."""
    return float(np.mean([case.right[int((case.table @ weights).argmax())] for case in found]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with unipen_upper.npz")
    parser.add_argument("--letters", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    images, labels = letters(options.data, options.letters, options.seed)
    found: list[Case] = []
    for name in MODELS:
        started, before = time.perf_counter(), len(found)
        found += cases(zoo.load(name), images, labels)
        print(f"{name}: {len(found) - before} cases, {time.perf_counter() - started:.0f} s", flush=True)
    known = [case for case in found if case.letter % 2 == 0]
    unseen = [case for case in found if case.letter % 2]
    old = score._weights()["reference"]
    weights = fit(known, old)
    print(
        f"recovered on letters left out: before {recovered(unseen, old):.4f}, after {recovered(unseen, weights):.4f}"
    )
    weights = fit(found, old)
    entries = json.loads(score._FILE.read_text(encoding="utf-8"))
    names = (*FEATURES, *score.DEPARTURES)
    entries["reference"] = {
        name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)
    }
    score._FILE.write_text(json.dumps(entries, indent=1) + "\n", encoding="utf-8")
    for name in names:
        print(f"  {name:22s} {entries['reference'][name]:8.3f}")


if __name__ == "__main__":
    main()
