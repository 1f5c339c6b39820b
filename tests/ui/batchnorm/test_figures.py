"""The figures: a frame for every epoch, the marked layer, prediction and measurement on one axis, no foreign markup."""

from __future__ import annotations

import numpy as np

from lib.batchnorm.recovery import Recovery
from lib.batchnorm.statistics import BatchNormLayer, Distance, Statistics
from lib.ui.batchnorm.figures import channels_figure, layers_figure, neighbours_figure, recovery_figure

LAYERS = tuple(BatchNormLayer(name, 2, 0.99, 1e-3) for name in ("first", '<a href="//x">two</a>'))
FOUND = Recovery(
    np.array([1.0, 0.5, 0.0]), np.array([[0.0], [0.5], [1.0]]), np.array([[False], [True], [True]])
)


def moments(count: int) -> list:
    return [(str(n + 1), [Distance(1.0 / (n + 1), 0.5), Distance(0.2, 0.1)]) for n in range(count)]


def test_there_is_a_frame_for_every_epoch_and_the_last_one_is_shown() -> None:
    plot = layers_figure(LAYERS, moments(4), marked=0)
    assert [frame.name for frame in plot.frames] == ["1", "2", "3", "4"]
    assert list(plot.data[0].y) == [0.25, 0.2] == list(plot.frames[-1].data[0].y)
    assert list(plot.frames[0].data[0].y) == [1.0, 0.2]
    low, high = plot.layout.yaxis.range
    assert low == 0 and high >= 1.0, "every frame fits on the axis"
    assert plot.layout.sliders[0].active == 3


def test_one_moment_needs_no_player() -> None:
    plot = layers_figure(LAYERS, moments(1), marked=None, allowance=[0.3, 0.4])
    assert not plot.frames and not plot.layout.sliders
    assert list(plot.data[2].y) == [0.3, 0.4]


def test_many_epochs_are_thinned_to_what_a_browser_likes() -> None:
    names = [frame.name for frame in layers_figure(LAYERS, moments(400), marked=0).frames]
    assert len(names) == 60 and (names[0], names[-1]) == ("1", "400")


def test_names_that_could_be_markup_stay_out() -> None:
    found = layers_figure(LAYERS, moments(3), marked=1).to_json()
    assert "href" not in found and "layer 2" in found and "first" in found
    assert "<b>" not in neighbours_figure(np.eye(2), ["<b>x</b>", "y"], 0).to_json()


def test_channels_lie_on_the_line_when_they_agree() -> None:
    some = Statistics((np.array([1.0, 2.0]),), (np.array([4.0, 9.0]),))
    plot = channels_figure(0, some, some)
    means, deviations = plot.data[1], plot.data[3]
    np.testing.assert_array_equal(means.x, means.y)
    np.testing.assert_allclose(deviations.x, [2.0, 3.0])


def test_the_prediction_goes_on_where_the_measurement_ends() -> None:
    plot = recovery_figure(([1, 2], np.array([[0.1], [0.0]])), FOUND, 0.5, 0, ["cat"])
    measured, predicted = plot.data[:2]
    assert list(measured.x) == [1, 2]
    assert predicted.x[0] == 2 and predicted.y[0] == 0.0
    assert np.all(np.diff(predicted.y) >= 0) and predicted.y[-1] > 0.99
