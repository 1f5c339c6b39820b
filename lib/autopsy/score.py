"""How much each witness weighs: one number for each hypothesis.

The weights in `weights.json` were set by hand on letters that no test uses; `python -m benchmarks.autopsy_weights` fits
others and keeps them where they recover more letters.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from lib.autopsy.evidence import FEATURES, Evidence
from lib.autopsy.hypotheses import Hypothesis

DEPARTURES = ("tone", "polarity", "orientation", "mirror", "stroke", "softness", "frame", "range", "channels")
_FILE = Path(__file__).with_name("weights.json")


def scores(
    evidence: Evidence, hypotheses: Sequence[Hypothesis], with_reference: bool
) -> tuple[np.ndarray, np.ndarray]:
    """How like the training data each tensor is, and what its departures from the contract cost: float64 (N,) each.

    Their sum is the logarithm of the odds that the network reads the tensor right, up to a constant.
    """
    weights = _weights()["reference" if with_reference else "none"]
    return evidence.features @ weights[: len(FEATURES)], departures(hypotheses) @ weights[len(FEATURES) :]


def departures(hypotheses: Sequence[Hypothesis]) -> np.ndarray:
    """float64 (N, D): which kinds of departure each hypothesis makes, in the order of DEPARTURES."""
    table = np.zeros((len(hypotheses), len(DEPARTURES)))
    for row, hypothesis in enumerate(hypotheses):
        for kind in hypothesis.departures:
            table[row, DEPARTURES.index(kind)] = 1.0
    return table


@cache
def _weights() -> dict[str, np.ndarray]:
    entries = json.loads(_FILE.read_text(encoding="utf-8"))
    return {
        kind: np.array([entries[kind][name] for name in (*FEATURES, *DEPARTURES)])
        for kind in ("reference", "none")
    }
