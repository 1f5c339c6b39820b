"""Which pipeline to go to, and which differences are worth a word."""

from __future__ import annotations

import dataclasses

import pytest

from lib import zoo
from lib.autopsy.choice import applied, choose, like, needed, without
from lib.autopsy.hypotheses import Hypothesis
from lib.autopsy.judge import Judge
from lib.autopsy.naming import differences
from lib.autopsy.score import needed_gain
from lib.autopsy.search import Candidate, search
from lib.network import Network
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


@pytest.fixture(scope="module")
def judge(network: Network) -> Judge:
    return Judge(network, [sample("r-clean").picture()], network.reference, "reference")


def test_the_contracts_way_is_taken_unless_the_visitors_suits_the_picture_better(judge: Judge) -> None:
    own = judge.pipeline(judge.own)
    nearest = judge.own.with_step("resize", filter="nearest")
    assert choose(judge.pipeline(nearest), own, (), nearest, judge) is own
    assert choose(own, judge.pipeline(judge.own), (), judge.own, judge) is own


def test_likeness_does_not_speak_for_numbers_that_are_proven_wrong(judge: Judge) -> None:
    own = judge.pipeline(judge.own)
    better = dataclasses.replace(
        judge.pipeline(judge.own.with_step("sigmoid", on=True)), score=own.score + 10.0
    )
    assert choose(better, own, (), better.pipeline, judge) is better
    assert choose(better, own, (), better.pipeline, judge, proven_wrong=True) is own


def test_a_picture_that_says_nothing_of_the_way_up_is_not_turned(network: Network, judge: Judge) -> None:
    own = judge.pipeline(judge.own)
    turned = own.pipeline.with_step("orientation", turn="rotate 180°", on=True)
    candidate = Candidate(
        Hypothesis(turned, ("orientation",)),
        own.tensors[0],
        0.0,
        100.0,
        own.probabilities[0],
        own.features[0],
    )
    assert choose(own, own, [candidate], judge.own, judge).pipeline == turned
    assert choose(own, own, [candidate], judge.own, judge, turnable=False) is own


def test_another_way_needs_a_clear_gain(network: Network, judge: Judge) -> None:
    own = judge.pipeline(judge.own)
    found = search(network, [sample("r-clean").picture()], network.reference).candidates
    other = next(c for c in found if "tone" in c.hypothesis.departures)
    there = judge.pipeline(other.hypothesis.pipeline)

    def with_cost(cost: float) -> Candidate:
        return Candidate(other.hypothesis, other.tensor, 0.0, cost, other.probabilities, other.features)

    just = own.score + needed_gain("reference") - there.score
    assert choose(own, own, [with_cost(just - 0.01)], judge.own, judge) is own
    taken = choose(own, own, [with_cost(just + 0.01)], judge.own, judge)
    assert taken.pipeline == like(other.hypothesis.pipeline, judge.own)


def test_a_mistake_is_needed_and_a_remedy_that_does_nothing_is_not(network: Network, judge: Judge) -> None:
    picture = sample("r-clean").picture()
    wrong = judge.own.with_step("value_range", mode="0..1").with_step("resize", filter="nearest")
    assert {part.cause for part in needed(wrong, judge.own, [picture], judge)} == {
        "range-too-small", "resize-filter"
    }  # fmt: skip
    idle = judge.own.with_step("background", on=True)
    assert needed(idle, judge.own, [picture], judge) == ()


def test_parts_are_put_right_one_by_one(network: Network, judge: Judge) -> None:
    wrong = judge.own.with_step("value_range", mode="0..1").with_step("invert", on=False)
    parts = differences(wrong, judge.own, network.contract, sample("r-clean").picture())
    assert applied(wrong, judge.own, parts) == judge.own and applied(wrong, judge.own, ()) == wrong
    assert without(wrong, judge.own, parts, parts[0]) == parts[1].apply(wrong, judge.own)


def test_the_working_size_stays_the_visitors() -> None:
    own = zoo.card("letters-mlp").contract.pipeline()
    small = own.with_step("working_size", longest=200, on=True)
    assert like(own.with_step("invert", on=False), small)["working_size"] == small["working_size"]
