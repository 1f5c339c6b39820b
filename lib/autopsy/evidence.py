"""What speaks for a tensor being what the network was trained on: numbers per hypothesis, no judgement.

The witnesses themselves stand in `pixel_witnesses` (what is seen without the network), `network_witnesses` (how it answers)
and `batchnorm_witness` (its own memory of the training). Which of them weighs how much is `score`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy import batchnorm_witness, network_witnesses, pixel_witnesses

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

FEATURES = (*pixel_witnesses.NAMES, *network_witnesses.NAMES, *batchnorm_witness.NAMES)
_BATCH = 64


@dataclass(frozen=True)
class Evidence:
    """For N tensors.

    Attributes:
        features: float64 (N, F), in the order of FEATURES. With a Reference 0 is what held-out training pictures have on
            average; positive speaks for the tensor, negative against it. A witness that is not there says 0.
        probabilities: float64 (N, K).
        logits: float32 (N, K).
    """

    features: np.ndarray
    probabilities: np.ndarray
    logits: np.ndarray


@dataclass(frozen=True, eq=False)
class Seen:
    """What the pixels of N tensors alone say.

    Attributes:
        features: as in Evidence; the network's witnesses are 0.
        prototype_labels: int (N,), the class of the most similar prototype, or -1.
        compass: float64 (N, K), see `Compass.scores`; (N, 0) without one.
    """

    features: np.ndarray
    prototype_labels: np.ndarray
    compass: np.ndarray

    def take(self, rows: np.ndarray) -> Seen:
        return Seen(self.features[rows], self.prototype_labels[rows], self.compass[rows])

    @staticmethod
    def joined(parts: Sequence[Seen]) -> Seen:
        return Seen(
            np.concatenate([part.features for part in parts]),
            np.concatenate([part.prototype_labels for part in parts]),
            np.concatenate([part.compass for part in parts]),
        )


def seen(network: Network, tensors: np.ndarray, reference: Reference | None) -> Seen:
    """The evidence that needs no pass through the network.

    Args:
        tensors: float32 (N, *input_shape), as the network takes them.
    """
    columns, labels, compass = pixel_witnesses.witnesses(network.contract, tensors, reference)
    return Seen(_table(columns, len(tensors)), labels, compass)


def gather(
    network: Network, tensors: np.ndarray, reference: Reference | None, known: Seen | None = None
) -> Evidence:
    """All evidence for each tensor.

    Args:
        tensors: float32 (N, *input_shape), as the network takes them.
        known: of the same tensors, if it was asked for already.
    """
    known = seen(network, tensors, reference) if known is None else known
    normalised = () if reference is not None else batchnorm_witness.usable_layers(network)
    layers = tuple(
        dict.fromkeys(
            (*network_witnesses.watched_layers(network, reference), *(layer.source for layer in normalised))
        )
    )
    batch = batchnorm_witness.batch_size(normalised) if normalised else _BATCH
    logits, probabilities, columns = [], [], []
    for start in range(0, len(tensors), batch):
        rows = np.arange(start, min(start + batch, len(tensors)))
        trace = network.trace(tensors[rows], layers=layers)
        found = network_witnesses.witnesses(network, trace, reference)
        found |= pixel_witnesses.agreement(known.take(rows), trace.probabilities.argmax(1))
        if normalised:
            found |= batchnorm_witness.witnesses(normalised, trace.activations, tensors[rows])
        logits.append(trace.logits)
        probabilities.append(trace.probabilities)
        columns.append(_table(found, len(rows)))
    return Evidence(
        known.features + np.concatenate(columns), np.concatenate(probabilities), np.concatenate(logits)
    )


def _table(columns: dict[str, np.ndarray], count: int) -> np.ndarray:
    """float64 (N, F); what is not in `columns` is 0."""
    return np.stack([np.asarray(columns.get(name, np.zeros(count)), np.float64) for name in FEATURES], 1)
