"""Fitting the outlier probe: the logistic regression is right, and its outsiders are pictures of the network's size."""

from __future__ import annotations

import numpy as np

from lib.training.outlier_probe import _newton, outsiders


def test_the_regression_finds_the_direction_that_parts_the_two_sides() -> None:
    random = np.random.default_rng(0)
    inside = random.normal(0, 1, (400, 3))
    outside = random.normal((0, 3, 0), 1, (400, 3))
    truth = np.repeat([0.0, 1.0], 400)
    table = np.concatenate([inside, outside])
    weights = _newton(table, truth, np.ones(800), 1.0)
    assert weights[1] > 2 and np.abs(weights[[0, 2]]).max() < 0.5
    # At the optimum the slope of the penalised loss is zero for every weight, whatever the intercept is.
    stronger = _newton(table, truth, np.ones(800), 100.0)
    assert np.linalg.norm(stronger) < np.linalg.norm(weights)


def test_a_side_with_few_pictures_counts_as_much() -> None:
    table, truth = np.array([[-1.0], [-1.0], [-1.0], [1.0]]), np.array([0.0, 0.0, 0.0, 1.0])
    few = _newton(table, truth, np.array([1.0, 1.0, 1.0, 3.0]), 1.0)
    same = _newton(np.repeat([[-1.0], [1.0]], 3, axis=0), np.repeat([0.0, 1.0], 3), np.ones(6), 1.0)
    np.testing.assert_allclose(few, same)


def test_outsiders_are_small_colour_pictures_and_photographs_come_if_there_are_any() -> None:
    photo = np.random.default_rng(1).integers(0, 256, (60, 80, 3)).astype(np.uint8)
    found = outsiders(3, np.random.default_rng(2), [photo])
    assert set(found) == {"walls", "textures", "drawings", "letters", "noise", "photographs"}
    for name, images in found.items():
        assert images.dtype == np.uint8 and images.shape[1:] == (32, 32, 3), name
        assert len(images) == (6 if name == "photographs" else 3)
        assert images.reshape(len(images), -1).std(1).min() > 0
