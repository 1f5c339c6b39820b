"""The class that swallows noise, in networks where it is known."""

from __future__ import annotations

import dataclasses

import keras
import numpy as np
import pytest

from lib.autopsy.fingerprint import Attractor, attractor
from lib.autopsy.fingerprint.probes import NOISE
from tests.autopsy.fingerprint.tiny import L, bare, bundled


def biased(*bias: float) -> keras.Model:
    model = keras.Sequential([keras.Input((12, 12, 1)), L.Flatten(), L.Dense(len(bias))])
    model.layers[-1].kernel.assign(np.zeros((144, len(bias))))
    model.layers[-1].bias.assign(bias)
    return model


def test_a_network_of_biases_has_one_answer_for_everything() -> None:
    found = attractor(bare(biased(0.0, 0.0, np.log(2))), images=20)
    assert (found.label, found.name, found.share, found.images) == (2, "class 2", 1.0, 20)
    assert found.probability == pytest.approx(0.5)
    assert found.by_kind == tuple((kind, "class 2", 1.0) for kind in NOISE)
    assert "100 %" in found.sentence() and "“class 2”" in found.sentence()


def test_a_network_that_splits_by_brightness_has_no_favourite() -> None:
    model = biased(0.0, -127.5 * 0.5)
    model.layers[-1].kernel.assign(np.repeat([[0.0, 0.5 / 144]], 144, axis=0))
    found = attractor(bare(model, value_range="0..255"), images=400)
    assert 0.4 < found.share < 0.7
    kinds = {kind: share for kind, _, share in found.by_kind}
    assert kinds["specks"] < 0.75, "half of the specks are bright on black, half dark on white"


def test_large_inputs_get_fewer_pictures() -> None:
    model = keras.Sequential([keras.Input((200, 200, 3)), L.GlobalAveragePooling2D(), L.Dense(2)])
    assert attractor(bare(model)).images == 50  # 6 million numbers


def test_a_broken_network_has_an_answer_to_noise_too() -> None:
    found = attractor(bare(biased(np.nan, 0.0)), images=10)
    assert found.share == 1.0 and np.isnan(found.probability)
    assert "not a number" in found.sentence()


def test_the_answer_is_the_same_each_time() -> None:
    network = bundled("letters-mlp")
    assert attractor(network, 200) == attractor(network, 200)
    assert attractor(network).images == 1_000


def test_a_class_for_everything_else_is_no_attractor() -> None:
    names = ("a", "b", "not a letter")
    one = Attractor(2, names[2], 0.97, 1_000, 0.999, ())
    assert "it can say that it knows nothing of the kind" in one.sentence()
    assert "says little by itself" in dataclasses.replace(one, name="a").sentence()
