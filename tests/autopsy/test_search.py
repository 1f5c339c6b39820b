"""The search: every different tensor once, its own pipeline recovered, and the best first."""

from __future__ import annotations

import dataclasses

import pytest

from lib import zoo
from lib.autopsy.hypotheses import Hypothesis
from lib.autopsy.search import kind_of_witnesses, search
from lib.network import Network
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def test_no_tensor_is_asked_twice_and_the_list_is_ranked(network: Network) -> None:
    found = search(network, [sample("r-clean").picture()], network.reference)
    candidates = found.candidates
    assert len({candidate.tensor.tobytes() for candidate in candidates}) == len(candidates) > 50
    assert found.tried > 2 * len(candidates), "the network is asked about the promising ones only"
    scores = [candidate.score for candidate in candidates]
    assert scores == sorted(scores, reverse=True)
    assert network.contract.class_names[candidates[0].label] == "R"
    assert all(candidate.cost <= 0 for candidate in candidates)


def test_equal_tensors_stand_as_the_simplest_hypothesis(network: Network) -> None:
    # On a clean white page taking the background away changes nothing: no candidate may claim that it is needed.
    found = search(network, [sample("r-clean").picture()], network.reference)
    assert found.candidates[0].hypothesis.departures == ()


def test_the_visitors_own_pipeline_is_among_them_however_bad_it_is(network: Network) -> None:
    mine = Hypothesis(network.contract.pipeline().with_step("tone", on=True, gamma=5.0, brightness=100))
    found = search(network, [sample("r-clean").picture()], network.reference, [mine])
    assert any(candidate.hypothesis is mine for candidate in found.candidates)


def test_what_was_seen_in_the_picture_makes_its_remedy_cheaper(network: Network) -> None:
    pictures = [sample("x-photo").picture()]
    costs = [
        {
            c.tensor.tobytes(): c.cost
            for c in search(network, pictures, network.reference, explained=e).candidates
        }
        for e in ((), ("tone",))
    ]
    both = set(costs[0]) & set(costs[1])
    assert both and all(costs[1][key] >= costs[0][key] for key in both)
    assert any(costs[1][key] > costs[0][key] for key in both)


def test_what_speaks_for_a_hypothesis_adds_up_over_pictures(network: Network) -> None:
    own = Hypothesis(network.contract.pipeline())
    pictures = [sample("r-clean").picture(), sample("h-inverted").picture()]
    alone, together = (
        [
            next(c.score for c in search(network, some, network.reference).candidates if c.hypothesis == own)
            for some in groups
        ]
        for groups in ([pictures[:1], pictures[1:]], [pictures])
    )
    assert together[0] == pytest.approx(sum(alone), abs=1e-6)


def test_who_is_heard_depends_on_what_there_is(network: Network) -> None:
    assert kind_of_witnesses(network, network.reference) == "reference"
    assert network.reference is not None
    without = dataclasses.replace(network.reference, compass=None)
    assert kind_of_witnesses(network, without) == "plain reference"
    digits = zoo.load_reference(zoo.card("digits-cnn"))
    assert digits is not None and digits.compass is not None and digits.compass.is_earlier
    assert kind_of_witnesses(network, digits) == "plain reference"
    assert kind_of_witnesses(network, None) == "none"
    assert kind_of_witnesses(zoo.load("letters-cnn"), None) == "batchnorm"
