"""How the network answers: confidence in the held-out pictures' deviations, neighbours in the penultimate layer."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.network_witnesses import logsumexp, watched_layers, witnesses
from lib.network import Network, Trace, softmax
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def answered(logits: list[list[float]]) -> Trace:
    values = np.array(logits, np.float32)
    return Trace(values, softmax(values), {})


def test_logsumexp_is_stable() -> None:
    np.testing.assert_allclose(logsumexp(np.array([[0.0, 0.0], [1e4, 0.0]])), [np.log(2), 1e4])


def test_without_a_reference_there_are_only_the_probability_and_the_margin(network: Network) -> None:
    trace = answered([[3.0] + [0.0] * 25, [0.0] * 26])
    found = witnesses(network, trace, None)
    assert set(found) == {"log_probability", "margin", "outsider"}
    np.testing.assert_allclose(found["margin"], [np.log(4), 0])
    np.testing.assert_allclose(found["log_probability"][1], -np.log(26))
    assert watched_layers(network, None) == ()


def test_confidence_counts_in_the_held_out_pictures_deviations(network: Network) -> None:
    reference = network.reference
    assert reference is not None
    nothing = np.zeros(0, np.float32)
    bare = dataclasses.replace(
        reference,
        features=np.zeros((0, 0), np.float16),
        feature_labels=np.zeros(0, np.int16),
        held_out_feature_distances=nothing,
    )
    known = reference.held_out_logits.astype(float)
    mean, spread = known.max(1).mean(), known.max(1).std()
    rows = [[mean - 2 * spread] + [-50.0] * 25, [mean + 5 * spread] + [-50.0] * 25]
    found = witnesses(network, answered(rows), bare)
    # More than usual is not better than usual.
    np.testing.assert_allclose(found["max_logit"], [-2.0, 1.0], atol=1e-3)


def test_a_letters_neighbours_are_letters_of_its_class(network: Network) -> None:
    reference = network.reference
    layers = watched_layers(network, reference)
    assert reference is not None and reference.feature_layer in layers
    right = network.contract.pipeline().run(sample("r-clean").picture()).final
    noise = np.random.default_rng(0).uniform(0, 255, right.shape).astype(np.float32)
    found = witnesses(network, network.trace(np.stack([right, noise]), layers=layers), reference)
    assert found["neighbours_agree"][0] == 1.0
    assert found["neighbours"][0] > -2 and found["neighbours"][1] < found["neighbours"][0]
    assert found["activations_outside"][1] < found["activations_outside"][0] <= 0


def test_the_class_for_what_has_no_class_speaks_against() -> None:
    network = zoo.load("letters-robust")
    rows = np.zeros((2, 27))
    rows[0, 3], rows[1, 26] = 2.0, 20.0
    found = witnesses(network, answered(rows.tolist()), None)
    np.testing.assert_allclose(found["outsider"], [0.5, -2.0])
