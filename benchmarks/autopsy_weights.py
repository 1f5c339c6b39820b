"""Fits how much each witness of the Autopsy weighs: `python -m benchmarks.autopsy_weights --data FOLDER [--cache FOLDER]`.

For simulated pictures (`autopsy_simulation`) of letters by writers that the training set aside, never of a test set, every
candidate of the search is kept with its evidence. The weights make the right candidate most probable among a picture's
candidates (conditional logit, D. McFadden, 1974), with a small ridge penalty, over several networks at once: the witnesses
count in each network's own held-out deviations. Right is the tensor nearest to that of the clean letter, whatever the
network reads in it: a healthy network's misreads shall not be put down to the picture. The costs of turning are then set so
that few upright letters are called turned. Writes lib/autopsy/weights.json; what is not fitted but set by hand stands in
BY_HAND, and in the file under "by_hand".
"""

from __future__ import annotations

import argparse
import json
import pickle
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

from benchmarks.autopsy_pictures import letters
from benchmarks.autopsy_simulation import KINDS, Simulated, simulate
from lib import zoo
from lib.autopsy import batchnorm_witness, network_witnesses, pixel_witnesses, score
from lib.autopsy.evidence import FEATURES, gather, seen
from lib.autopsy.hypotheses import MIRRORINGS, TURNS
from lib.network import Network
from lib.pipeline import Orientation
from lib.reference.compass import eight
from lib.statistics import bounds

MODELS = {
    "reference": ("letters-mlp", "letters-cnn", "letters-robust"),
    "batchnorm": ("letters-cnn", "letters-robust"),
    "none": ("letters-mlp",),
}
BY_HAND: dict[str, dict[str, Any]] = {
    "reference": {"needed_gain": 0.5, "departures": {"frame": -2.5, "range": -1.0, "channels": -1.0}},
    "batchnorm": {"needed_gain": 1.2, "departures": {"frame": -2.5, "range": -1.0, "channels": -1.0}},
    "none": {"needed_gain": 0.7, "departures": {"frame": -2.5, "range": -1.0, "channels": -1.0}},
}
"""What no fit gives: by how much another pipeline must be better, and the costs of departures that the simulation has no
case of."""
FALSE_ALARMS = {"reference": 0.01, "batchnorm": 0.0125, "none": 0.0125}
"""The share of upright letters, misread ones included, that may be called turned; the mean over the networks."""
KEPT = "plain reference"
"""Not fitted: there the letters' Compass was of the earlier kind, as it still is for other models."""
_RIDGE = 0.001
_NEAR, _LEAST_ALIKE = 0.025, 0.55
_ASKED, _TURNED = 70, 12
_CONTRACT = tuple(name for name in pixel_witnesses.NAMES if name.startswith("contract"))
_ANSWER = ("log_probability", "margin", "outsider")
WITNESSES = {
    "reference": tuple(
        name for name in (*pixel_witnesses.NAMES, *network_witnesses.NAMES) if name not in _CONTRACT
    ),
    "batchnorm": (*_CONTRACT, *_ANSWER, *batchnorm_witness.NAMES),
    "none": (*_CONTRACT, *_ANSWER),
}
# Witnesses that the simulated pictures need less than real ones do: statistics first was measured on real phone photos, and
# what the network makes of numbers in a wrong range none of these pictures shows.
_AT_LEAST = {
    "reference": {"worst_statistic": 0.3, "mean_statistic": 1.0, "prototype_distance": 0.05, "prototype_agrees": 0.1,
                  "energy": 0.4, "neighbours": 0.1, "activations_outside": 0.15, "outsider": 0.2},
    "batchnorm": {"contract_range": 1.0, "contract_ground": 2.0, "batchnorm_mean": 1.0, "log_probability": 0.1,
                  "outsider": 0.2},
    "none": {"contract_range": 1.0, "contract_ground": 2.0, "log_probability": 0.1, "outsider": 0.2},
}  # fmt: skip
# What makes the short list that is fitted, independent of weights that were fitted before.
_FIRST_LOOK = {"worst_statistic": 0.3, "mean_statistic": 1.0, "prototype_distance": 0.1, "upright": 1.0,
               "contract_range": 1.0, "contract_ground": 2.0, "contract_ink": 1.0, "contract_gray": 1.0}  # fmt: skip
# No departure is for nothing.
_AT_MOST = {
    "tone": -1.2,
    "polarity": -0.8,
    "orientation": -1.0,
    "mirror": -1.0,
    "stroke": -3.2,
    "softness": -1.6,
}
_MIRROR_DEARER = 0.15
_DATA = "UNIPEN capitals of the writers that the training set aside (validation and held-out), see autopsy_simulation"


@dataclass(frozen=True, eq=False)
class Case:
    """One picture's candidates.

    Attributes:
        table: float64 (N, F + D): witnesses, then departures.
        right: bool (N,).
        own: the contract's own pipeline.
        weight: of the case in the fit.
    """

    kind: str
    letter: int
    table: np.ndarray
    right: np.ndarray
    own: int
    weight: float


def cases(simulated: Sequence[Simulated], network: Network, kind: str) -> list[Case]:
    """Of one network; the candidates are asked about as the search does it, the best-looking and those near the truth."""
    reference = network.reference if kind == "reference" else None
    columns = [FEATURES.index(name) for name in WITNESSES[kind]]
    first_look = np.array([_FIRST_LOOK.get(name, 0.0) for name in FEATURES])
    counts = {name: sum(one.kind == name for one in simulated) for name in KINDS}
    found = []
    for one in simulated:
        upright = seen(network, _as_input(one.tensors, network), reference).features @ first_look
        turned, departed = _turned(one, upright - 2 * np.array([len(kinds) for kinds in one.departures]))
        alike = _correlation(turned, one.truth)
        tensors = _as_input(turned, network)
        known = seen(network, tensors, reference)
        table = _departures(departed, one.explained[0 if reference is not None else 1])
        cheap = known.features @ first_look - 2 * table[:, :-1].sum(1)
        own = next((n for n, kinds in enumerate(departed) if not kinds), 0)
        rows = np.unique([*np.argsort(-cheap)[:_ASKED], *np.argsort(-alike)[:6], own])
        features = gather(network, tensors[rows], reference, known.take(rows)).features[:, columns]
        near = alike[rows]
        found.append(
            Case(
                one.kind,
                one.letter,
                np.concatenate([features, table[rows]], 1),
                near >= max(near.max() - _NEAR, _LEAST_ALIKE),
                int(np.searchsorted(rows, own)),
                KINDS[one.kind][0] / counts[one.kind],
            )
        )
    return found


def _turned(one: Simulated, promise: np.ndarray) -> tuple[np.ndarray, list[tuple[str, ...]]]:
    """All upright candidates, and in the seven other orientations those that promise most and those nearest to the truth."""
    best = np.unique(
        [*np.argsort(-promise)[:_TURNED], *np.argsort(-_correlation(one.tensors, one.truth))[:2]]
    )
    stacks, departed = [one.tensors], list(one.departures)
    for kind, turns in (("orientation", TURNS), ("mirror", MIRRORINGS)):
        for turn in turns:
            stacks.append(
                np.stack([Orientation.kernel(t[..., None], turn=turn)[..., 0] for t in one.tensors[best]])
            )
            departed += [(*one.departures[row], kind) for row in best]
    return np.concatenate(stacks).astype(np.float32), departed


def _as_input(images: np.ndarray, network: Network) -> np.ndarray:
    """0..255 (N, H, W) as the network takes it."""
    low, high = bounds(network.contract.value_range)
    tensors = images.astype(np.float32) / 255 * (high - low) + low
    return tensors.reshape(len(images), *network.contract.input_shape)


def _correlation(tensors: np.ndarray, truth: np.ndarray) -> np.ndarray:
    tensors = tensors.astype(np.float32)
    flat = tensors.reshape(len(tensors), -1) - tensors.mean((1, 2))[:, None]
    wanted = truth.astype(np.float32).ravel() - float(truth.astype(np.float32).mean())
    return np.asarray(flat @ wanted / np.maximum(np.linalg.norm(flat, axis=1) * np.linalg.norm(wanted), 1e-6))


def _departures(departed: Sequence[tuple[str, ...]], explained: frozenset[str]) -> np.ndarray:
    own = zoo.card("letters-mlp").contract.pipeline()
    return score.departures([score.Hypothesis(own, kinds) for kinds in departed], explained)


def upright_cases(network: Network, kind: str, images: np.ndarray) -> np.ndarray:
    """float64 (N, 8, F): the witnesses of upright letters (N, H, W), 0..255, in all eight orientations."""
    reference = network.reference if kind == "reference" else None
    columns = [FEATURES.index(name) for name in WITNESSES[kind]]
    ways = eight(images)
    return np.stack(
        [
            gather(network, _as_input(ways[:, way], network), reference).features[:, columns]
            for way in range(8)
        ],
        1,
    )


def fit(training: Sequence[Case], lowest: np.ndarray, highest: np.ndarray) -> np.ndarray:
    """The weights that make the right candidates most probable."""
    useful = [case for case in training if case.right.any() and not case.right.all()]
    total = sum(case.weight for case in useful)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        value, gradient = 0.0, np.zeros_like(weights)
        for case in useful:
            scores = case.table @ weights
            every = np.exp(scores - scores.max())
            good = every * case.right
            value += case.weight * (np.log(every.sum()) - np.log(good.sum() + 1e-12))
            gradient += case.weight * (case.table.T @ (every / every.sum() - good / (good.sum() + 1e-12)))
        return value / total + _RIDGE * float(weights @ weights), gradient / total + 2 * _RIDGE * weights

    start = np.clip(np.zeros(len(lowest)), lowest, highest)
    limits = list(zip(lowest, highest, strict=True))
    return np.asarray(minimize(loss, start, jac=True, bounds=limits, method="L-BFGS-B").x)


def limits(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """A witness may not weigh the wrong way round, and a departure not be welcome."""
    witnesses, departed = WITNESSES[kind], score.DEPARTURES
    low = [_AT_LEAST[kind].get(name, 0.0) for name in witnesses] + [-np.inf] * len(departed) + [0.0]
    high = [np.inf] * len(witnesses) + [_AT_MOST.get(name, 0.0) for name in departed] + [1.5]
    return np.array(low), np.array(high)


def turning_cost(
    upright: Sequence[np.ndarray], weights: np.ndarray, needed_gain: float, false_alarms: float
) -> float:
    """The cost of turning at which the share `false_alarms` of upright letters is called turned, the mean over networks.

    Args:
        upright: of each network, see `upright_cases`.
        weights: (F,), of the witnesses.
        needed_gain: by how much a pipeline must be better before the picture is blamed.
    """
    gains = [table @ weights for table in upright]
    turned = [gain[:, 1:4].max(1) - gain[:, 0] for gain in gains]
    mirrored = [gain[:, 4:].max(1) - gain[:, 0] - _MIRROR_DEARER for gain in gains]
    best = [np.maximum(a, b) - needed_gain for a, b in zip(turned, mirrored, strict=True)]
    costs = np.arange(0.0, 12.0, 0.05)
    alarms = np.array([np.mean([(gain > cost).mean() for gain in best]) for cost in costs])
    return float(-costs[int(np.argmax(alarms <= false_alarms))])


def report(found: Sequence[Case], weights: np.ndarray, needed_gain: float) -> None:
    """Per kind of picture how often a right candidate is chosen, and how often the contract's own is left."""
    for kind in KINDS:
        chosen = [(_chosen(case, weights, needed_gain), case) for case in found if case.kind == kind]
        right = np.mean([case.right[row] for row, case in chosen])
        left = np.mean([row != case.own for row, case in chosen])
        print(
            f"  {kind:20s} {len(chosen):4d} pictures: right {right:.3f}, another than the contract's {left:.3f}"
        )


def _chosen(case: Case, weights: np.ndarray, needed_gain: float) -> int:
    scores = case.table @ weights
    best = int(scores.argmax())
    return best if scores[best] > scores[case.own] + needed_gain else case.own


def _kept(cache: Path | None, name: str, make: Callable[[], Any]) -> Any:
    """What was made before and kept, or what is made now."""
    path = None if cache is None else cache / f"{name}.pkl"
    if path is not None and path.exists():
        return pickle.loads(path.read_bytes())
    made = make()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(made))
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="the folder with the data sets' files")
    parser.add_argument("--pictures", type=int, default=260, help="to simulate")
    parser.add_argument(
        "--upright", type=int, default=800, help="letters to measure false alarms of turning on"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--cache", type=Path, help="keep what was simulated and asked here, to fit again in seconds"
    )
    options = parser.parse_args()
    card = zoo.card("letters-mlp")
    drawn = letters(options.data, "validation", 4000, options.seed)
    labels = [next(iter(classes)) for classes in drawn.labels]
    reference = zoo.load_reference(card)
    assert reference is not None
    simulated = _kept(
        options.cache,
        "simulated",
        lambda: list(
            simulate(drawn.images, labels, card.contract, reference, options.pictures, options.seed)
        ),
    )
    forms = _normal_forms(options.data, options.upright, options.seed)
    entries: dict[str, Any] = {}
    for kind, names in MODELS.items():
        found: list[Case] = []
        upright = []
        for name in names:
            network = zoo.load(name)
            if kind != "reference":
                network = network.with_contract(network.contract)
            found += _kept(options.cache, f"{kind}-{name}", lambda n=network, k=kind: cases(simulated, n, k))
            upright.append(
                _kept(
                    options.cache,
                    f"upright-{kind}-{name}",
                    lambda n=network, k=kind: upright_cases(n, k, forms),
                )
            )
            print(f"{kind}, {name}: {len(found)} cases", flush=True)
        weights = fit(found, *limits(kind))
        by_hand = BY_HAND[kind]
        witnesses, departed = WITNESSES[kind], (*score.DEPARTURES, "explained")
        cost = turning_cost(upright, weights[: len(witnesses)], by_hand["needed_gain"], FALSE_ALARMS[kind])
        costs = dict(zip(departed, weights[len(witnesses) :], strict=True)) | by_hand["departures"]
        costs |= {"orientation": cost, "mirror": cost - _MIRROR_DEARER}
        weights[len(witnesses) :] = [costs[name] for name in departed]
        report(found, weights, by_hand["needed_gain"])
        entries[kind] = {
            "fitted": {
                "witnesses": {
                    n: round(float(w), 3) for n, w in zip(witnesses, weights, strict=False) if w > 5e-4
                },
                "departures": {
                    n: round(float(costs[n]), 3) for n in departed if n not in by_hand["departures"]
                },
            },
            "by_hand": by_hand,
        }
    made = f"python -m benchmarks.autopsy_weights --pictures {options.pictures} --seed {options.seed}"
    path = Path(score.__file__).with_name("weights.json")
    kept = json.loads(path.read_text(encoding="utf-8"))[KEPT]
    path.write_text(
        json.dumps({"made_by": made, "data": _DATA, KEPT: kept, **entries}, indent=1) + "\n", encoding="utf-8"
    )


def _normal_forms(folder: Path, count: int, seed: int) -> np.ndarray:
    """uint8 (N, 28, 28): upright letters of writers that the training set aside, in normal form."""
    from lib.training.normal_form import normal_forms

    return normal_forms(list(letters(folder, "validation", count, seed).images))


if __name__ == "__main__":
    main()
