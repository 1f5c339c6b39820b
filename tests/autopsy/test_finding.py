"""What an Autopsy knows about itself."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lib.autopsy.finding import Autopsy, Finding, Pictured, Reading
from tests.autopsy.examination.pictures import letters

PIPELINE = letters().pipeline()


def reading(name: str, p: float = 0.9) -> Reading:
    return Reading("", PIPELINE, np.zeros(784, np.float32), ((name, p), ("other", 1 - p)), None)


def autopsy(verdict: str, now: str, then: str, *more: tuple[str, str]) -> Autopsy:
    pictures = tuple(Pictured(reading(a), reading(b)) for a, b in more)
    return Autopsy(verdict, "", (), (), reading(now), reading(then), pictures=pictures)


@pytest.mark.parametrize(
    ("verdict", "now", "then", "luck"),
    [
        ("fixable", "7", "7", True),
        ("fixable", "1", "7", False),
        ("healthy", "7", "7", False),
        ("unlike training", "7", "7", False),
    ],
)
def test_luck_is_a_wrong_pipeline_with_the_right_ones_answer(
    verdict: str, now: str, then: str, luck: bool
) -> None:
    assert autopsy(verdict, now, then).by_luck is luck


def test_luck_in_several_pictures_is_luck_in_all_of_them() -> None:
    assert autopsy("fixable", "7", "7", ("7", "7"), ("3", "3")).by_luck
    assert not autopsy("fixable", "7", "7", ("7", "7"), ("8", "3")).by_luck


def test_readings_without_an_answer_are_no_luck() -> None:
    one = autopsy("fixable", "7", "7")
    silent = dataclasses.replace(one, best=dataclasses.replace(one.best, top=()))
    assert silent.by_luck is False


def test_findings_name_known_causes_and_levels() -> None:
    with pytest.raises(ValueError, match="no-such"):
        Finding("no-such", "", "proof")
    with pytest.raises(ValueError, match="proof, training sample"):
        Finding("polarity", "", "hearsay")
