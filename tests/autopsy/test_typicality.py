"""The share of held-out pictures that are less typical: every witness can veto, none can lift."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.evidence import FEATURES
from lib.autopsy.typicality import typicality
from lib.reference import Reference


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference.load(zoo.card("letters-mlp").reference_path)


def features(**values: float) -> np.ndarray:
    return np.array([values.get(name, 0.0) for name in FEATURES])


def test_an_average_picture_is_about_as_typical_as_half_of_the_others(reference: Reference) -> None:
    assert 0.2 < typicality(features(), reference) < 0.8


@pytest.mark.parametrize("name", ["energy", "prototype_distance"])
def test_each_witness_alone_can_make_it_untypical(name: str, reference: Reference) -> None:
    values = [typicality(features(**{name: value}), reference) for value in (0.0, -1.0, -2.0, -6.0)]
    assert values == sorted(values, reverse=True) and values[-1] <= 2 / len(reference.held_out_labels)
    assert values[-1] > 0, "so many pictures cannot rule it out altogether"


def test_a_statistic_that_lies_outside_by_one_band_is_one_in_twenty(reference: Reference) -> None:
    assert typicality(features(worst_statistic=-np.log(2)), reference) == pytest.approx(0.05)
    assert typicality(features(worst_statistic=-np.log1p(10)), reference) < 1e-4


def test_more_than_typical_is_not_more_than_certain(reference: Reference) -> None:
    assert typicality(features(energy=6.0, prototype_distance=6.0), reference) <= 1.0
