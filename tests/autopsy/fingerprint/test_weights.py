"""Weights that cannot be right, and weights that only look unusual."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib.autopsy import Finding
from lib.autopsy.fingerprint.probes import ask
from lib.autopsy.fingerprint.weights import weight_findings
from lib.network import Network
from tests.autopsy.fingerprint.tiny import L, bare, bundled, network


def found(network: Network) -> list[Finding]:
    return list(weight_findings(network, ask(network)))


def dense(*units: int) -> keras.Model:
    return keras.Sequential(
        [keras.Input((12, 12, 1)), L.Flatten(), *[L.Dense(n, "relu") for n in units], L.Dense(3)]
    )


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_weights_that_are_no_numbers(value: float) -> None:
    net = network(L.Flatten(), L.Dense(3, name="out"))
    kernel = np.asarray(net.model.layers[-1].kernel).copy()
    kernel[:2, 0] = value
    net.model.layers[-1].kernel.assign(kernel)
    (finding,) = found(net)
    assert (finding.cause, finding.weight) == ("wrong-model-file", 1)
    assert finding.sentence.startswith("2 weights") and "“out”" in finding.evidence[0]


def test_a_model_as_it_was_initialised() -> None:
    keras.utils.set_random_seed(0)
    (finding,) = found(bare(dense(32)))
    assert finding.cause == "wrong-model-file" and "never trained" in finding.sentence


def test_a_new_head_on_a_trained_body() -> None:
    keras.utils.set_random_seed(0)
    model = dense(400)
    rng = np.random.default_rng(0)
    model.layers[1].kernel.assign(rng.normal(0, 0.3, (144, 400)))
    model.layers[1].bias.assign(rng.normal(0, 0.1, 400))
    (finding,) = found(bare(model))
    assert "The last layer" in finding.sentence


def test_frozen_random_features_below_a_trained_head_are_silent() -> None:
    keras.utils.set_random_seed(0)
    model = dense(32)
    model.layers[-1].kernel.assign(np.random.default_rng(0).normal(0, 1, (32, 3)))
    model.layers[-1].bias.assign([0.1, 0.2, 0.3])
    assert found(bare(model)) == []


def test_a_dead_layer_makes_every_answer_the_same() -> None:
    net = network(L.Flatten(), L.Dense(8, "relu", name="dead"), L.Dense(3))
    net.model.layers[1].kernel.assign(np.zeros((144, 8)))
    net.model.layers[1].bias.assign(-np.ones(8))
    net.model.layers[2].bias.assign([0.0, 2.0, 1.0])
    (finding,) = found(net)
    assert "“class 1”" in finding.sentence and "“dead”" in finding.evidence[0]
    assert (finding.weight, finding.level) == (1, "guess")


def test_a_dead_branch_beside_a_living_one_is_worth_knowing() -> None:
    i = keras.Input((12, 12, 1))
    flat = L.Flatten()(i)
    model = keras.Model(
        i, L.Dense(3, name="out")(L.Concatenate()([L.Dense(2, "relu", name="dead")(flat), flat]))
    )
    model.get_layer("dead").kernel.assign(np.zeros((144, 2)))
    model.get_layer("dead").bias.assign([-1.0, -1.0])
    model.get_layer("out").kernel.assign(np.random.default_rng(0).normal(0, 1, (146, 3)))
    model.get_layer("out").bias.assign([0.1, 0.2, 0.3])
    (finding,) = found(bare(model))
    assert finding.weight == 0 and "“dead”" in finding.sentence


@pytest.mark.parametrize("name", ["letters-mlp", "letters-cnn"])
def test_trained_networks_are_silent(name: str) -> None:
    assert found(bundled(name)) == []
