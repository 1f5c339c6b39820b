"""Claims about carrying out a recipe."""

import dataclasses

import keras
import numpy as np
import pytest

from lib.training.fit import fit, logits_of
from lib.training.letters_mlp import RECIPE
from lib.training.letters_mlp import to_tensor as flat


def small() -> keras.Model:
    return keras.Sequential([keras.layers.Input((784,)), keras.layers.Dense(26, name="logits")])


SMALL = dataclasses.replace(RECIPE, build=small, epochs=8, learning_rate=2e-3, average=0.9)


@pytest.fixture(scope="module")
def fitted(tiny_letters):
    return fit(SMALL, tiny_letters, seed=5, progress=False)


def test_a_few_epochs_learn_what_can_be_learnt(fitted, tiny_letters):
    test = tiny_letters.tests["new"]
    assert (logits_of(fitted.model, flat(test.images)).argmax(1) == test.labels).mean() > 0.9


def test_the_weights_that_are_kept_are_those_that_were_measured(fitted, tiny_letters):
    right = (
        logits_of(fitted.model, flat(tiny_letters.validation.images)).argmax(1)
        == tiny_letters.validation.labels
    )
    assert right.mean() == pytest.approx(fitted.validation_accuracy)


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(fitted, tiny_letters):
    again, other = (fit(SMALL, tiny_letters, seed=seed, progress=False) for seed in (5, 6))
    np.testing.assert_array_equal(again.model.get_weights()[0], fitted.model.get_weights()[0])
    assert (other.model.get_weights()[0] != fitted.model.get_weights()[0]).any()


def test_the_saved_optimizer_knows_the_steps_of_the_best_epoch_and_keeps_no_average(fitted, tmp_path):
    fitted.model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert int(loaded.optimizer.iterations) == fitted.best_epoch * (600 // 32)
    assert not loaded.optimizer.use_ema
    moments = [v for v in loaded.optimizer.variables if "velocity" in v.path]
    assert len(moments) == 2
    assert all(np.abs(moment.numpy()).max() > 0 for moment in moments)


def test_training_stops_when_patience_runs_out(tiny_letters):
    still = dataclasses.replace(
        SMALL, epochs=10, patience=2, learning_rate=1e-12, weight_decay=0.0, average=None
    )
    # The accuracy never changes, and the later of two equal epochs is kept, so patience never runs out.
    assert fit(still, tiny_letters, seed=0, progress=False).best_epoch == 10
    worse = dataclasses.replace(
        SMALL, epochs=10, patience=2, learning_rate=3e3, weight_decay=0.0, average=None
    )
    stopped = fit(worse, tiny_letters, seed=0, progress=False)
    assert stopped.epochs == min(10, stopped.best_epoch + 2)


def test_no_inputs_give_no_logits(fitted):
    assert logits_of(fitted.model, np.zeros((0, 784), np.float32)).shape == (0, 26)


def test_smoothed_labels_spread_a_share_of_the_certainty_over_all_classes(tiny_letters):
    smoothed = fit(dataclasses.replace(SMALL, epochs=1, smoothing=0.2), tiny_letters, seed=5, progress=False)
    logits = np.random.default_rng(0).normal(size=(4, 26)).astype(np.float32)
    log_p = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    expected = -(0.8 * log_p[np.arange(4), [3, 1, 4, 1]] + 0.2 * log_p.mean(1)).mean()
    assert float(smoothed.model.loss(np.eye(26)[[3, 1, 4, 1]], logits)) == pytest.approx(expected, rel=1e-4)


def test_without_moments_the_file_keeps_the_steps_alone(tiny_letters, tmp_path):
    fitted = fit(dataclasses.replace(SMALL, epochs=2, moments=False), tiny_letters, seed=5, progress=False)
    fitted.model.save(tmp_path / "model.keras")
    loaded = keras.models.load_model(tmp_path / "model.keras")
    assert int(loaded.optimizer.iterations) == fitted.best_epoch * (600 // 32)
    assert all(variable.shape == () for variable in loaded.optimizer.variables)


def test_a_last_change_is_measured_with_the_weights_that_it_leaves(tiny_letters):
    def only_a(model, data):
        kernel, _ = model.get_weights()
        model.set_weights([kernel * 0, np.eye(26, dtype=np.float32)[0]])

    fitted = fit(dataclasses.replace(SMALL, epochs=1, finish=only_a), tiny_letters, seed=5, progress=False)
    assert fitted.validation_accuracy == (tiny_letters.validation.labels == 0).mean()
