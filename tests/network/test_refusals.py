"""What a network refuses: batches, layers and contracts that do not fit it, each with a sentence."""

import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.network import Network, NetworkError
from tests.keras_models import contract_for, sequential_vector, shaken

L = keras.layers


@pytest.mark.parametrize(
    "shape", [(784,), (28, 28), (1, 784), (2, 28, 28), (1, 28, 28, 3), (1, 1, 28, 28, 1), ()]
)
def test_a_batch_of_another_shape_is_answered_with_both_shapes(
    small: Network, shape: tuple[int, ...]
) -> None:
    with pytest.raises(NetworkError, match=r"small takes batches of shape \(N, 28, 28, 1\)") as caught:
        small.trace(np.zeros(shape))
    assert str(shape) in str(caught.value)


def test_an_empty_batch_gives_an_empty_trace(small: Network) -> None:
    trace = small.trace(np.zeros((0, 28, 28, 1)))
    assert trace.logits.shape == trace.probabilities.shape == (0, 3)


def test_an_unknown_layer_is_answered_with_the_known_ones(small: Network) -> None:
    with pytest.raises(NetworkError, match="small has no layer 'nope'; its layers are conv, bn, relu"):
        small.trace(np.zeros((1, 28, 28, 1)), layers=["conv", "nope"])
    assert list(small.trace(np.zeros((1, 28, 28, 1)), layers=["conv"]).activations) == ["conv"]


@pytest.mark.parametrize(
    ("contract", "says"),
    [
        (
            Contract((28, 28), (28, 28), list("abc")),
            r"takes inputs of shape \(784,\), its contract says \(28, 28\)",
        ),
        (
            Contract((900,), (30, 30), list("abc")),
            r"takes inputs of shape \(784,\), its contract says \(900,\)",
        ),
        (Contract((784,), (28, 28), list("ab")), r"gives \(3,\) scores, its contract names 2 classes"),
        (
            Contract((784,), (28, 28), list("abc"), output="softmax"),
            "gives logits, its contract says softmax: the contract's output must be 'logits'",
        ),
    ],
)
def test_a_contract_that_does_not_fit_the_model_is_refused(contract: Contract, says: str) -> None:
    with pytest.raises(NetworkError, match=says):
        Network(sequential_vector()[0], contract)


@pytest.mark.parametrize(
    ("ending", "claim"), [("softmax", "logits"), ("sigmoid", "softmax"), ("softmax", "sigmoid")]
)
def test_probabilities_are_never_taken_for_something_else(ending: str, claim: str) -> None:
    model = keras.Sequential([keras.Input((784,)), L.Dense(3, ending)])
    with pytest.raises(NetworkError, match=f"gives {ending}, its contract says {claim}"):
        Network(model, contract_for(model, claim))


def test_scores_that_are_no_vector_are_refused() -> None:
    model = keras.Sequential([keras.Input((28, 28, 1)), L.Conv2D(3, 3)])
    with pytest.raises(NetworkError, match=r"gives \(26, 26, 3\) scores"):
        Network(model, Contract((28, 28, 1), (28, 28), list("abc")))


def test_an_input_of_any_size_takes_the_contracts() -> None:
    i = keras.Input((None, None, 3))
    model = shaken(keras.Model(i, L.Dense(2)(L.GlobalAveragePooling2D(name="mean")(i))))
    network = Network(model, Contract((8, 9, 3), (8, 9), list("ab"), channels=3))
    batch = np.random.default_rng(0).random((2, 8, 9, 3), np.float32)
    np.testing.assert_allclose(network.trace(batch).activations["mean"], batch.mean((1, 2)), rtol=1e-5)
    with pytest.raises(NetworkError, match=r"\(N, 8, 9, 3\)"):
        network.trace(np.zeros((2, 9, 8, 3)))
