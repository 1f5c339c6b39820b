"""The repairs ask for as much as the measured way to recovery says, and for nothing that is not allowed."""

from __future__ import annotations

import numpy as np

from lib.batchnorm import initial_weight
from lib.batchnorm.recovery import Recovery
from lib.batchnorm.repairs import repairs
from lib.batchnorm.settings import TrainingLimits, TrainingSettings

FOUND = Recovery(
    np.array([1.0, 0.5, 0.2, 0.0]),
    np.array([[0.0, 0.0], [0.2, 0.4], [0.6, 0.7], [0.9, 1.0]]),
    np.array([[False, False], [False, True], [True, True], [True, True]]),
)


def test_recovery_is_from_where_on_all_are_right() -> None:
    assert FOUND.share == 0.2
    assert FOUND.updates(0.9) == 16  # 0.9 ** 16 = 0.185
    assert FOUND.updates(0.0) == 1
    flickering = Recovery(FOUND.shares, FOUND.right, np.array([[True], [True], [False], [True]]))
    assert flickering.share == 0.0
    never = Recovery(FOUND.shares, FOUND.right, np.zeros((4, 1), bool))
    assert (never.share, never.updates(0.5)) == (None, None)


def test_between_the_measured_points_probabilities_are_interpolated() -> None:
    right, accuracy = FOUND.after(0.5, 1)
    np.testing.assert_allclose(right, [0.2, 0.4])
    assert accuracy == 0.5
    right, accuracy = FOUND.after(0.9, 0)
    np.testing.assert_allclose(right, [0.0, 0.0])
    right, accuracy = FOUND.after(0.5, 60)
    np.testing.assert_allclose(right, [0.9, 1.0], atol=1e-6)
    assert accuracy == 1.0


def test_each_repair_changes_one_setting_by_as_much_as_is_needed() -> None:
    settings = TrainingSettings(epochs=8, momentum=0.99, batch_size=1)
    more, smaller, larger = repairs(settings, 3, FOUND, TrainingLimits())
    assert more.settings is not None and smaller.settings is not None and larger.settings is not None
    assert initial_weight(0.99, 3 * (more.settings.epochs - 8)) <= 0.2
    assert more.settings.momentum == 0.99
    assert initial_weight(smaller.settings.momentum, 24) <= 0.1
    assert smaller.settings.epochs == 8
    assert (larger.settings.batch_size, larger.settings.epochs) == (3, 8)


def test_where_nothing_is_left_to_change_nothing_is_offered() -> None:
    settings = TrainingSettings(epochs=400, momentum=0.01, batch_size=32)
    more, smaller, larger = repairs(settings, 3, FOUND, TrainingLimits())
    assert (more.settings, smaller.settings, larger.settings) == (None, None, None)
    assert "one batch already" in larger.says


def test_no_more_epochs_are_asked_for_than_the_server_trains() -> None:
    more, *_ = repairs(TrainingSettings(epochs=5), 3, FOUND, TrainingLimits(epochs=20))
    assert more.settings is not None and more.settings.epochs == 20
    assert "not enough" in more.says
