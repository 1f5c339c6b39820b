"""What a trace gives, against Keras's own answers, and what a network refuses."""

import dataclasses
import gc
import threading
import weakref

import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.network import Network, NetworkError, Trace, softmax
from tests.keras_models import (
    BUILDS,
    batch_for,
    contract_for,
    functional_convolution,
    sequential_matrix,
    sequential_vector,
    shaken,
)

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


def bytes_of(model: keras.Model) -> list[bytes]:
    """Every variable, seeds of random layers included."""
    return [v.numpy().tobytes() for v in model.variables]


# ---- training mode -------------------------------------------------------------------------------------------------------


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


# ---- probabilities -------------------------------------------------------------------------------------------------------


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


# ---- what is refused -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small() -> Network:
    model, _ = functional_convolution()
    return Network(shaken(model), contract_for(model), name="small")


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


# ---- one network for everybody -------------------------------------------------------------------------------------------


def test_eight_threads_get_the_bytes_that_each_would_get_alone(small: Network) -> None:
    batches = [batch_for(small.model, n=1, seed=seed) for seed in range(8)]

    def answer(batch: np.ndarray) -> bytes:
        trace = small.trace(batch)
        parts = (trace.logits, trace.probabilities, *trace.activations.values())
        return b"".join(part.tobytes() for part in parts)

    alone = [answer(batch) for batch in batches]
    assert len(set(alone)) == 8
    wrong: list[str] = []
    together = threading.Barrier(8)

    def session(index: int) -> None:
        together.wait()
        try:
            for turn in range(50):
                if answer(batches[index]) != alone[index]:
                    wrong.append(f"thread {index}, turn {turn}: other bytes")
        except Exception as error:
            wrong.append(f"thread {index}: {error!r}")

    threads = [threading.Thread(target=session, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_threads_that_ask_first_at_the_same_time_compile_once(monkeypatch: pytest.MonkeyPatch) -> None:
    model, _ = sequential_vector()
    network = Network(shaken(model), contract_for(model))
    compiled = count_compilations(network, monkeypatch)
    threads = [threading.Thread(target=network.trace, args=(batch_for(model),)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(compiled) == 1


def count_compilations(network: Network, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...]]:
    compiled: list[tuple[str, ...]] = []
    real = network._compile

    def counting(names: tuple[str, ...], training: bool) -> object:
        compiled.append(names)
        return real(names, training)

    monkeypatch.setattr(network, "_compile", counting)
    return compiled


def test_few_compiled_functions_are_kept_and_the_one_in_use_is_among_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    i = x = keras.Input((4,))
    for n in range(12):
        x = L.Activation("relu", name=f"layer{n}")(x)
    model = keras.Model(i, x)
    network = Network(model, Contract((4,), (2, 2), list("abcd"))).warm_up()
    compiled = count_compilations(network, monkeypatch)
    for n in range(12):
        network.trace(np.zeros((1, 4)), layers=[f"layer{n}"])
        network.trace(np.zeros((1, 4)))  # the Lab, which goes on all the while
    assert compiled == [(f"layer{n}",) for n in range(12)]
    assert len(network._compiled) <= 8


def test_warming_up_compiles_what_the_lab_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    model, _ = sequential_vector()
    network = Network(model, contract_for(model)).warm_up()
    compiled = count_compilations(network, monkeypatch)
    network.trace(batch_for(model))
    assert compiled == []


def test_the_users_model_goes_on_working_and_the_network_follows_its_weights() -> None:
    model, _ = functional_convolution()
    shaken(model)
    network = Network(model, contract_for(model)).warm_up()
    network.trace(batch_for(model), training=True)
    batch = batch_for(model)
    np.testing.assert_allclose(
        model.predict(batch, verbose=0), network.trace(batch).logits, rtol=1e-4, atol=1e-5
    )
    features = keras.Model(model.inputs[0], model.get_layer("pool").output)(batch)
    np.testing.assert_allclose(features, network.trace(batch).activations["pool"], rtol=1e-4, atol=1e-5)
    model.compile("sgd", "mse")
    model.fit(batch, np.zeros((5, 3)), epochs=1, verbose=0)
    after = np.asarray(model(batch, training=False))
    np.testing.assert_allclose(network.trace(batch).logits, after, rtol=1e-4, atol=1e-5)
    shaken(model, seed=5)
    assert np.abs(network.trace(batch).logits - after).max() > 0.01


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


def test_another_contract_needs_no_other_model(small: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    names = tuple(f"another {k}" for k in range(len(small.contract.class_names)))
    batch = batch_for(small.model)
    expected = small.trace(batch)
    monkeypatch.setattr("lib.network.unfold", lambda model: pytest.fail("opened again"))
    monkeypatch.setattr(Network, "_compile", lambda *_: pytest.fail("compiled again"))
    other = small.with_contract(dataclasses.replace(small.contract, class_names=names, value_range="-1..1"))
    assert other.contract.class_names == names and small.contract.class_names != names
    np.testing.assert_array_equal(other.trace(batch).logits, expected.logits)
    with pytest.raises(NetworkError, match="classes"):
        small.with_contract(dataclasses.replace(small.contract, class_names=(*names, "one more")))


def test_a_network_that_nobody_holds_any_more_is_freed_with_its_model() -> None:
    model, _ = sequential_vector()
    network = Network(model, contract_for(model)).warm_up()
    gone = weakref.ref(network), weakref.ref(model)
    del network, model
    gc.collect()
    assert [reference() for reference in gone] == [None, None]
