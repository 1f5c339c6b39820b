"""How a network behaves at large, measured and not judged: what it takes noise for, what a factor on all numbers does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib.autopsy.fingerprint.attractor import Attractor, attractor
from lib.autopsy.fingerprint.scale import ScaleRow, scale_table

if TYPE_CHECKING:
    from lib.network import Network


@dataclass(frozen=True)
class Behaviour:
    """Two measurements.

    Attributes:
        noise: which class swallows pictures of noise.
        scales: one row per factor, the smallest first.
    """

    noise: Attractor
    scales: tuple[ScaleRow, ...]


def behaviour(network: Network) -> Behaviour:
    """Both measurements: half a second for small networks, some seconds for large ones; callers keep it per network."""
    return Behaviour(attractor(network), scale_table(network))
