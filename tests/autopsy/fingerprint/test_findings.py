"""The order of a fingerprint, and what it says about networks in order."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib.autopsy.fingerprint import fingerprint
from lib.zoo.own import Inspection
from lib.zoo.own.evidence import inspect_model
from lib.zoo.own.training_facts import TrainingFacts
from tests.autopsy.fingerprint.tiny import L, bare, bundled, network


@pytest.mark.parametrize("name", ["letters-mlp", "letters-cnn"])
def test_nothing_is_wrong_with_the_bundled_networks(name: str) -> None:
    assert [(f.cause, f.weight) for f in fingerprint(bundled(name))] == [
        ("logits-read-as-probabilities", 0.0)
    ]


def test_faults_come_before_what_is_only_worth_knowing() -> None:
    net = network(
        L.Rescaling(1 / 255),
        L.Conv2D(2, 3),
        L.BatchNormalization(),
        L.Flatten(),
        L.Dense(3),
        value_range="0..1",
    )
    facts = inspection(net.model, TrainingFacts(iterations=10))
    found = fingerprint(net, facts)
    assert {f.cause for f in found[:-1]} == {"batchnorm-not-converged", "rescaling-in-model"}
    assert found[-1].cause == "logits-read-as-probabilities"
    assert [f.weight for f in found] == [1.0, 1.0, 0.0]


def inspection(model: keras.Model, facts: TrainingFacts) -> Inspection:
    return inspect_model(model, facts=facts)


def test_the_files_facts_count_where_the_model_was_opened_without_them() -> None:
    net = network(L.Flatten(), L.Dense(3, "softmax"), output="softmax")
    facts = TrainingFacts(loss="CategoricalCrossentropy", from_logits=True)
    assert fingerprint(net) == ()
    assert [f.cause for f in fingerprint(net, inspection(net.model, facts))] == ["double-softmax"]


def test_a_network_of_two_dimensional_input_and_one_of_vectors_can_be_asked() -> None:
    model = keras.Sequential([keras.Input((9, 9)), L.Flatten(), L.Dense(3)])
    model.layers[-1].bias.assign(np.ones(3))
    assert [f.weight for f in fingerprint(bare(model))] == [0.0]
