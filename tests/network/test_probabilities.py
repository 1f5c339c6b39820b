"""Logits and probabilities of every ending that a model may have, against closed forms."""

import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.network import Network, Trace, softmax
from tests.keras_models import batch_for, contract_for, shaken

L = keras.layers


def test_softmax_of_known_logits() -> None:
    found = softmax(np.array([[0, np.log(2), np.log(5)], [7, 7, 7]]))
    np.testing.assert_allclose(found, [[1 / 8, 2 / 8, 5 / 8], [1 / 3] * 3], rtol=1e-12)


def test_softmax_of_huge_logits_is_finite_and_right() -> None:
    largest = np.finfo(np.float32).max
    found = softmax(np.array([[largest, largest, -largest], [-1000, -1001, -3000]], np.float32))
    np.testing.assert_allclose(found[0], [0.5, 0.5, 0])
    np.testing.assert_allclose(found[1], [1 / (1 + np.exp(-1)), np.exp(-1) / (1 + np.exp(-1)), 0], rtol=1e-12)


HEADS = {
    "dense softmax": ("softmax", lambda d, x: L.Dense(3, "softmax", name="head")(x)),
    "activation": ("softmax", lambda d, x: L.Activation("softmax")(d(x))),
    "layer": ("softmax", lambda d, x: L.Softmax()(d(x))),
    "operation": ("softmax", lambda d, x: keras.ops.softmax(d(x))),
    "nested": ("softmax", lambda d, x: keras.Sequential([keras.Input((5,)), d, L.Softmax()], name="nest")(x)),
    "hidden in a layer of one's own": ("softmax", lambda d, x: OwnSoftmax()(d(x))),
    "multi-label sigmoid": ("sigmoid", lambda d, x: L.Dense(3, "sigmoid", name="head")(x)),
    "sigmoid layer": ("sigmoid", lambda d, x: L.Activation("sigmoid")(d(x))),
}


class OwnSoftmax(L.Layer):
    def call(self, x):
        return keras.ops.softmax(x)


@pytest.mark.parametrize("name", HEADS)
def test_probabilities_are_the_models_own_and_logits_lie_before_them(name: str) -> None:
    output, head = HEADS[name]
    weights = [np.random.default_rng(1).normal(size=(5, 3)), np.array([0.5, -0.5, 0])]
    i, dense = keras.Input((5,)), L.Dense(3, name="head")
    model = keras.Model(i, head(dense, i))
    model.set_weights(weights)
    batch = batch_for(model) * 4
    scores = batch.astype(np.float64) @ weights[0] + weights[1]
    trace = Network(model, Contract((5,), (1, 5), list("abc"), output=output)).trace(batch)
    assert trace.probabilities.dtype == np.float64
    np.testing.assert_allclose(trace.probabilities, np.asarray(model(batch), np.float64), rtol=1e-6)
    if name.startswith("hidden"):  # softmax forgets the common offset
        scores -= np.log(np.exp(scores).sum(1, keepdims=True))
    np.testing.assert_allclose(trace.logits, scores, rtol=1e-4, atol=1e-5)
    expected = softmax(scores) if output == "softmax" else 1 / (1 + np.exp(-scores))
    np.testing.assert_allclose(trace.probabilities, expected, rtol=1e-4)


def test_one_sigmoid_unit_gives_one_probability() -> None:
    model = keras.Sequential([keras.Input((2,)), L.Dense(1, "sigmoid")])
    model.set_weights([np.array([[1.0], [-1.0]]), np.array([np.log(3)])])
    trace = Network(model, Contract((2,), (1, 2), ["yes"], output="sigmoid")).trace(
        np.array([[2, 2], [9, 9]])
    )
    np.testing.assert_allclose(trace.logits, [[np.log(3)]] * 2, rtol=1e-6)
    np.testing.assert_allclose(trace.probabilities, [[0.75]] * 2, rtol=1e-6)


@pytest.mark.parametrize("activation", [None, "softmax"])
def test_half_precision_comes_back_as_float32(activation: str | None) -> None:
    model = keras.Sequential(
        [
            keras.Input((784,)),
            L.Dense(8, "relu", dtype="mixed_float16"),
            L.Dense(3, activation, dtype="mixed_float16"),
        ]
    )
    shaken(model)
    network = Network(model, contract_for(model, activation or "logits"))
    for training in (False, True):
        trace = network.trace(batch_for(model), training)
        assert {a.dtype for a in trace.activations.values()} == {np.dtype(np.float32)}
        assert trace.logits.dtype == np.float32 and np.isfinite(trace.logits).all()
        last = list(trace.activations.values())[-1]
        np.testing.assert_array_equal(last, np.asarray(model(batch_for(model)), np.float32))
        np.testing.assert_allclose(trace.probabilities.sum(1), 1, atol=2e-3)


def test_top_names_the_largest_first_and_breaks_ties_by_index() -> None:
    trace = Trace(np.array([[1, 5, 5, 9, 0], [5, 4, 3, 2, 1]], np.float32), np.zeros((2, 5)), {})
    assert trace.top(3) == (3, 1, 2)
    assert trace.top(2, row=1) == (0, 1)
    assert trace.top(99) == (3, 1, 2, 0, 4)


# ---- what the outputs mean -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["sigmoid", None])
def test_one_unit_for_two_classes_gives_both_a_probability_and_logits_whose_softmax_it_is(
    activation: str | None,
) -> None:
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(1, activation=activation, kernel_initializer="ones")]
    )
    output = "sigmoid" if activation else "logits"
    network = Network(model, Contract((4,), (2, 2), ("cat", "dog"), output=output, task="binary"))
    trace = network.trace(np.array([[0, 0, 0, 0], [0.5, 0, 0, 0.5], [-3, 0, 0, 0]], np.float32))
    np.testing.assert_allclose(trace.logits, [[0, 0], [0, 1], [0, -3]], atol=1e-6)
    dog = 1 / (1 + np.exp([0.0, -1.0, 3.0]))
    np.testing.assert_allclose(trace.probabilities, np.stack([1 - dog, dog], 1), atol=1e-6)
    assert [network.contract.class_names[trace.top(1, row)[0]] for row in (1, 2)] == ["dog", "cat"]


def test_logits_of_a_multi_label_network_become_independent_probabilities() -> None:
    model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2, kernel_initializer="identity")])
    contract = Contract((2,), (1, 2), ("red", "round"), task="multi-label")
    trace = Network(model, contract).trace(np.array([[0.0, 100.0], [-800.0, 1.0]], np.float32))
    np.testing.assert_allclose(trace.probabilities, [[0.5, 1.0], [0.0, 1 / (1 + np.exp(-1.0))]], atol=1e-9)
