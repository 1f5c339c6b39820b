"""BatchNorm's memory of the training data: distances by hand, and statistics that say nothing are not heard."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib import zoo
from lib.autopsy.batchnorm_witness import Normalised, batch_size, usable_layers, witnesses
from lib.autopsy.evidence import FEATURES, gather
from lib.contract import Contract
from lib.network import Network
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

LAYER = Normalised("conv", (2, 2, 1), np.array([3.0]), np.array([2.0]))


def columns(values: np.ndarray) -> dict[str, float]:
    found = witnesses([LAYER], {"conv": values.reshape(1, 2, 2, 1)}, np.zeros((1, 4)))
    return {name: float(column[0]) for name, column in found.items()}


def test_the_training_datas_own_mean_and_deviation_have_no_distance() -> None:
    found = columns(np.array([1.0, 5.0, 1.0, 5.0]))
    assert found == {
        name: pytest.approx(0, abs=1e-9) for name in ("batchnorm_first", "batchnorm_mean", "batchnorm_worst")
    }


def test_the_distance_is_in_the_training_datas_deviations() -> None:
    # The mean lies one deviation off, the spread is as it was.
    assert columns(np.array([3.0, 7.0, 3.0, 7.0]))["batchnorm_first"] == pytest.approx(-np.log1p(1.0))
    # Half the spread about the right mean.
    assert columns(np.array([2.0, 4.0, 2.0, 4.0]))["batchnorm_first"] == pytest.approx(-np.log1p(np.log(2)))
    # However far, one layer cannot say more than this.
    assert columns(np.full(4, 1e6))["batchnorm_first"] == pytest.approx(-np.log1p(30.0))


def test_the_right_range_is_nearer_than_all_others() -> None:
    network = zoo.load("letters-cnn").with_contract(zoo.card("letters-cnn").contract)
    layers = usable_layers(network)
    assert len(layers) == 6 and layers[0].source == "conv1"
    right = network.contract.pipeline().run(sample("r-clean").picture()).final
    batch = np.stack([right, right * 255, right / 255, 1 - right]).astype(np.float32)
    found = gather(network, batch, None).features[:, FEATURES.index("batchnorm_mean")]
    assert found.argmax() == 0 and found[0] > found[1:].max() + 0.3


def normalising(mean: float, variance: float, channels: int = 4) -> Network:
    """A small network whose one BatchNorm layer has these statistics in every channel."""
    model = keras.Sequential(
        [
            keras.Input((4, 4, 1)),
            keras.layers.Conv2D(channels, 1),
            keras.layers.BatchNormalization(name="bn"),
            keras.layers.GlobalAveragePooling2D(),
            keras.layers.Dense(2),
        ]
    )
    layer = model.get_layer("bn")
    layer.moving_mean.assign(np.full(channels, mean))
    layer.moving_variance.assign(np.full(channels, variance))
    return Network(model, Contract((4, 4, 1), (4, 4), ("a", "b")))


def test_statistics_that_say_nothing_are_not_heard() -> None:
    assert len(usable_layers(normalising(0.5, 2.0))) == 1
    assert usable_layers(normalising(0.0, 1.0)) == (), "never trained, or folded into the weights"
    assert usable_layers(normalising(0.5, 2.0, channels=2)) == (), "too few channels to compare"
    assert usable_layers(zoo.load("letters-mlp")) == ()


def test_statistics_of_too_few_steps_are_not_heard() -> None:
    network = normalising(0.5, 2.0)
    network.model.compile("sgd", "mse")
    assert len(usable_layers(network)) == 1, "compiled and never trained here: trained before"
    network.model.optimizer.iterations.assign(30)
    assert usable_layers(network) == (), "0.99 to the power of 30 is 0.74"
    network.model.optimizer.iterations.assign(1000)
    assert len(usable_layers(network)) == 1


def test_large_layers_are_asked_about_few_tensors_at_once() -> None:
    assert batch_size([LAYER]) == 64
    assert batch_size([Normalised("a", (1000, 1000, 10), np.zeros(10), np.ones(10))]) == 3
