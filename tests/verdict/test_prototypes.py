"""Claims about the nearest training prototypes as pictures."""

import dataclasses

import numpy as np
import pytest

from lib.verdict.prototypes import nearest_prototypes
from tests.verdict.conftest import bars


def test_they_come_nearest_first_and_the_nearest_is_that_of_the_reference(network):
    tensor = bars(1, 8)[0][0]
    found = nearest_prototypes(network.reference, tensor, k=4)
    assert [near.distance for near in found] == sorted(near.distance for near in found)
    index, distance = network.reference.nearest(tensor[None])
    assert found[0].distance == pytest.approx(distance[0])
    assert found[0].label == network.reference.prototype_labels[index[0]] == 0
    assert all(near.size >= 10 for near in found)


def test_pictures_are_black_to_white_over_the_range_of_the_contract(network):
    signed = dataclasses.replace(
        network.reference,
        value_range="-1..1",
        prototypes=np.array([[[-1.0, 0.0, 1.0]]], np.float16),
        prototype_labels=np.array([1], np.int16),
        prototype_sizes=np.array([12], np.int32),
    )
    (near,) = nearest_prototypes(signed, np.array([[[-1.0], [0.0], [1.0]]]), k=3)
    assert near.image.tolist() == [[0, 128, 255]]
    assert near.distance == pytest.approx(0, abs=1e-6)


def test_without_prototypes_there_are_none(network):
    empty = dataclasses.replace(
        network.reference,
        prototypes=np.zeros((0, 12, 12), np.float16),
        prototype_labels=np.zeros(0, np.int16),
        prototype_sizes=np.zeros(0, np.int32),
    )
    assert nearest_prototypes(empty, bars(1, 8)[0][0]) == ()
