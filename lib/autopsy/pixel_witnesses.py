"""What the pixels of a tensor say without asking the network: the training data's statistics, prototypes and Compass, and
what the contract alone promises."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lib.contract import Contract
from lib.statistics import STATISTICS, bounds, statistics

if TYPE_CHECKING:
    from lib.autopsy.evidence import Seen
    from lib.reference import Reference

NAMES = (
    "worst_statistic",
    "mean_statistic",
    "prototype_distance",
    "prototype_agrees",
    "upright",
    "upright_agrees",
    "contract_ground",
    "contract_ink",
    "contract_gray",
    "contract_range",
)
_MOST = 6.0
_MOST_UPRIGHT = 1.5
# A picture that is even more typical than usual is no better for it.
_ENOUGH = 1.0


def witnesses(
    contract: Contract, tensors: np.ndarray, reference: Reference | None
) -> tuple[dict[str, np.ndarray], np.ndarray, np.ndarray]:
    """The columns that need no answer; the nearest prototypes' labels (N,), -1 without; the Compass's scores (N, K).

    Args:
        tensors: float32 (N, *input_shape).
    """
    images = gray(tensors, contract)
    labels, compass = np.full(len(tensors), -1), np.zeros((len(tensors), 0))
    if reference is None:
        return _against_contract(images, contract), labels, compass
    values = statistics(tensors, reference.value_range)
    excess = np.log1p(np.stack([reference.excess(name, values[name]) for name in STATISTICS], 1))
    found = {"worst_statistic": -excess.max(1), "mean_statistic": -excess.mean(1)}
    if len(reference.prototypes):
        index, distance = reference.nearest(tensors)
        labels = reference.prototype_labels[index].astype(int)
        found["prototype_distance"] = -standard(
            distance, reference.held_out_distances.astype(np.float64), _ENOUGH
        )
    if reference.compass is not None:
        compass = reference.compass.scores(images)
        spread = float(reference.compass.usual[1])
        found["upright"] = np.clip(
            reference.compass.upright(compass), -_MOST * spread, _MOST_UPRIGHT * spread
        )
    return found, labels, compass


def agreement(known: Seen, answers: np.ndarray) -> dict[str, np.ndarray]:
    """Whether the nearest prototype and the Compass would give the same class as the network does.

    Args:
        answers: int (N,), the network's first answers.
    """
    found = {"prototype_agrees": (known.prototype_labels == answers).astype(np.float64)}
    count = known.compass.shape[1]
    if count:
        scores = known.compass - known.compass.max(1, keepdims=True)
        total = np.log(np.exp(scores).sum(1))
        # A class that the Compass does not know ("not a letter") is as bad as one that it rules out.
        own = scores[np.arange(len(answers)), np.minimum(answers, count - 1)] - total
        found["upright_agrees"] = np.clip(np.where(answers < count, own, -_MOST), -_MOST, 0)
    return found


def gray(tensors: np.ndarray, contract: Contract) -> np.ndarray:
    """float32 (N, H, W): the mean of the channels."""
    height, width = contract.size
    return np.asarray(tensors, np.float32).reshape(len(tensors), height, width, -1).mean(3)


def standard(values: np.ndarray, known: np.ndarray, most: float = _MOST) -> np.ndarray:
    """In standard deviations from the known values' mean, within -most .. 6."""
    spread = max(float(known.std()), 1e-6)
    return np.clip((values - known.mean()) / spread, -most, _MOST)


def _against_contract(images: np.ndarray, contract: Contract) -> dict[str, np.ndarray]:
    """Ground and ink where the contract says how bright they are, as shares of its range; its range for any picture."""
    low, high = bounds(contract.value_range)
    level = (images.astype(np.float64) - low) / (high - low)
    flat = level.reshape(len(level), -1)
    outside = np.maximum(flat.max(1) - 1, 0) + np.maximum(-flat.min(1), 0)
    span = np.percentile(flat, 99, axis=1) - np.percentile(flat, 1, axis=1)
    fixed = contract.value_range != "standardise"
    found = {"contract_range": -np.log1p(10 * outside) - 5 * np.maximum(0.3 - span, 0)} if fixed else {}
    if contract.polarity == "any" or not fixed:
        return found
    if contract.polarity == "black on white":
        level, flat = 1 - level, 1 - flat
    border = np.concatenate([level[:, 0], level[:, -1], level[:, :, 0], level[:, :, -1]], axis=1)
    gray_share = ((flat > 0.1) & (flat < 0.9)).mean(1)
    return found | {
        "contract_ground": -np.minimum(np.abs(border).mean(1), 2),
        "contract_ink": -np.minimum(np.abs(1 - np.percentile(flat, 99, axis=1)), 2),
        "contract_gray": -gray_share,
    }
