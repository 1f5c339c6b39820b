"""How typical a tensor is: the share of held-out training pictures that are less typical. A first measure, from evidence.

The calibrated verdict with its guarantee is for every prediction of the Lab and lives elsewhere.
"""

from __future__ import annotations

import numpy as np

from lib.autopsy.evidence import FEATURES
from lib.reference import Reference

_STATISTIC, _DISTANCE, _ENERGY = (
    FEATURES.index(name) for name in ("worst_statistic", "prototype_distance", "energy")
)
# A statistic outside of the band by as much as the band is wide is as rare as one picture in twenty: bands end at 5 and
# 95 %, and real photos lie a little outside of more than one.
_RARE = 20.0


def typicality(features: np.ndarray, reference: Reference) -> float:
    """0..1, the least of what three witnesses say: pixel statistics, distance to the prototypes, energy of the logits.

    Args:
        features: (F,), of one tensor, see `evidence.FEATURES`.
    """
    energy = -reference.held_out_energy
    distance = reference.held_out_distances.astype(np.float64)
    shares = [_RARE ** (features[_STATISTIC] / np.log(2))]
    shares.append(_less_typical(features[_ENERGY], (energy - energy.mean()) / max(float(energy.std()), 1e-6)))
    if len(reference.prototypes):
        shares.append(
            _less_typical(
                features[_DISTANCE], -(distance - distance.mean()) / max(float(distance.std()), 1e-6)
            )
        )
    return float(np.clip(min(shares), 0.0, 1.0))


def _less_typical(value: float, known: np.ndarray) -> float:
    """The share of the known values that are at most `value`; never quite 0, as N pictures cannot rule it out."""
    return float((1 + (known <= value).sum()) / (1 + len(known)))
