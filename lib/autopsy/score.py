"""How much each witness weighs: one number for each hypothesis.

The weights in `weights.json` were fitted to letters that no test uses: `python -m benchmarks.autopsy_weights` does it again.
What that command does not fit stands there, and in the file, under "by_hand". The entry of the plain Reference it keeps: it
was fitted while the letters had a Compass of the earlier kind.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from lib.autopsy.evidence import FEATURES
from lib.autopsy.hypotheses import Hypothesis

KINDS = ("reference", "plain reference", "batchnorm", "none")
"""Who is heard: a Reference with a good Compass; a Reference with none, or with one of the earlier kind; the network's
BatchNorm statistics; nobody but the contract and the answer itself."""

DEPARTURES = ("tone", "polarity", "orientation", "mirror", "stroke", "softness", "frame", "range", "channels")
EXPLAINED = {
    "background-not-flat": "tone",
    "jpeg-artifacts": "tone",
    "grayscale-recipe": "tone",
    "polarity": "polarity",
    "exif-rotation": "orientation",
    "stroke-width": "stroke",
    "edge-softness": "softness",
    "aspect-ratio": "frame",
    "size-and-centring": "frame",
    "channel-order": "channels",
}
"""Cause of a clue -> the departure that it makes likely."""

_FILE = Path(__file__).with_name("weights.json")


def likeness(features: np.ndarray, kind: str) -> np.ndarray:
    """How like the training data tensors are: float64 (N,).

    Args:
        features: (N, F), see `evidence.FEATURES`.
        kind: one of KINDS.
    """
    return np.asarray(features @ _weights(kind)[: len(FEATURES)])


def costs(hypotheses: Sequence[Hypothesis], kind: str, explained: Collection[str] = ()) -> np.ndarray:
    """What the departures from the contract cost: float64 (N,), 0 or less.

    With the likeness it is the logarithm of the odds that the tensor is the right one, up to a constant.

    Args:
        explained: the kinds of departure for which something was seen in the picture or its file.
    """
    return np.asarray(departures(hypotheses, explained) @ _weights(kind)[len(FEATURES) :])


def needed_gain(kind: str) -> float:
    """By how much (log odds) another pipeline must be better than the contract's own before the picture is blamed."""
    return float(_entries()[kind]["by_hand"]["needed_gain"])


def departures(hypotheses: Sequence[Hypothesis], explained: Collection[str] = ()) -> np.ndarray:
    """float64 (N, D + 1): which kinds of departure each hypothesis makes, in the order of DEPARTURES, and how many of them
    are explained by what was seen."""
    table = np.zeros((len(hypotheses), len(DEPARTURES) + 1))
    for row, hypothesis in enumerate(hypotheses):
        for kind in hypothesis.departures:
            table[row, DEPARTURES.index(kind)] = 1.0
            table[row, -1] += kind in explained
    return table


@cache
def _weights(kind: str) -> np.ndarray:
    fitted, by_hand = _entries()[kind]["fitted"], _entries()[kind]["by_hand"]
    costs = fitted["departures"] | by_hand["departures"]
    return np.array(
        [fitted["witnesses"].get(name, 0.0) for name in FEATURES]
        + [costs.get(name, 0.0) for name in (*DEPARTURES, "explained")]
    )


@cache
def _entries() -> dict[str, dict]:
    return dict(json.loads(_FILE.read_text(encoding="utf-8")))
