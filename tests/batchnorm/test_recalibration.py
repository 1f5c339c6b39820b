"""Recalibration gives the exact statistics of the images, whatever the batches, and repairs inference with them."""

from __future__ import annotations

import numpy as np
import pytest

from lib.batchnorm.recalibration import CumulativeAverage, recalibrated
from lib.batchnorm.statistics import BatchNormLayer, Statistics
from lib.batchnorm.two_modes import TwoModes
from tests.batchnorm.networks import nested, pictures, plain


def test_it_equals_the_exact_statistics_of_the_images_in_any_batches() -> None:
    model = plain()
    arriving = np.asarray(model.get_layer("conv")(pictures(10))).astype(np.float64)
    for at_once in (10, 4, 3, 1):
        found = recalibrated(TwoModes(model), pictures(10), at_once)
        np.testing.assert_allclose(found.means[0], arriving.mean(axis=(0, 1, 2)), rtol=1e-4)
        np.testing.assert_allclose(found.variances[0], arriving.var(axis=(0, 1, 2)), rtol=1e-3)


def test_with_all_images_in_one_batch_inference_becomes_training_mode() -> None:
    for model in (plain(), nested()):
        modes = TwoModes(model)
        wanted = modes.run(pictures(), training=True)
        modes.store(recalibrated(modes, pictures()))
        if model.name.startswith("sequential"):  # a layer that is used twice has one pair for two inputs
            np.testing.assert_allclose(model.predict(pictures(), verbose=0), wanted.output, atol=1e-5)
        np.testing.assert_allclose(modes.stored.packed(), wanted.batch.packed(), rtol=1e-5)


def test_a_frozen_layer_keeps_its_statistics() -> None:
    model = plain()
    model.get_layer("first").trainable = False
    found = recalibrated(TwoModes(model), pictures())
    assert (found.means[0] == 0).all() and (found.variances[0] == 1).all()
    assert not (found.means[1] == 0).all()


def test_batches_of_different_size_count_by_their_pictures() -> None:
    layers = (BatchNormLayer("a", 1, 0.9, 1e-3),)
    numbers = np.array([1.0, 5.0, 2.0, 2.0, 10.0])
    average = CumulativeAverage(layers)
    for part in (numbers[:3], numbers[3:4], numbers[4:]):
        average.add(Statistics((np.array([part.mean()]),), (np.array([part.var()]),)), pictures=len(part))
    assert average.statistics.means[0][0] == pytest.approx(numbers.mean())
    assert average.statistics.variances[0][0] == pytest.approx(numbers.var())


def test_no_picture_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one picture"):
        recalibrated(TwoModes(plain()), pictures(0))
