"""Noise and prototypes as a network takes them."""

from __future__ import annotations

import numpy as np
import pytest

from lib.autopsy.fingerprint.probes import ALPHAS, NOISE, ask, noise
from lib.contract import Contract
from tests.autopsy.fingerprint.tiny import bundled

SHAPES = {(9, 9): 1, (9, 9, 1): 1, (81,): 1, (9, 9, 3): 3}


@pytest.mark.parametrize(("shape", "channels"), SHAPES.items())
def test_noise_has_the_contracts_shape_and_every_kind_in_turns(shape: tuple[int, ...], channels: int) -> None:
    tensors, kinds = noise(Contract(shape, (9, 9), ("a", "b"), channels), 12)
    assert tensors.shape == (12, *shape) and tensors.dtype == np.float32
    assert kinds[: len(NOISE)] == tuple(NOISE) and kinds[len(NOISE)] == kinds[0]


@pytest.mark.parametrize(
    ("value_range", "low", "high"),
    [("0..255", 0, 255), ("0..1", 0, 1), ("-1..1", -1, 1), ("caffe", -124, 152)],
)
def test_noise_fills_the_contracts_range(value_range: str, low: float, high: float) -> None:
    contract = Contract((9, 9, 3), (9, 9), ("a", "b"), 3, value_range=value_range)
    tensors, _ = noise(contract, 50)
    assert low <= tensors.min() < low + 0.1 * (high - low)
    assert high >= tensors.max() > high - 0.2 * (high - low)


def test_noise_is_the_same_each_time_and_differs_from_picture_to_picture() -> None:
    contract = Contract((9, 9), (9, 9), ("a", "b"))
    tensors, _ = noise(contract, 30)
    np.testing.assert_array_equal(tensors, noise(contract, 30)[0])
    assert len({tensor.tobytes() for tensor in tensors}) == 30


def test_the_probes_end_with_prototypes_and_are_asked_at_every_scale() -> None:
    network = bundled("letters-mlp")
    answers = ask(network)
    assert network.reference is not None
    first = network.reference.prototypes[0].astype(np.float32).reshape(784)
    np.testing.assert_array_equal(answers.tensors[len(answers.tensors) - answers.prototypes], first)
    assert tuple(answers.scaled) == ALPHAS
    doubled = network.trace(answers.tensors[:1] * 2, layers=()).logits
    np.testing.assert_allclose(answers.scaled[2.0].logits[:1], doubled, rtol=1e-4, atol=1e-3)
