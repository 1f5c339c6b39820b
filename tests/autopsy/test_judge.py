"""Whole pipelines on pictures: each tensor once, sums over pictures, and what does not run is the worst."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.judge import Judge
from lib.network import Network
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def judge(network: Network, *ids: str) -> Judge:
    return Judge(network, [sample(id).picture() for id in ids], network.reference, "reference")


def test_the_tensor_is_the_pipelines_own_and_the_right_one_is_the_best(network: Network) -> None:
    one = judge(network, "r-clean")
    right, wrong = one.pipelines([one.own, one.own.with_step("value_range", mode="0..1")])
    np.testing.assert_array_equal(right.tensors[0], one.own.run(sample("r-clean").picture()).final)
    assert right.runs and wrong.runs and right.score > wrong.score + 2
    reading = one.reading(right, "as it is")
    assert reading.top[0][0] == "R" and reading.pipeline == one.own
    assert reading.typicality == one.typical(right) and (one.typical(right) or 0) > 0.01


def test_scores_of_several_pictures_add_up(network: Network) -> None:
    alone = [
        judge(network, id).pipeline(network.contract.pipeline()).score for id in ("r-clean", "h-inverted")
    ]
    both = judge(network, "r-clean", "h-inverted")
    together = both.pipeline(both.own)
    assert together.score == pytest.approx(sum(alone), abs=1e-4)
    assert [both.reading(together, "", n).top[0][0] for n in (0, 1)] == ["R", "H"]


def test_what_gives_no_tensor_for_this_network_is_the_worst(network: Network) -> None:
    one = judge(network, "r-clean")
    found = one.pipeline(one.own.with_step("resize", height=32, width=32))
    assert not found.runs and found.score < -1e5 and not found.tensors[0].any()


def test_difference_is_a_share_of_the_spread(network: Network) -> None:
    one = judge(network, "r-clean")
    right = one.pipeline(one.own)
    assert right.same(one.pipeline(one.own)) and right.differs(right) == 0
    inverted = one.pipeline(one.own.with_step("invert", on=False))
    values = right.tensors[0].astype(float)
    off = np.sqrt(np.square(inverted.tensors[0] - values).mean()) / values.std()
    assert inverted.differs(right) == pytest.approx(off) and not inverted.same(right)
