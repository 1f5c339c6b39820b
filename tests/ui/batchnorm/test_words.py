"""What the page says about its numbers: gauge, health, neighbours, agreement of both modes."""

from __future__ import annotations

import numpy as np

from lib.batchnorm.comparison import Comparison
from lib.batchnorm.health import Health, LayerHealth
from lib.batchnorm.statistics import BatchNormLayer, Statistics
from lib.ui.batchnorm.arithmetic import gauge
from lib.ui.batchnorm.check import agreement, target_of
from lib.ui.batchnorm.health import rows, summary, traps
from lib.ui.batchnorm.neighbours import sentence


def layer(trainable: bool = True, untouched: bool = False, name: str = "bn") -> LayerHealth:
    return LayerHealth(BatchNormLayer(name, 4, 0.99, 1e-3, trainable), untouched, 0, False, (0, 1), (1, 2))


def test_the_gauge_says_what_is_left() -> None:
    assert "still 95 % the initial 0 and 1" in gauge(0.99**5, 0.99, 5)
    settled = gauge(0.99**5000, 0.99, 5000)
    assert "Next to nothing" in settled and 'class="initial"' not in settled


def test_a_healthy_model_is_fine_and_an_unsettled_one_is_an_alarm() -> None:
    assert 'data-testid="bn-fine"' in summary(Health((layer(),), 5000, 0.99))
    assert 'data-testid="bn-alarm"' in summary(Health((layer(),), 5, 0.99))
    assert 'data-testid="bn-alarm"' in summary(Health((layer(untouched=True),), None, 0.99))


def test_only_traps_that_concern_the_model_are_named() -> None:
    assert traps(Health((layer(),), 100, 0.99)) == ""
    frozen = traps(Health((layer(trainable=False), layer()), 100, 0.99, ("drop",)))
    assert "1 of its BatchNorm layers have trainable=False" in frozen and "A dropout layer" in frozen
    assert "No optimizer in the file" in traps(Health((layer(),), None, 0.99))


def test_the_table_remarks_what_stands_out() -> None:
    found = rows(Health((layer(trainable=False, untouched=True), layer()), 1, 0.99))
    assert found["remark"] == ["as before training, frozen", ""]


def test_neighbours_that_change_the_answer_are_said_to() -> None:
    answers = np.array([[0.9, 0.1], [0.2, 0.8], [0.3, 0.7]])
    assert "Alone in its batch, training=True says “a”" in sentence(answers, 0, ["a", "b"])
    assert "the answer changes once" in sentence(answers, 2, ["a", "b"])
    assert "stays the same" in sentence(answers[1:], 0, ["a", "b"])


def comparison(stored_mean: float, training: np.ndarray, allowance: tuple = (0.1,)) -> Comparison:
    one = np.ones(1, np.float32)
    right = np.array([[0.9, 0.1], [0.1, 0.9]])
    stored, batch = Statistics((stored_mean * one,), (one,)), Statistics((0 * one,), (one,))
    layers = (BatchNormLayer("bn", 1, 0.99, 0.0),)
    return Comparison(layers, right, training, right, stored, batch, allowance, right[None])


def test_agreement_distinguishes_a_rough_batch_from_stale_statistics() -> None:
    same, other = np.array([[0.9, 0.1], [0.1, 0.9]]), np.array([[0.1, 0.9], [0.1, 0.9]])
    assert "nothing to repair" in agreement(comparison(0.0, same))
    assert "predict() that is to be trusted" in agreement(comparison(0.0, other))
    assert "from layer 1 on the stored statistics are further" in agreement(comparison(3.0, other))
    assert "predict() that is to be trusted" in agreement(comparison(3.0, other, ()))


def test_a_truth_is_found_among_the_classes_whatever_its_case() -> None:
    assert target_of("x", ("A", "X")) == 1
    assert target_of("cat", ("A", "X")) is None
    assert target_of(None, ("A", "X")) is None
