"""What a factor on all numbers does: nothing to a network without biases, everything to one that lives by them."""

from __future__ import annotations

import numpy as np
import pytest

from lib.autopsy.fingerprint import scale_table
from lib.autopsy.fingerprint.probes import ALPHAS
from tests.autopsy.fingerprint.tiny import L, bundled, network


def test_relu_networks_without_biases_keep_every_answer() -> None:
    table = scale_table(network(L.Flatten(), L.Dense(8, "relu", use_bias=False), L.Dense(3, use_bias=False)))
    assert [row.alpha for row in table] == list(ALPHAS)
    assert all(row.same == 1 for row in table)
    probabilities = [row.probability for row in table]
    assert probabilities == sorted(probabilities), "larger numbers only make it more certain"


def test_small_numbers_leave_nothing_but_the_biases() -> None:
    net = bundled("letters-mlp")
    first = scale_table(net)[0]
    dark = net.trace(np.zeros((1, 784), np.float32), layers=())
    assert first.alpha == pytest.approx(1 / 255)
    assert first.frequent == (net.contract.class_names[dark.top(1)[0]], 1.0)
