"""The fit of the Autopsy's weights: bounds, costs of turning, and that the committed file is what the command writes."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.autopsy_weights import (
    _MIRROR_DEARER,
    BY_HAND,
    FALSE_ALARMS,
    KEPT,
    MODELS,
    WITNESSES,
    Case,
    fit,
    limits,
    turning_cost,
)
from lib.autopsy import score


def test_the_committed_file_keeps_apart_what_was_fitted_and_what_was_set_by_hand() -> None:
    entries = json.loads(Path(score.__file__).with_name("weights.json").read_text("utf-8"))
    for kind, by_hand in BY_HAND.items():
        assert entries[kind]["by_hand"] == by_hand
        fitted = entries[kind]["fitted"]
        assert set(fitted["witnesses"]) <= set(WITNESSES[kind])
        assert set(fitted["departures"]) | set(by_hand["departures"]) == {*score.DEPARTURES, "explained"}
        assert not set(fitted["departures"]) & set(by_hand["departures"])
    assert entries["made_by"].startswith("python -m benchmarks.autopsy_weights") and entries["data"]


@pytest.mark.parametrize("kind", MODELS)
def test_fitted_weights_lie_within_the_limits(kind: str) -> None:
    low, high = limits(kind)
    fitted = json.loads(Path(score.__file__).with_name("weights.json").read_text("utf-8"))[kind]["fitted"]
    weights = np.array([fitted["witnesses"].get(name, 0.0) for name in WITNESSES[kind]])
    count = len(weights)
    assert (weights >= low[:count] - 1e-3).all() and (weights <= high[:count]).all()


def test_what_is_not_fitted_is_kept_whole() -> None:
    entries = json.loads(Path(score.__file__).with_name("weights.json").read_text("utf-8"))
    assert {KEPT, *MODELS} == set(score.KINDS) and set(MODELS) == set(FALSE_ALARMS)
    assert set(entries[KEPT]["fitted"]["witnesses"]) <= set(WITNESSES["reference"])
    # The better Compass is trusted sooner.
    turning = {kind: entries[kind]["fitted"]["departures"]["orientation"] for kind in ("reference", KEPT)}
    assert turning[KEPT] < turning["reference"] < 0


def test_the_fit_hears_the_witness_that_is_right() -> None:
    random = np.random.default_rng(0)
    cases = []
    for _ in range(60):
        table = random.normal(size=(5, 3))
        right = np.zeros(5, bool)
        right[table[:, 1].argmax()] = True
        cases.append(Case("healthy", 0, table, right, 0, 1.0))
    weights = fit(cases, np.zeros(3), np.full(3, np.inf))
    assert weights[1] > 1 and weights[1] > 5 * max(weights[0], weights[2])
    held = fit(cases, np.zeros(3), np.array([np.inf, 0.5, np.inf]))
    assert held[1] == pytest.approx(0.5), "a limit holds"


def test_turning_costs_as_much_as_keeps_false_alarms_rare() -> None:
    count = 1000
    upright = np.zeros((count, 8, 1))
    # One letter in a hundred gains 4 by turning, one in ten gains 2 by mirroring.
    upright[: count // 100, 1] = 4.0
    upright[count // 2 : count // 2 + count // 10, 5] = 2.0
    cost = turning_cost([upright], np.ones(1), needed_gain=0.5, false_alarms=0.0125)
    assert -cost == pytest.approx(2.0 - _MIRROR_DEARER - 0.5, abs=0.051)
    cost = turning_cost([upright], np.ones(1), needed_gain=0.5, false_alarms=0.005)
    assert -cost == pytest.approx(4.0 - 0.5, abs=0.051), "now the one in a hundred may not either"
