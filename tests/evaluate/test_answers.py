"""Claims about answers: predictions, probabilities and their shapes."""

import numpy as np
import pytest

from lib.evaluate import Answers
from tests.evaluate.tiny import answers


def test_confidence_is_the_probability_of_the_predicted_class() -> None:
    found = answers([0, 1, 2], [0, 2, 2], [0.5, 0.9, 0.7])
    np.testing.assert_allclose(found.confidence, [0.5, 0.9, 0.7], rtol=1e-6)
    assert found.predicted.tolist() == [0, 2, 2] and found.right.tolist() == [True, False, True]
    assert found.accuracy == pytest.approx(2 / 3)


def test_sigmoids_stand_each_for_itself() -> None:
    found = Answers(
        np.array([[0.0, 2.0]], np.float32), np.array([0]), np.array([5]), ("a", "b"), independent=True
    )
    np.testing.assert_allclose(found.probabilities(), [[0.5, 1 / (1 + np.exp(-2))]], rtol=1e-7)


def test_enormous_logits_give_probabilities_all_the_same() -> None:
    found = Answers(np.array([[3e38, -3e38]], np.float32), np.array([1]), np.array([0]), ("a", "b"))
    assert found.probabilities().tolist() == [[1.0, 0.0]]


def test_more_answers_than_one_block_keep_their_order() -> None:
    logits = np.zeros((10_000, 2), np.float32)
    logits[:, 1] = np.linspace(-4, 4, 10_000)
    found = Answers(logits, np.zeros(10_000, np.int64), np.arange(10_000), ("a", "b"))
    np.testing.assert_allclose(
        found.probability_of(np.ones(10_000, int)), 1 / (1 + np.exp(-logits[:, 1])), rtol=1e-6
    )


def test_what_does_not_fit_together_is_refused() -> None:
    with pytest.raises(ValueError, match="2 labels do not go with"):
        Answers(np.zeros((3, 2), np.float32), np.zeros(2, int), np.arange(2), ("a", "b"))


def test_without_images_there_is_no_accuracy() -> None:
    found = Answers(np.zeros((0, 2), np.float32), np.zeros(0, int), np.zeros(0, int), ("a", "b"))
    assert np.isnan(found.accuracy) and found.confidence.shape == (0,)
