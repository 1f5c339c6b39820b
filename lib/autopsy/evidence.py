"""What speaks for a tensor being what the network was trained on: numbers per hypothesis, no judgement.

Three kinds of witnesses: the Reference (statistics, prototypes, activation bands, held-out scores), the network's own
BatchNorm statistics, and the answer itself. Which of them weighs how much is `score`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.statistics import STATISTICS, statistics

if TYPE_CHECKING:
    from lib.network import Network, Trace
    from lib.reference import Reference

FEATURES = (
    "worst_statistic",
    "mean_statistic",
    "prototype_distance",
    "prototype_agrees",
    "energy",
    "max_logit",
    "margin",
    "activations_outside",
    "outsider",
)
_BATCH = 64


@dataclass(frozen=True)
class Evidence:
    """For N tensors.

    Attributes:
        features: float64 (N, F), in the order of FEATURES; 0 is what held-out training pictures have on average,
            positive speaks for the tensor, negative against it.
        probabilities: float64 (N, K).
        logits: float32 (N, K).
    """

    features: np.ndarray
    probabilities: np.ndarray
    logits: np.ndarray


def gather(network: Network, tensors: np.ndarray, reference: Reference | None) -> Evidence:
    """The evidence for each tensor.

    Args:
        tensors: float32 (N, *input_shape), as the network takes them.
    """
    layers = watched_layers(network, reference)
    traces = [
        network.trace(tensors[start : start + _BATCH], layers=layers)
        for start in range(0, len(tensors), _BATCH)
    ]
    logits = np.concatenate([trace.logits for trace in traces]).astype(np.float64)
    probabilities = np.concatenate([trace.probabilities for trace in traces])
    columns = dict.fromkeys(FEATURES, np.zeros(len(tensors)))
    columns |= _answer(network, logits, reference)
    if reference is not None:
        columns |= _against_reference(reference, tensors, probabilities)
        columns["activations_outside"] = -_outside(traces, layers, reference)
    return Evidence(
        np.stack([columns[name] for name in FEATURES], 1), probabilities, logits.astype(np.float32)
    )


def watched_layers(network: Network, reference: Reference | None) -> tuple[str, ...]:
    """The layers whose activations are compared with the Reference's bands: vectors, the last few before the answer."""
    if reference is None:
        return ()
    vectors = [
        layer.name
        for layer in network.layers[:-1]
        if len(layer.shape) == 1 and layer.name in reference.activations
    ]
    return tuple(vectors[-4:])


def _answer(network: Network, logits: np.ndarray, reference: Reference | None) -> dict[str, np.ndarray]:
    """The answer's own sureness, in standard deviations of what held-out pictures have (or of nothing)."""
    ordered = np.sort(logits, axis=1)
    margin = ordered[:, -1] - ordered[:, -2] if logits.shape[1] > 1 else np.abs(ordered[:, -1])
    energy = _logsumexp(logits)
    known = reference.held_out_logits.astype(np.float64) if reference is not None else None
    outsider = np.zeros(len(logits))
    names = network.contract.class_names
    if "not a letter" in names:
        other = names.index("not a letter")
        rest = np.delete(logits, other, axis=1).max(1)
        outsider = np.clip(rest - logits[:, other], -8, 4) / 4
    if known is None or not len(known):
        return {"margin": np.log1p(np.maximum(margin, 0)), "outsider": outsider}
    sorted_known = np.sort(known, axis=1)
    return {
        "energy": _standard(energy, _logsumexp(known)),
        "max_logit": _standard(ordered[:, -1], sorted_known[:, -1]),
        "margin": _standard(margin, sorted_known[:, -1] - sorted_known[:, -2]),
        "outsider": outsider,
    }


def _against_reference(
    reference: Reference, tensors: np.ndarray, probabilities: np.ndarray
) -> dict[str, np.ndarray]:
    values = statistics(tensors, reference.value_range)
    excess = np.log1p(np.stack([reference.excess(name, values[name]) for name in STATISTICS], 1))
    found = {"worst_statistic": -excess.max(1), "mean_statistic": -excess.mean(1)}
    if len(reference.prototypes):
        index, distance = reference.nearest(tensors)
        found["prototype_distance"] = -_standard(distance, reference.held_out_distances.astype(np.float64))
        labels = reference.prototype_labels[index]
        found["prototype_agrees"] = (labels == probabilities.argmax(1)).astype(np.float64)
    return found


def _outside(traces: list[Trace], layers: tuple[str, ...], reference: Reference) -> np.ndarray:
    """The mean distance of the watched units from their bands, in band widths; large ones count little more."""
    totals = []
    for name in layers:
        values = np.concatenate([trace.activations[name] for trace in traces])
        low, _, high = reference.activations[name]
        width = np.maximum(high - low, 1e-3 * max(1e-6, float(np.abs(high).max())))
        totals.append(
            np.log1p(np.maximum(low - values, 0) / width + np.maximum(values - high, 0) / width).mean(1)
        )
    return np.mean(totals, axis=0) * 10 if totals else np.zeros(sum(len(trace.logits) for trace in traces))


def _standard(values: np.ndarray, known: np.ndarray) -> np.ndarray:
    """In standard deviations from the known values' mean, at most 6."""
    spread = max(float(known.std()), 1e-6)
    return np.clip((values - known.mean()) / spread, -6, 6)


def _logsumexp(logits: np.ndarray) -> np.ndarray:
    largest = logits.max(1)
    return largest + np.log(np.exp(logits - largest[:, None]).sum(1))
