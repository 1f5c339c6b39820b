"""Weights' statistics are those of the numbers, and only what still is as initialised is said to be."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib.network import Network
from lib.unfold import unfold
from lib.weights import BINS, describe, untouched, weights
from lib.zoo import load
from tests.keras_models import contract_for, functional_convolution, layer_used_twice, shaken, two_levels

L = keras.layers


def network_of(model: keras.Model) -> Network:
    ending = unfold(model).ending or "logits"
    return Network(model, contract_for(model, ending))


def test_the_numbers_of_a_small_array() -> None:
    found = describe(np.array([[-1.0, 0.0], [0.0, 3.0]]), "dense", "Dense", "kernel")
    assert (found.shape, found.count, found.zeros) == ((2, 2), 4, 2)
    assert (found.low, found.high, found.mean) == (-1, 3, 0.5)
    assert found.sd == pytest.approx(1.5)  # sqrt((1.5² + 0.5² + 0.5² + 2.5²) / 4)
    assert found.edges[[0, -1]].tolist() == [-1, 3] and len(found.counts) == BINS
    # Bins are 4/60 wide: -1 in the first, 0 in number 15, 3 in the last.
    assert {i: n for i, n in enumerate(found.counts.tolist()) if n} == {0: 1, 15: 2, 59: 1}
    assert found.sentence() == "mean 0.5, sd 1.5 · −1 to 3 · 50 % exactly 0"


def test_what_is_not_finite_is_counted_apart() -> None:
    found = describe(np.array([np.nan, np.inf, -np.inf, np.nan, 2.0], np.float32))
    assert (found.nans, found.infinities, found.count) == (2, 2, 5)
    assert (found.low, found.high, found.mean, found.sd) == (2, 2, 2, 0)
    assert found.counts.sum() == 1
    assert found.sentence().startswith("2 NaN and 2 infinite: whatever this layer gives is lost")


def test_nothing_finite_and_all_equal_numbers_have_a_histogram_too() -> None:
    nothing = describe(np.full(3, np.nan))
    assert nothing.counts.sum() == 0 and np.isnan(nothing.mean)
    equal = describe(np.full(7, 5.0))
    assert equal.counts.sum() == 7 and equal.edges[0] < 5 < equal.edges[-1]
    assert describe(np.float16([1, 2])).mean == 1.5
    assert describe(np.int8([1, 2, 3])).sd == pytest.approx((2 / 3) ** 0.5)
    assert describe(np.full(2, 3e38, np.float32)).mean == pytest.approx(3e38, rel=1e-6)


def test_every_array_of_every_layer_is_there_once() -> None:
    found = weights(network_of(functional_convolution()[0]))
    assert [(w.layer, w.name, w.shape) for w in found] == [
        ("conv", "kernel", (3, 3, 1, 4)),
        ("conv", "bias", (4,)),
        ("bn", "gamma", (4,)),
        ("bn", "beta", (4,)),
        ("bn", "moving_mean", (4,)),
        ("bn", "moving_variance", (4,)),
        ("out", "kernel", (144, 3)),
        ("out", "bias", (3,)),
    ]
    assert [w.layer for w in weights(network_of(layer_used_twice()[0]))] == ["shared", "shared", "out", "out"]
    nested = {w.layer for w in weights(network_of(two_levels()[0]))}
    assert nested == {"outer/inner/conv", "outer/inner/bn", "out"}


def test_the_arrays_are_the_models_own() -> None:
    model = shaken(functional_convolution()[0])
    found = {(w.layer, w.name): w for w in weights(network_of(model))}
    kernel = model.get_layer("conv").get_weights()[0]
    assert found["conv", "kernel"].mean == pytest.approx(kernel.mean())
    assert found["conv", "kernel"].high == pytest.approx(kernel.max())
    variance = model.get_layer("bn").get_weights()[3]
    assert found["bn", "moving_variance"].low == pytest.approx(variance.min())


def test_a_layer_around_others_tells_its_kernels_apart() -> None:
    i = keras.Input((4, 3))
    x = L.Bidirectional(L.SimpleRNN(2), name="both")(i)
    model = keras.Model(i, L.Dense(2)(x))
    names = [w.name for w in weights(network_of(model)) if w.layer == "both"]
    assert len(names) == len(set(names)) == 6
    assert sorted(name.split("/")[-1] for name in names) == sorted(2 * ["kernel", "recurrent_kernel", "bias"])


# ---- as initialised? ------------------------------------------------------------------------------------------------------

DRAWN = ["glorot_uniform", "he_uniform", "lecun_normal", "he_normal", "random_uniform", "truncated_normal"]


@pytest.mark.parametrize("start", DRAWN)
def test_a_fresh_kernel_is_recognised_and_a_trained_one_is_not(start: str) -> None:
    keras.utils.set_random_seed(3)
    layer = L.Dense(50, kernel_initializer=start)
    layer.build((None, 40))
    kernel = layer.get_weights()[0]
    said = untouched(layer, "kernel", kernel)
    assert said.startswith("These 2,000 numbers look exactly as") and "not to have been trained" in said
    assert untouched(layer, "kernel", 1.3 * kernel) == "", "out of bounds"
    assert untouched(layer, "kernel", 0.8 * kernel) == "", "inside the bounds, but another distribution"
    other = np.random.default_rng(0).normal(0, kernel.std() / 2, kernel.shape)
    assert untouched(layer, "kernel", np.clip(other, kernel.min(), kernel.max())) == ""
    broken = kernel.copy()
    broken[0, 0] = np.nan
    assert untouched(layer, "kernel", broken) == ""


def test_a_convolutions_fans_include_its_window() -> None:
    keras.utils.set_random_seed(2)
    layer = L.Conv2D(32, 5)
    layer.build((None, 9, 9, 8))
    assert "GlorotUniform" in untouched(layer, "kernel", layer.get_weights()[0])


@pytest.mark.parametrize(
    ("layer", "name"), [(L.DepthwiseConv2D(5), "kernel"), (L.SeparableConv2D(99, 5), "depthwise_kernel")]
)
def test_depthwise_kernels_are_recognised_too(layer, name: str) -> None:
    keras.utils.set_random_seed(2)
    layer.build((None, 9, 9, 64))
    assert "GlorotUniform" in untouched(layer, name, layer.get_weights()[0])


def test_too_few_numbers_tell_nothing() -> None:
    layer = L.Dense(5)
    layer.build((None, 4))
    assert untouched(layer, "kernel", layer.get_weights()[0]) == ""


def test_a_constant_start_is_compared_exactly() -> None:
    layer = L.BatchNormalization()
    layer.build((None, 3))
    assert untouched(layer, "moving_variance", np.ones(3)) == "Every number is 1, exactly as before training."
    assert untouched(layer, "moving_mean", np.zeros(3)) == "Every number is 0, exactly as before training."
    assert untouched(layer, "moving_mean", np.array([0, 0, 1e-9])) == ""
    assert untouched(layer, "gamma", np.zeros(3)) == ""


@pytest.mark.parametrize("name", ["letters-mlp", "letters-cnn"])
def test_no_trained_layer_of_the_bundled_networks_looks_untrained(name: str) -> None:
    assert [w.layer for w in weights(load(name)) if w.note] == []


def test_nearly_every_kernel_of_an_untrained_network_looks_untrained() -> None:
    keras.utils.set_random_seed(0)
    model = keras.applications.MobileNet(weights=None, alpha=0.25, input_shape=(32, 32, 3), classes=10)
    kernels = [w for w in weights(network_of(model)) if w.name == "kernel" and w.count >= 1000]
    assert len(kernels) > 10
    assert sum(bool(w.note) for w in kernels) >= 0.9 * len(kernels)
