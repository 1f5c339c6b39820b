"""The file alone: updates from .keras and .h5, what is left of the beginning, layers, no false alarm."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from lib import zoo
from lib.batchnorm.health import health
from lib.zoo.own.file import check_file
from tests.batchnorm.networks import network, pictures, plain
from tests.zoo.own.conftest import in_process  # noqa: F401  a fixture


def trained(steps: int, momentum: float = 0.99) -> keras.Model:
    model = plain(momentum)
    model.compile("sgd", "sparse_categorical_crossentropy", jit_compile=False)
    model.fit(pictures(), np.arange(6) % 3, batch_size=6, epochs=steps, verbose=0)
    return model


@pytest.mark.usefixtures("in_process")
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5:UserWarning")
def test_updates_are_read_back_from_keras_and_h5(tmp_path: Path) -> None:
    model = trained(7)
    for name in ("model.keras", "model.h5"):
        model.save(tmp_path / name)
        own = check_file(tmp_path / name)
        found = health(own.network(), own.inspection.iterations)
        assert (found.updates, found.momentum) == (7, 0.99)
        assert found.residual == pytest.approx(0.99**7)
        assert len(found.alarms) == 1
        assert "After 7 updates at momentum 0.99" in found.alarms[0] and "93%" in found.alarms[0]


def test_layers_that_were_never_trained_are_named_as_such() -> None:
    found = health(network(plain()), None)
    assert [entry.untouched for entry in found.layers] == [True, True]
    assert found.residual is None
    assert "All 2 BatchNorm layers have a moving mean of 0" in found.alarms[0]


def test_many_updates_and_a_file_without_optimizer_raise_no_alarm() -> None:
    model = trained(2)
    assert health(network(model), 5_000).alarms == ()
    assert health(network(model), None).alarms == ()


def test_the_bundled_networks_are_healthy() -> None:
    names = [card.name for card in zoo.bundled()]
    seen = 0
    for name in names:
        found = health(zoo.load(name), zoo.card(name).training.get("steps"))
        seen += len(found.layers)
        assert found.alarms == (), name
    assert seen >= 6


def test_frozen_layers_are_listed_and_do_not_count_for_the_momentum() -> None:
    model = plain()
    model.get_layer("first").trainable = False
    model.get_layer("second").momentum = 0.5
    found = health(network(model), 3)
    assert [entry.layer.name for entry in found.frozen] == ["first"]
    assert found.momentum == 0.5
    assert found.dropout == tuple(layer.name for layer in model.layers if "dropout" in layer.name)


def test_broken_and_constant_statistics_are_seen() -> None:
    model = plain()
    model.get_layer("first").moving_variance.assign([np.nan, 1.0, 0.0, 1.0])
    found = health(network(model), None)
    assert (found.layers[0].broken, found.layers[0].dead) == (True, 1)
    assert "NaN or infinite statistics" in found.alarms[0]


def test_numbers_that_no_training_has_are_not_reckoned_with() -> None:
    model = plain(momentum=1.5)
    assert health(network(model), 100).residual is None
    assert health(network(plain()), -3).residual is None
