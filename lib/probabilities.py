"""From logits to probabilities, without overflow for any finite logits. How sound they are is `lib.calibration`."""

from __future__ import annotations

import numpy as np


def softmax(logits: np.ndarray) -> np.ndarray:
    """float64 softmax over the last axis."""
    exact = np.asarray(logits, np.float64)
    exponentials = np.exp(exact - exact.max(axis=-1, keepdims=True))
    result: np.ndarray = exponentials / exponentials.sum(axis=-1, keepdims=True)
    return result


def logsumexp(logits: np.ndarray) -> np.ndarray:
    """float64 (N,) of (N, K): minus the energy of W. Liu et al., Energy-based Out-of-distribution Detection, 2020."""
    exact = np.asarray(logits, np.float64)
    largest = exact.max(1)
    result: np.ndarray = largest + np.log(np.exp(exact - largest[:, None]).sum(1))
    return result
