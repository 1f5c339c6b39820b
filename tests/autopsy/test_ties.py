"""Ties: another way up that suits the picture as well and reads as something else, and nothing besides."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.hypotheses import Hypothesis
from lib.autopsy.judge import Judge, Judged
from lib.autopsy.search import Candidate
from lib.autopsy.ties import ties
from lib.network import Network

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

N, Z = 13, 25


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def sure_of(label: int, share: float = 0.9) -> np.ndarray:
    row = np.full(26, (1 - share) / 25)
    row[label] = share
    return row


def candidate(network: Network, label: int, likeness: float, *kinds: str, share: float = 0.9) -> Candidate:
    """The cost does not count here: it says what is likely beforehand, not what the picture shows."""
    hypothesis = Hypothesis(network.contract.pipeline(), kinds)
    cost = -3.0 if kinds else 0.0
    return Candidate(hypothesis, np.zeros(784), likeness + cost, cost, sure_of(label, share), np.zeros(0))


def said(network: Network, found: list[Candidate], pictures: int = 1) -> tuple[str, ...]:
    tensors = (np.zeros(784),) * pictures
    after = Judged(
        network.contract.pipeline(), True, tensors, 0.0, np.stack([sure_of(N)] * pictures), np.zeros((1, 0))
    )
    return ties(found, after, Judge(network, [], None, "none"))


def test_an_n_that_could_be_a_turned_z_is_a_tie(network: Network) -> None:
    upright = candidate(network, N, 0.0)
    assert said(network, [upright, candidate(network, Z, -0.5, "orientation")]) == (
        "Turned, it could as well be “Z”: one picture cannot tell; add another.",
    )
    (several,) = said(network, [upright, candidate(network, Z, -0.5, "mirror")], pictures=2)
    assert several.endswith("add more.")


@pytest.mark.parametrize(
    ("label", "likeness", "kinds", "share"),
    [
        (Z, -1.5, ("orientation",), 0.9),  # clearly less like the training data
        (N, -0.5, ("orientation",), 0.9),  # reads the same
        (Z, -0.5, ("tone",), 0.9),  # is not turned
        (Z, -0.5, ("orientation",), 0.3),  # the network does not know what it would be
    ],
)
def test_nothing_else_is_a_tie(
    label: int, likeness: float, kinds: tuple[str, ...], share: float, network: Network
) -> None:
    other = candidate(network, label, likeness, *kinds, share=share)
    assert said(network, [candidate(network, N, 0.0), other]) == ()
