"""What is known about a training, from whom."""

from __future__ import annotations

import keras

from lib.autopsy.fingerprint.training import known_training
from lib.zoo.own.evidence import inspect_model
from lib.zoo.own.training_facts import TrainingFacts
from tests.autopsy.fingerprint.tiny import L, network


def test_nothing_is_known_of_a_model_that_was_never_compiled() -> None:
    assert known_training(network(L.Flatten(), L.Dense(3))) == TrainingFacts()


def test_a_compiled_model_tells_its_loss_and_steps() -> None:
    net = network(L.Flatten(), L.Dense(3))
    net.model.compile("adam", keras.losses.CategoricalCrossentropy(from_logits=True))
    net.model.optimizer.iterations.assign(7)
    found = known_training(net)
    assert (found.loss, found.from_logits, found.iterations) == ("CategoricalCrossentropy", True, 7)


def test_the_file_comes_before_the_model() -> None:
    net = network(L.Flatten(), L.Dense(3))
    net.model.compile("adam", "categorical_crossentropy")
    facts = TrainingFacts("SparseCategoricalCrossentropy", "SGD", True, 12)
    assert known_training(net, inspect_model(net.model, facts=facts)) == facts
