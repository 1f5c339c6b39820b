"""One network serves everybody: threads, compiled functions, the user's own model, and that it is freed in the end."""

import dataclasses
import gc
import threading
import weakref

import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.network import Network, NetworkError
from tests.keras_models import batch_for, contract_for, functional_convolution, sequential_vector, shaken

L = keras.layers


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
