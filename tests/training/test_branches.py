"""Claims about two networks side by side."""

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.training.branches import joined, rounded
from lib.training.portable import save_portable
from lib.unfold import unfold


def network(seed):
    keras.utils.set_random_seed(seed)
    model = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            keras.layers.Rescaling(1 / 255, name="rescaling"),
            keras.layers.Conv2D(3, 3, use_bias=False, name="conv"),
            keras.layers.BatchNormalization(name="bn"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(5, activation="relu", name="dense"),
            keras.layers.Dropout(0.5, name="dropout"),
            keras.layers.Dense(4, name="logits"),
        ]
    )
    random = np.random.default_rng(seed)
    model.get_layer("bn").set_weights([random.uniform(0.5, 2, 3) for _ in range(4)])
    return model


def batch():
    return np.random.default_rng(5).uniform(0, 255, (7, 6, 6, 1)).astype(np.float32)


def test_the_logits_are_the_mean_of_both_and_differ_by_rounding_only():
    first, second = network(0), network(1)
    both = joined(first, second, "pair")
    expected = (np.asarray(first(batch())) + np.asarray(second(batch()))) / 2
    assert both.name == "pair"
    np.testing.assert_allclose(np.asarray(both(batch())), expected, atol=0.01)
    # The same networks with kernels rounded before agree to the last bits.
    for model in (first, second):
        for layer in model.layers:
            if hasattr(layer, "kernel"):
                layer.kernel.assign(rounded(layer.kernel.numpy()))
    expected = (np.asarray(first(batch())) + np.asarray(second(batch()))) / 2
    np.testing.assert_allclose(np.asarray(both(batch())), expected, atol=1e-5)


def test_the_networks_given_stay_as_they_are():
    first, second = network(0), network(1)
    before = np.asarray(first(batch()))
    joined(first, second, "pair")
    np.testing.assert_array_equal(np.asarray(first(batch())), before)
    assert [layer.name for layer in first.layers][:2] == ["rescaling", "conv"]


def test_what_has_no_weights_is_shared_and_every_other_layer_stands_there_twice_but_the_last():
    layers = {layer.name: layer for layer in unfold(joined(network(0), network(1), "pair")).layers}
    assert {name.removesuffix("_a").removesuffix("_b") for name in layers} == {
        *("rescaling", "conv", "bn", "flatten", "dense", "dropout", "both", "logits")
    }
    assert layers["conv_a"].inputs == layers["conv_b"].inputs == ("rescaling",)
    assert layers["dense_b"].inputs == ("flatten_b",)
    assert set(layers["both"].inputs) == {"dropout_a", "dropout_b"}
    assert layers["both"].shape == (10,) and layers["logits"].shape == (4,)
    assert list(layers)[-1] == "logits"


def test_a_file_of_two_takes_less_than_two_thirds_and_loads_in_safe_mode_with_the_same_answers(tmp_path):
    wide = [
        keras.Sequential(
            [keras.Input((64,)), keras.layers.Dense(900, name="dense"), keras.layers.Dense(4, name="logits")]
        )
        for _ in range(2)
    ]
    both = joined(*wide, "pair")
    save_portable(both, tmp_path / "model.keras")
    assert (tmp_path / "model.keras").stat().st_size < 4 * both.count_params() * 2 / 3
    again = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    inputs = np.random.default_rng(0).normal(size=(3, 64)).astype(np.float32)
    np.testing.assert_array_equal(np.asarray(again(inputs)), np.asarray(both(inputs)))


@given(st.floats(2**-100, 2**100, width=32), st.booleans())
def test_rounding_keeps_the_sign_and_moves_by_at_most_one_part_in_1024(value, negative):
    given_value = np.array([-value if negative else value], np.float32)
    result = rounded(given_value)
    assert result.dtype == np.float32
    assert result[0] == pytest.approx(given_value[0], rel=2**-10)
    # The 14 lowest of the mantissa's 23 bits are zero.
    assert int(result.view(np.uint32)[0]) % 2**14 == 0


def test_rounding_leaves_zero_and_what_is_already_round():
    round_ones = np.array([0.0, 1.0, -0.75, 1 + 2**-9, 1000.0], np.float32)
    np.testing.assert_array_equal(rounded(round_ones), round_ones)
