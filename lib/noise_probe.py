"""What can be said of a network without a sample of its training data: how it answers noise."""

from __future__ import annotations

import math
import threading
import weakref
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.fingerprint.attractor import Attractor, attractor
from lib.autopsy.fingerprint.probes import noise

if TYPE_CHECKING:
    from lib.network import Network

_MOST, _FEWEST, _VALUES = 300, 40, 1_500_000


@dataclass(frozen=True, eq=False)
class NoiseProbe:
    """How a network answers pictures of noise.

    Attributes:
        attractor: the class that swallows them.
        largest: float64 (n,), the largest logit of each.
    """

    attractor: Attractor
    largest: np.ndarray

    def reached(self, logit: float) -> float:
        """The share (0..1) of the noise pictures whose largest logit is at least this one."""
        return float((self.largest >= logit).mean())


def noise_probe(network: Network) -> NoiseProbe:
    """Of up to 300 pictures of noise; made at the first question and kept as long as the network."""
    with _lock:
        known = _probes.get(network)
        if known is None:
            size = math.prod(network.contract.input_shape)
            count = max(_FEWEST, min(_MOST, _VALUES // size))
            tensors, _ = noise(network.contract, count, 1)
            step = max(1, _VALUES // 4 // size)
            parts = [network.trace(tensors[i : i + step], layers=()) for i in range(0, count, step)]
            largest = np.concatenate([part.logits for part in parts]).max(1).astype(np.float64)
            known = NoiseProbe(attractor(network, count), largest)
            _probes[network] = known
        return known


_probes: weakref.WeakKeyDictionary[Network, NoiseProbe] = weakref.WeakKeyDictionary()
_lock = threading.Lock()
