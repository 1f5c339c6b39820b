"""The finding that a picture shows nothing that the network knows, and the numbers that say so. Whether it does, is decided
elsewhere, by how typical the picture is after everything else was put right.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.examination.training import NAMES, beside, sentence
from lib.autopsy.finding import Finding, Witness
from lib.reference.features import vectors
from lib.statistics import statistics
from lib.wording import probability, share

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

_SHOWN = 2
_FAR = 0.95
_SURE = 0.9
_CODE = (
    "if energy > known_energies_999:  # -logsumexp(logits); 99.9 % of the training pictures lie below\n"
    "    answer = None"
)


def stranger(network: Network, tensor: np.ndarray, reference: Reference | None) -> Finding | None:
    """`not-in-any-class`, with what the network itself makes of the picture beside what it makes of held-out ones.

    None where the answer is sure and its scores, its features and the prototypes all call the picture usual: then only its
    pixels are unusual.

    Args:
        tensor: float32, what the network gets when everything else is put right.
    """
    layer = _feature_layer(network, reference)
    trace = network.trace(tensor[None], layers=(layer,) if layer else ())
    names, best = network.contract.class_names, trace.top(1)[0]
    sure = float(trace.probabilities[0, best])
    witnesses = _witnesses(trace.logits[0], tensor, reference)
    if layer and reference is not None:
        distance = float(reference.feature_distances(vectors(trace.activations[layer]))[0])
        witnesses.append(
            _beside(
                "distance to the nearest training pictures, in the last layer but one",
                distance,
                reference.held_out_feature_distances,
            )
        )
    witnesses.sort(key=lambda w: -(w.percentile or 0.0))
    unusual = _unusual_statistics(network, tensor, reference)
    said = [
        f"{w.name[0].upper()}{w.name[1:]}: larger than for {share(w.percentile)} of the held-out training pictures."
        for w in witnesses
        if w.percentile is not None and w.percentile > _FAR
    ]
    if reference is not None and not said and sure >= _SURE:
        return None
    return Finding(
        "not-in-any-class",
        f"Preprocessed as in training, the picture still looks like nothing that the network was trained on. It answers "
        f"“{names[best]}” with a probability of {probability(sure)} because its answer must be one of {len(names)} classes.",
        "training sample" if reference is not None else "guess",
        (*said, *(sentence(witness) for witness in unusual)),
        (*unusual, *witnesses),
        weight=1.0,
        code=_CODE,
    )


def _witnesses(logits: np.ndarray, tensor: np.ndarray, reference: Reference | None) -> list[Witness]:
    if reference is None:
        return []
    largest = float(logits.max())
    energy = -(largest + float(np.log(np.exp(logits.astype(np.float64) - largest).sum())))
    found = [_beside("energy of the scores (minus logsumexp)", energy, reference.held_out_energy)]
    if len(reference.prototypes) and reference.prototypes[0].size == tensor.size:
        distance = float(reference.nearest(tensor[None])[1][0])
        found.append(
            _beside("distance to the most similar training prototype", distance, reference.held_out_distances)
        )
    return found


def _unusual_statistics(
    network: Network, tensor: np.ndarray, reference: Reference | None
) -> tuple[Witness, ...]:
    """The pixel statistics that lie outside of the training pictures' bands, the farthest first."""
    if reference is None:
        return ()
    values = statistics(tensor[None], network.contract.value_range)
    excess = {name: float(reference.excess(name, values[name])[0]) for name in NAMES}
    farthest = sorted((name for name in NAMES if excess[name] > 0), key=lambda name: -excess[name])[:_SHOWN]
    return tuple(beside(reference, name, float(values[name][0])) for name in farthest)


def _beside(name: str, value: float, known: np.ndarray) -> Witness:
    """A number that is larger for strangers, beside the held-out pictures'."""
    values = known.astype(np.float64)
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95))
    spread = max(float(np.subtract(*np.quantile(values, (0.75, 0.25)))) / 1.349, 1e-9)
    return Witness(
        name,
        value,
        float(low),
        float(high),
        percentile=float((values < value).mean()),
        z=(value - float(middle)) / spread,
    )


def _feature_layer(network: Network, reference: Reference | None) -> str:
    """The layer of the Reference's feature bank, or "" where there is none."""
    if reference is None or not len(reference.features):
        return ""
    known = {layer.name for layer in network.layers}
    return reference.feature_layer if reference.feature_layer in known else ""
