"""How the network answers to a tensor, beside how it answers to training pictures: confidence, neighbours, activations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.pixel_witnesses import standard
from lib.probabilities import logsumexp
from lib.reference.features import NEIGHBOURS, directions, vectors

if TYPE_CHECKING:
    from lib.network import Network, Trace
    from lib.reference import Reference

NAMES = (
    "energy",
    "max_logit",
    "margin",
    "log_probability",
    "neighbours",
    "neighbours_agree",
    "activations_outside",
    "outsider",
)
_ENOUGH = 1.0
_LEAST_LOG = -8.0


def watched_layers(network: Network, reference: Reference | None) -> tuple[str, ...]:
    """The layers that are compared with the Reference: vectors, the last few before the answer, and the bank's."""
    if reference is None:
        return ()
    vector_layers = [
        layer.name
        for layer in network.layers[:-1]
        if len(layer.shape) == 1 and layer.name in reference.activations
    ][-4:]
    bank = reference.feature_layer if _has_bank(network, reference) else ""
    return tuple(dict.fromkeys((*vector_layers, *((bank,) if bank else ()))))


def witnesses(network: Network, trace: Trace, reference: Reference | None) -> dict[str, np.ndarray]:
    """The columns of one pass over N tensors, each float64 (N,)."""
    logits = trace.logits.astype(np.float64)
    ordered = np.sort(logits, axis=1)
    margin = ordered[:, -1] - ordered[:, -2] if logits.shape[1] > 1 else np.abs(ordered[:, -1])
    surest = np.log(np.maximum(trace.probabilities.max(1), 1e-12))
    found = {
        "log_probability": np.maximum(surest, _LEAST_LOG),
        "outsider": _outsider(logits, network.contract.class_names),
    }
    if reference is None or not len(reference.held_out_logits):
        return found | {"margin": np.log1p(np.maximum(margin, 0))}
    known = reference.held_out_logits.astype(np.float64)
    sorted_known = np.sort(known, axis=1)
    found |= {
        "energy": _capped(logsumexp(logits), logsumexp(known)),
        "max_logit": _capped(ordered[:, -1], sorted_known[:, -1]),
        "margin": _capped(margin, sorted_known[:, -1] - sorted_known[:, -2]),
        "activations_outside": -_outside(trace, reference),
    }
    if _has_bank(network, reference):
        found |= _neighbours(trace, reference)
    return found


def _capped(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.minimum(standard(values, known), _ENOUGH)


def _outsider(logits: np.ndarray, names: tuple[str, ...]) -> np.ndarray:
    """How far the best class is above the one for what has no class, in -2 .. 1; 0 for a network without such a class."""
    if "not a letter" not in names:
        return np.zeros(len(logits))
    other = names.index("not a letter")
    rest = np.delete(logits, other, axis=1).max(1)
    return np.asarray(np.clip(rest - logits[:, other], -8, 4) / 4)


def _has_bank(network: Network, reference: Reference) -> bool:
    return len(reference.features) > 0 and any(
        layer.name == reference.feature_layer for layer in network.layers
    )


def _neighbours(trace: Trace, reference: Reference) -> dict[str, np.ndarray]:
    """Distance to the nearest training pictures in the penultimate layer, and how many of them have the answer's class."""
    rows = directions(vectors(trace.activations[reference.feature_layer]))
    basis = reference.feature_basis.astype(np.float32)
    if len(basis):
        rows = directions(rows @ basis)
    bank = directions(reference.features)
    squares = np.maximum(2 - 2 * rows @ bank.T, 0)
    k = min(NEIGHBOURS, len(bank))
    nearest = np.argpartition(squares, k - 1, axis=1)[:, :k]
    distance = np.sqrt(np.take_along_axis(squares, nearest, 1)).mean(1)
    answers = trace.probabilities.argmax(1)
    return {
        "neighbours": np.minimum(
            -standard(distance, reference.held_out_feature_distances.astype(np.float64)), _ENOUGH
        ),
        "neighbours_agree": (reference.feature_labels[nearest] == answers[:, None]).mean(1),
    }


def _outside(trace: Trace, reference: Reference) -> np.ndarray:
    """The mean distance of the watched units from their bands, in band widths; large ones count little more."""
    totals = []
    for name, values in trace.activations.items():
        if name not in reference.activations or values.ndim != 2:
            continue
        low, _, high = reference.activations[name]
        width = np.maximum(high - low, 1e-3 * max(1e-6, float(np.abs(high).max())))
        totals.append(
            np.log1p(np.maximum(low - values, 0) / width + np.maximum(values - high, 0) / width).mean(1)
        )
    return np.mean(totals, axis=0) * 10 if totals else np.zeros(len(trace.logits))
