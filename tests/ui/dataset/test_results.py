"""Claims about results: which classes a large matrix shows."""

import numpy as np

from lib.evaluate import Answers
from lib.ui.dataset.results import shown_classes


def test_of_many_classes_those_with_the_most_errors_are_shown() -> None:
    names = tuple(f"class {k}" for k in range(100))
    labels = np.arange(400) % 100
    predicted = labels.copy()
    predicted[labels == 77] = 13
    answers = Answers(np.eye(100, dtype=np.float32)[predicted], labels, np.arange(400), names)
    shown = shown_classes(answers)
    assert len(shown) == 30 and {13, 77} <= set(shown.tolist()) and sorted(shown.tolist()) == shown.tolist()


def test_few_classes_are_all_shown() -> None:
    answers = Answers(np.eye(4, dtype=np.float32), np.arange(4), np.arange(4), ("a", "b", "c", "d"))
    assert shown_classes(answers).tolist() == [0, 1, 2, 3]
