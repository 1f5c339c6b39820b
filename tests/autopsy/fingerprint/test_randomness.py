"""Answers that change from call to call or with the batch, and answers that do not."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib.autopsy import Finding
from lib.autopsy.fingerprint.probes import ask
from lib.autopsy.fingerprint.randomness import randomness_findings
from lib.network import Network
from tests.autopsy.fingerprint.tiny import L, bare, network
from tests.keras_models import shaken


def found(network: Network) -> dict[str, Finding]:
    return {finding.cause: finding for finding in randomness_findings(network, ask(network))}


class Wavering(L.Layer):
    """Adds noise whatever it is told."""

    def __init__(self, **settings: object) -> None:
        super().__init__(**settings)
        self.seed = keras.random.SeedGenerator(0)

    def call(self, inputs: object) -> object:
        return inputs + keras.random.normal(keras.ops.shape(inputs), seed=self.seed)


def test_a_layer_that_is_random_in_every_call() -> None:
    finding = found(network(L.Flatten(), Wavering(name="noisy"), L.Dense(3)))["dropout-at-inference"]
    assert finding.level == "proof" and finding.witnesses[0].value > 0.1
    assert finding.evidence == ("The first layer that gives something else each time is “noisy” (Wavering).",)


@pytest.mark.parametrize(
    ("layer", "cause"),
    [
        (L.Dropout(0.5, name="noisy"), "dropout-at-inference"),
        (L.GaussianNoise(1.0, name="noisy"), "dropout-at-inference"),
        (L.RandomTranslation(0.4, 0.4, name="noisy"), "augmentation-at-inference"),
    ],
)
def test_layers_that_are_built_with_training_true(layer: keras.Layer, cause: str) -> None:
    i = keras.Input((12, 12, 1))
    model = shaken(keras.Model(i, L.Dense(3)(L.Flatten()(layer(i, training=True)))))
    finding = found(bare(model))[cause]
    assert "with model(x)" in finding.sentence and finding.witnesses[0].value > 0.1
    assert "“noisy”" in finding.evidence[0] and "predict of Keras 3" in finding.evidence[0]


def test_the_same_layers_called_as_usual_are_silent() -> None:
    layers = (L.RandomTranslation(0.4, 0.4), L.GaussianNoise(1.0), L.Flatten(), L.Dropout(0.5), L.Dense(3))
    assert found(network(*layers)) == {}


def test_batchnorm_built_with_training_true_makes_a_picture_depend_on_its_neighbours() -> None:
    i = keras.Input((12, 12, 1))
    x = L.BatchNormalization(name="norm")(L.Conv2D(2, 3)(i), training=True)
    model = shaken(keras.Model(i, L.Dense(3)(L.Flatten()(x))))
    before = [np.asarray(variable).copy() for variable in model.variables]
    finding = found(bare(model))["batchnorm-batch-dependent"]
    assert "“norm”" in finding.evidence[0]
    for old, variable in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(old, variable, err_msg="asking must not train")


def test_batchnorm_as_usual_is_silent() -> None:
    assert found(network(L.Conv2D(2, 3), L.BatchNormalization(), L.Flatten(), L.Dense(3))) == {}
