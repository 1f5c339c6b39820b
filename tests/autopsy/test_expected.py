"""How often a healthy network errs at such an answer is counted on held-out pictures with about the same sureness."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lib.autopsy.expected import expected_misread
from lib.reference import Reference
from tests.autopsy.examination.pictures import reference as letters_reference

NAMES = ("O", "D", "Q")


def held_out(sure: list[float], truths: list[int], answer: int = 0) -> Reference:
    """Pictures that were all read as `answer`, each with its probability and its true class."""
    logits = np.zeros((len(sure), 3), np.float16)
    logits[:, answer] = np.log(2 * np.array(sure) / (1 - np.array(sure)))
    whole = letters_reference()
    return dataclasses.replace(
        whole,
        held_out_logits=logits,
        held_out_labels=np.array(truths, np.int16),
        held_out_distances=np.zeros(len(sure), np.float32),
        held_out_feature_distances=np.zeros(len(sure), np.float32),
        held_out_statistics=whole.held_out_statistics[: len(sure)],
        likeness=None,
        stroke_probe=None,
    )


def answered(p: float) -> np.ndarray:
    return np.array([p, (1 - p) / 2, (1 - p) / 2])


MIXED = held_out([0.6] * 30 + [0.99] * 60, [0] * 15 + [1] * 10 + [2] * 5 + [0] * 60)


def test_a_doubtful_answer_is_compared_with_doubtful_ones() -> None:
    finding = expected_misread(MIXED, NAMES, answered(0.6))
    assert finding is not None and (finding.cause, finding.weight) == ("healthy-misread", 0)
    assert finding.witnesses[0].value == pytest.approx(0.5)
    assert "50 % were something else: “D” (10), “Q” (5)" in finding.sentence


def test_a_sure_answer_with_sure_ones_that_were_all_right() -> None:
    assert expected_misread(MIXED, NAMES, answered(0.99)) is None


def test_a_class_that_is_hardly_ever_answered_says_nothing() -> None:
    few = held_out([0.6] * 10, [1] * 10)
    assert expected_misread(few, NAMES, answered(0.6)) is None
    assert expected_misread(MIXED, NAMES, answered(0.6)[::-1]) is None


def test_other_classes_than_the_references_say_nothing() -> None:
    assert expected_misread(MIXED, ("a", "b"), np.array([0.6, 0.4])) is None
