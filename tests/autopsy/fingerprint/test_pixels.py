"""What a network does to pixels itself, against its contract."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib.autopsy import Finding
from lib.autopsy.fingerprint.pixels import pixel_findings
from lib.network import Network
from tests.autopsy.fingerprint.tiny import L, bare, network
from tests.keras_models import shaken


def pixels(network: Network) -> dict[str, Finding]:
    return {found.cause: found for found in pixel_findings(network)}


def scaled(scale: float, offset: float, value_range: str) -> Network:
    return network(L.Rescaling(scale, offset, name="scale"), L.Flatten(), L.Dense(3), value_range=value_range)


@pytest.mark.parametrize("given", ["0..1", "-1..1", "standardise"])
def test_scaled_outside_and_inside(given: str) -> None:
    found = pixels(scaled(1 / 255, 0, given))["rescaling-in-model"]
    assert "“scale” (Rescaling)" in found.sentence and "0..255" in found.sentence and given in found.sentence
    assert found.level == "proof" and "255" in found.code


def test_what_black_and_white_become_inside() -> None:
    black, white = pixels(scaled(1 / 127.5, -1, "0..1"))["rescaling-in-model"].witnesses
    assert (black.value, white.value) == (-1, pytest.approx(1 / 127.5 - 1))
    assert (black.low, black.high) == (-1, 1)


@pytest.mark.parametrize(
    ("scale", "offset", "given"),
    [
        (1 / 255, 0, "0..255"),
        (1 / 127.5, -1, "0..255"),
        (2, -1, "0..1"),
        (255, 0, "0..1"),
        (1, 0, "0..1"),
        (0.5, 0.5, "-1..1"),
    ],
)
def test_scaled_inside_as_the_contract_says(scale: float, offset: float, given: str) -> None:
    assert pixels(scaled(scale, offset, given)) == {}


def test_arithmetic_written_out_counts_like_a_layer() -> None:
    i = keras.Input((12, 12, 1))
    model = shaken(keras.Model(i, L.Dense(3)(L.Flatten()(i / 255.0))))
    assert set(pixels(bare(model, value_range="0..1"))) == {"rescaling-in-model"}
    assert pixels(bare(model, value_range="0..255")) == {}


def test_a_rescaling_deep_inside_is_not_about_pixels() -> None:
    layers = (L.Conv2D(2, 3), L.Rescaling(1 / 255), L.Flatten(), L.Dense(3))
    assert pixels(network(*layers, value_range="0..1")) == {}


def test_a_normalization_that_was_never_adapted() -> None:
    model = keras.Sequential(
        [keras.Input((12, 12, 1)), L.Normalization(name="norm"), L.Flatten(), L.Dense(3)]
    )
    found = pixels(bare(model))
    assert set(found) == {"standardisation"}
    assert "“norm”" in found["standardisation"].sentence


def test_an_adapted_normalization_is_silent_in_its_range_only() -> None:
    norm = L.Normalization()
    norm.adapt(np.random.default_rng(0).uniform(0, 255, (50, 12, 12, 1)))
    model = keras.Sequential([keras.Input((12, 12, 1)), norm, L.Flatten(), L.Dense(3)])
    assert pixels(bare(model, value_range="0..255")) == {}
    assert set(pixels(bare(model, value_range="0..1"))) == {"rescaling-in-model"}


@pytest.fixture(scope="module")
def mobile() -> keras.Model:
    base = keras.applications.MobileNet(
        (32, 32, 3), alpha=0.25, include_top=False, weights=None, pooling="avg"
    )
    return keras.Sequential([keras.Input((32, 32, 3)), base, L.Dense(3)])


@pytest.mark.parametrize("given", ["0..1", "caffe", "0..255"])
def test_another_mode_than_the_familys(mobile: keras.Model, given: str) -> None:
    found = pixels(bare(mobile, value_range=given))["imagenet-mode"]
    assert "layers of MobileNet," in found.sentence and "-1..1" in found.sentence and given in found.sentence
    assert found.level == "model card" and "mobilenet.preprocess_input" in found.code


def test_another_order_than_the_familys(mobile: keras.Model) -> None:
    found = pixels(bare(mobile, value_range="-1..1", channel_order="BGR"))["imagenet-mode"]
    assert "BGR" in found.sentence and "RGB" in found.sentence


def test_the_familys_own_mode_is_silent(mobile: keras.Model) -> None:
    assert pixels(bare(mobile, value_range="-1..1")) == {}


def test_a_familys_mode_applied_inside_the_model_is_silent(mobile: keras.Model) -> None:
    i = keras.Input((32, 32, 3))
    model = keras.Model(i, mobile(L.Rescaling(1 / 127.5, -1)(i)))
    assert pixels(bare(model, value_range="0..255")) == {}
    assert set(pixels(bare(model, value_range="-1..1"))) == {"rescaling-in-model"}
