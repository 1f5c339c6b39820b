"""The question that the separate process and the app both put to a model, to see that it is the same one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.network import Network


def probe(network: Network, layers: Sequence[str] | None = ()) -> np.ndarray:
    """Logits (1, K) for one fixed picture of noise, 0..1.

    Args:
        layers: whose activations are computed, too; None means all.
    """
    noise = np.random.default_rng(0).random((1, *network.contract.input_shape), np.float32)
    return network.trace(noise, layers=layers).logits
