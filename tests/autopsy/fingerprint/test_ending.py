"""What the last layers are found to do: right where they do it, silent where they do not."""

from __future__ import annotations

import math

import keras
import numpy as np
import pytest

from lib.autopsy import Finding
from lib.autopsy.fingerprint import fingerprint
from lib.autopsy.fingerprint.ending import ending_findings
from lib.autopsy.fingerprint.probes import ask
from lib.network import Network
from lib.zoo.own.training_facts import TrainingFacts
from tests.autopsy.fingerprint.tiny import L, bare, network
from tests.keras_models import shaken


def endings(network: Network, facts: TrainingFacts = TrainingFacts()) -> dict[str, Finding]:  # noqa: B008  frozen
    return {found.cause: found for found in ending_findings(network, facts, ask(network))}


def test_logits_are_explained_and_no_alarm() -> None:
    found = endings(network(L.Flatten(), L.Dense(4, name="scores")))
    assert set(found) == {"logits-read-as-probabilities"}
    finding = found["logits-read-as-probabilities"]
    assert finding.weight == 0 and finding.level == "proof"
    assert "“scores”" in finding.sentence and "softmax" in finding.code


def test_the_function_to_apply_is_the_sigmoid_for_two_classes_in_one_unit() -> None:
    found = endings(network(L.Flatten(), L.Dense(1), task="binary"))["logits-read-as-probabilities"]
    assert "sigmoid" in found.code


def test_the_logits_of_a_binary_network_are_its_own_and_not_the_zeros_beside_them() -> None:
    model = keras.Sequential([keras.Input((12, 12, 1)), L.Flatten(), L.Dense(1)])
    model.layers[-1].kernel.assign(np.zeros((144, 1)))
    model.layers[-1].bias.assign([3.0])
    found = endings(bare(model, task="binary"))["logits-read-as-probabilities"]
    assert [w.value for w in found.witnesses] == [3.0, 3.0]


def test_scores_trained_as_probabilities_are_a_fault() -> None:
    facts = TrainingFacts(loss="SparseCategoricalCrossentropy", from_logits=False)
    found = endings(network(L.Flatten(), L.Dense(4)), facts)["logits-read-as-probabilities"]
    assert found.weight == 1 and "from_logits=False" in found.sentence


@pytest.mark.parametrize(
    "facts", [TrainingFacts(), TrainingFacts("SparseCategoricalCrossentropy", "", False)]
)
def test_one_softmax_is_silent(facts: TrainingFacts) -> None:
    assert endings(network(L.Flatten(), L.Dense(4, "softmax"), output="softmax"), facts) == {}


@pytest.mark.parametrize(
    "last",
    [
        (L.Dense(5, "softmax", name="first"), L.Softmax(name="second")),
        (L.Dense(5), L.Softmax(name="first"), L.Dropout(0.5), L.Activation("softmax", name="second")),
    ],
    ids=["dense and layer", "two layers"],
)
def test_softmax_after_softmax_is_proved_by_the_layers(last: tuple[keras.Layer, ...]) -> None:
    found = endings(network(L.Flatten(), *last, output="softmax"))["double-softmax"]
    assert found.level == "proof" and found.weight == 1
    assert "“first” and “second”" in found.sentence
    (top,) = found.witnesses
    assert top.high == pytest.approx(math.e / (math.e + 4))
    assert top.value <= top.high + 1e-6


def test_softmax_before_a_trained_layer_is_attention_and_no_fault() -> None:
    layers = (L.Flatten(), L.Dense(20, "softmax"), L.Dense(4, "softmax"))
    assert "double-softmax" not in endings(network(*layers, output="softmax"))


def test_a_nested_model_with_a_softmax_of_its_own_counts() -> None:
    inner = keras.Sequential(
        [keras.Input((12, 12, 1)), L.Flatten(), L.Dense(5, "softmax", name="first")], name="inner"
    )
    i = keras.Input((12, 12, 1))
    model = shaken(keras.Model(i, L.Softmax(name="second")(inner(i))))
    found = endings(bare(model, "softmax"))["double-softmax"]
    assert "“inner/first” and “second”" in found.sentence


def test_a_hidden_second_softmax_is_found_by_its_bound() -> None:
    i = keras.Input((12, 12, 1))
    once = keras.ops.exp(L.Dense(5, "log_softmax", name="scores")(L.Flatten()(i)))
    powers = keras.ops.exp(once)
    model = shaken(keras.Model(i, powers / keras.ops.sum(powers, axis=1, keepdims=True)))
    found = endings(bare(model, "softmax"))["double-softmax"]
    assert found.level == "guess" and found.witnesses[0].value <= math.e / (math.e + 4) + 1e-6


def test_a_flat_answer_alone_is_no_second_softmax() -> None:
    model = shaken(keras.Sequential([keras.Input((12, 12, 1)), L.Flatten(), L.Dense(5, "softmax")]))
    model.layers[-1].kernel.assign(np.asarray(model.layers[-1].kernel) * 1e-9)
    assert endings(bare(model, "softmax")) == {}


def test_from_logits_with_a_softmax_is_worth_knowing_and_no_fault_of_the_answers() -> None:
    facts = TrainingFacts(loss="SparseCategoricalCrossentropy", from_logits=True)
    found = endings(network(L.Flatten(), L.Dense(4, "softmax"), output="softmax"), facts)["double-softmax"]
    assert found.weight == 0 and "from_logits=True" in found.sentence


def test_the_loss_of_a_compiled_model_is_read_from_it() -> None:
    model = shaken(keras.Sequential([keras.Input((12, 12, 1)), L.Flatten(), L.Dense(4, "softmax")]))
    model.compile(loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    assert [f.cause for f in fingerprint(bare(model, "softmax"))] == ["double-softmax"]


def test_softmax_over_one_unit() -> None:
    found = endings(network(L.Flatten(), L.Dense(1, "softmax"), output="softmax"))
    assert set(found) == {"softmax-on-one-unit"}
    assert found["softmax-on-one-unit"].witnesses[0].value == 1.0


def test_one_sigmoid_is_right() -> None:
    assert endings(network(L.Flatten(), L.Dense(1, "sigmoid"), output="sigmoid", task="binary")) == {}


def test_sigmoids_under_a_contract_of_one_label() -> None:
    net = network(L.Flatten(), L.Dense(4, "sigmoid"), output="sigmoid", task="single label")
    found = endings(net)["sigmoid-read-as-softmax"]
    assert found.weight == 0
    low, high = (w.value for w in found.witnesses)
    sums = ask(net).plain.probabilities.sum(1)
    assert (low, high) == (sums.min(), sums.max())
    categorical = endings(net, TrainingFacts(loss="CategoricalCrossentropy"))["sigmoid-read-as-softmax"]
    assert categorical.weight == 1 and "CategoricalCrossentropy" in categorical.sentence


def test_sigmoids_for_several_labels_are_right() -> None:
    net = network(L.Flatten(), L.Dense(4, "sigmoid"), output="sigmoid")
    assert endings(net, TrainingFacts(loss="BinaryCrossentropy")) == {}
