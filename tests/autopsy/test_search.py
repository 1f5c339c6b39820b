"""The search: every different tensor once, its own pipeline recovered, and the best first."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.hypotheses import Hypothesis
from lib.autopsy.score import DEPARTURES, departures
from lib.autopsy.search import search
from lib.network import Network
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def test_no_tensor_is_asked_twice_and_the_list_is_ranked(network: Network) -> None:
    found = search(network, sample("r-clean").picture(), network.reference)
    assert len({candidate.tensor.tobytes() for candidate in found}) == len(found) > 50
    scores = [candidate.score for candidate in found]
    assert scores == sorted(scores, reverse=True)
    assert network.contract.class_names[found[0].label] == "R"
    assert all(candidate.cost <= 0 for candidate in found)


def test_equal_tensors_stand_as_the_simplest_hypothesis(network: Network) -> None:
    # On a clean white page taking the background away changes nothing: no candidate may claim that it is needed.
    found = search(network, sample("r-clean").picture(), network.reference)
    assert found[0].hypothesis.departures == ()


def test_the_visitors_own_pipeline_is_among_them(network: Network) -> None:
    mine = Hypothesis(network.contract.pipeline().with_step("tone", on=True, gamma=3.0))
    found = search(network, sample("r-clean").picture(), network.reference, [mine])
    assert any(candidate.hypothesis is mine for candidate in found)


def test_turning_the_tensor_is_turning_the_picture(network: Network) -> None:
    picture = sample("h-inverted").picture()
    found = search(network, picture, network.reference)
    turned = next(c for c in found if c.hypothesis.departures == ("orientation",))
    upright = next(c for c in found if c.hypothesis.departures == ())
    turn = turned.hypothesis.pipeline["orientation"].turn  # type: ignore[attr-defined]
    quarter = {"rotate 90°": 1, "rotate 180°": 2, "rotate 270°": 3}[turn]
    np.testing.assert_array_equal(
        turned.tensor.reshape(28, 28), np.rot90(upright.tensor.reshape(28, 28), quarter)
    )


def test_departures_become_a_table() -> None:
    own = zoo.card("letters-mlp").contract.pipeline()
    table = departures([Hypothesis(own), Hypothesis(own, ("tone", "mirror"))])
    assert table.shape == (2, len(DEPARTURES)) and table[0].sum() == 0
    assert table[1].sum() == 2 and table[1, DEPARTURES.index("mirror")] == 1
