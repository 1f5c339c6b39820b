"""What a trace gives, against Keras's own answers, in inference and in training mode."""

import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.network import Network
from tests.keras_models import BUILDS, batch_for, contract_for, sequential_matrix, shaken

L = keras.layers


@pytest.fixture(scope="module", params=BUILDS)
def opened(request: pytest.FixtureRequest) -> tuple[keras.Model, dict, Network]:
    model, tensors = BUILDS[request.param]()
    shaken(model)
    return model, tensors, Network(model, contract_for(model), name=request.param)


def test_every_activation_is_the_one_that_keras_computes(opened: tuple) -> None:
    model, tensors, network = opened
    batch = batch_for(model)
    expected = keras.Model(model.inputs[0], list(tensors.values()))(batch, training=False)
    trace = network.trace(batch)
    assert list(trace.activations) == list(tensors)
    for (name, found), wanted in zip(trace.activations.items(), expected, strict=True):
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-5, err_msg=name)


def test_logits_are_the_models_output_and_probabilities_their_softmax(opened: tuple) -> None:
    model, _, network = opened
    trace = network.trace(batch_for(model))
    expected = np.asarray(model(batch_for(model), training=False), np.float64)
    np.testing.assert_allclose(trace.logits, expected, rtol=1e-4, atol=1e-5)
    odds = np.exp(trace.logits.astype(np.float64) - trace.logits[:, :1])
    np.testing.assert_allclose(trace.probabilities, odds / odds.sum(1, keepdims=True), rtol=1e-9)


def test_asking_for_some_layers_gives_those_and_the_same_values(opened: tuple) -> None:
    model, tensors, network = opened
    every, last = network.trace(batch_for(model)), list(tensors)[-1]
    some = network.trace(batch_for(model), layers=[last])
    assert list(some.activations) == [last]
    np.testing.assert_allclose(some.activations[last], every.activations[last], rtol=1e-5, atol=1e-6)
    np.testing.assert_allclose(some.logits, every.logits, rtol=1e-5, atol=1e-6)
    assert network.trace(batch_for(model), layers=[]).activations == {}


def test_a_single_tensor_without_batch_axis_is_a_batch_of_one(opened: tuple) -> None:
    model, _, network = opened
    batch = batch_for(model, n=1)
    np.testing.assert_array_equal(network.trace(batch[0]).logits, network.trace(batch).logits)
    assert network.trace(batch[0]).logits.shape == (1, len(network.contract.class_names))


# ---- training mode -------------------------------------------------------------------------------------------------------


def bytes_of(model: keras.Model) -> list[bytes]:
    """Every variable, seeds of random layers included."""
    return [v.numpy().tobytes() for v in model.variables]


@pytest.mark.parametrize("build", ["functional_convolution", "sequential_in_functional", "two_levels"])
def test_training_uses_the_batchs_own_statistics_and_changes_nothing(build: str) -> None:
    model, _ = BUILDS[build]()
    shaken(model)
    clone = keras.models.clone_model(model)
    clone.set_weights(model.get_weights())
    network = Network(model, contract_for(model))
    before = bytes_of(model)
    batch = batch_for(model, n=16)
    for _ in range(3):  # the moving averages would drift a little further each time
        trace = network.trace(batch, training=True)
    assert bytes_of(model) == before
    np.testing.assert_allclose(trace.logits, clone(batch, training=True), rtol=1e-4, atol=1e-4)
    assert np.abs(trace.logits - network.trace(batch).logits).max() > 0.1
    assert bytes_of(clone) != before, "the oracle itself does update its averages"


def test_batchnorm_in_training_standardises_each_channel_of_the_batch() -> None:
    i = keras.Input((6,))
    model = keras.Model(i, L.BatchNormalization(epsilon=0, center=False, scale=False, name="bn")(i))
    network = Network(model, Contract((6,), (2, 3), list("abcdef")))
    batch = batch_for(model, n=50) * 9
    found = network.trace(batch, training=True).activations["bn"]
    np.testing.assert_allclose(found, (batch - batch.mean(0)) / batch.std(0), atol=1e-4)
    np.testing.assert_allclose(network.trace(batch).activations["bn"], batch, rtol=1e-6)  # mean 0, variance 1


def test_dropout_is_active_in_training_only_and_its_seed_stays() -> None:
    model, _ = sequential_matrix()
    network = Network(shaken(model), contract_for(model))
    before = bytes_of(model)
    batch = batch_for(model)
    quiet, noisy = network.trace(batch).activations, network.trace(batch, training=True).activations
    np.testing.assert_array_equal(quiet["drop"], quiet["flat"])
    dropped = noisy["drop"] == 0
    assert 0.4 < dropped.mean() < 0.6
    np.testing.assert_allclose(noisy["drop"][~dropped], 2 * noisy["flat"][~dropped], rtol=1e-6)
    assert bytes_of(model) == before
