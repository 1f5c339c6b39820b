"""The weights: nothing that speaks against a tensor may speak for it, and every departure costs."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.evidence import FEATURES
from lib.autopsy.hypotheses import Hypothesis
from lib.autopsy.score import (
    DEPARTURES,
    EXPLAINED,
    KINDS,
    costs,
    departures,
    likeness,
    needed_gain,
)

OWN = zoo.card("letters-mlp").contract.pipeline()


@pytest.mark.parametrize("kind", KINDS)
def test_every_witness_weighs_the_right_way_round(kind: str) -> None:
    weights = likeness(np.eye(len(FEATURES)), kind)
    assert (weights >= 0).all() and weights.sum() > 0
    assert likeness(np.zeros((1, len(FEATURES))), kind).tolist() == [0.0]


@pytest.mark.parametrize("kind", KINDS)
def test_every_departure_costs_and_less_where_something_was_seen(kind: str) -> None:
    each = [Hypothesis(OWN), *(Hypothesis(OWN, (name,)) for name in DEPARTURES)]
    plain, seen = costs(each, kind), costs(each, kind, DEPARTURES)
    assert plain[0] == seen[0] == 0
    assert (plain[1:] <= 0).all() and (seen[1:] >= plain[1:]).all()
    assert needed_gain(kind) > 0


def test_the_networks_witnesses_are_heard_only_where_they_are() -> None:
    heard = {kind: likeness(np.eye(len(FEATURES)), kind) > 0 for kind in KINDS}
    of = FEATURES.index
    for kind in ("reference", "plain reference"):
        assert heard[kind][of("upright")] and not heard[kind][of("batchnorm_mean")]
    assert heard["batchnorm"][of("batchnorm_mean")] or heard["batchnorm"][of("batchnorm_first")]
    assert not heard["batchnorm"][of("upright")] and not heard["none"][of("batchnorm_mean")]


def test_departures_become_a_table() -> None:
    table = departures([Hypothesis(OWN), Hypothesis(OWN, ("tone", "mirror"))], {"tone"})
    assert table.shape == (2, len(DEPARTURES) + 1) and table[0].sum() == 0
    assert table[1, DEPARTURES.index("tone")] == table[1, DEPARTURES.index("mirror")] == 1
    assert table[1, -1] == 1, "one of the two is explained"


def test_what_a_clue_explains_is_a_departure() -> None:
    assert set(EXPLAINED.values()) <= set(DEPARTURES)
