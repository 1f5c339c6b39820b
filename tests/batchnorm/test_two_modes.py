"""Both modes of a model: equal to what Keras itself gives, without dropout, and without changing anything."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from lib.batchnorm.two_modes import NoBatchNormError, TwoModes
from tests.batchnorm.networks import SHAPE, nested, pictures, plain

L = keras.layers


def test_inference_is_what_predict_gives() -> None:
    for model in (plain(), nested()):
        expected = model.predict(pictures(), verbose=0)
        np.testing.assert_allclose(
            TwoModes(model).run(pictures(), training=False).output, expected, atol=1e-5
        )


def test_training_mode_is_what_keras_gives_when_nothing_else_is_random() -> None:
    model = nested()
    before = [w.copy() for w in model.get_weights()]
    found = TwoModes(model).run(pictures(), training=True).output
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new, err_msg="looking changed the model")
    np.testing.assert_allclose(found, np.asarray(model(pictures(), training=True)), atol=1e-5)


def test_dropout_stays_off_in_training_mode() -> None:
    modes = TwoModes(plain())
    first, second = (modes.run(pictures(), training=True).output for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_the_batch_statistics_are_the_mean_and_variance_of_what_arrives() -> None:
    model = plain()
    found = TwoModes(model).run(pictures(), training=True)
    arriving = np.asarray(model.get_layer("conv")(pictures()))
    np.testing.assert_allclose(found.batch.means[0], arriving.mean(axis=(0, 1, 2)), rtol=1e-4)
    np.testing.assert_allclose(found.batch.variances[0], arriving.var(axis=(0, 1, 2)), rtol=1e-3)
    np.testing.assert_allclose(found.picture_means[0], arriving.mean(axis=(1, 2)), rtol=1e-3, atol=1e-2)


def test_one_fit_step_moves_the_stored_statistics_by_what_was_measured() -> None:
    model = plain(momentum=0.75)
    modes = TwoModes(model)
    before, batch = modes.stored, modes.run(pictures(), training=True).batch
    model.compile(keras.optimizers.SGD(0.0), "sparse_categorical_crossentropy", jit_compile=False)
    model.fit(pictures(), np.arange(6) % 3, batch_size=6, epochs=1, verbose=0)
    # The second layer lies behind the dropout, which fit() switches on.
    np.testing.assert_allclose(
        modes.stored.means[0], 0.75 * before.means[0] + 0.25 * batch.means[0], rtol=1e-3, atol=1e-3
    )
    np.testing.assert_allclose(
        modes.stored.variances[0], 0.75 * before.variances[0] + 0.25 * batch.variances[0], rtol=1e-3
    )


def test_other_statistics_can_be_tried_without_storing_them() -> None:
    modes = TwoModes(plain())
    target = modes.run(pictures(), training=True)
    tried = modes.run(pictures(), training=False, statistics=target.batch)
    np.testing.assert_allclose(tried.output, target.output, atol=1e-5)
    assert all((mean == 0).all() for mean in modes.stored.means)


def test_layers_come_in_the_order_of_the_network_and_shared_ones_once() -> None:
    assert [layer.name for layer in TwoModes(nested()).layers] == ["base/inside", "shared"]
    assert [(layer.name, layer.channels) for layer in TwoModes(plain()).layers] == [
        ("first", 4),
        ("second", 5),
    ]


def test_a_frozen_layer_is_in_inference_mode_in_both() -> None:
    model = plain()
    for name in ("first", "second"):
        model.get_layer(name).trainable = False
    modes = TwoModes(model)
    np.testing.assert_allclose(
        modes.run(pictures(), training=True).output,
        modes.run(pictures(), training=False).output,
        atol=1e-5,
    )
    assert [layer.trainable for layer in modes.layers] == [False, False]


def test_a_model_without_batchnorm_says_so() -> None:
    model = keras.Sequential([keras.Input(SHAPE), L.Flatten(), L.Dense(3)])
    with pytest.raises(NoBatchNormError, match="no BatchNorm layer"):
        TwoModes(model)
