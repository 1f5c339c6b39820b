"""How strange a picture is to a network by the network's own witnesses, and what held-out pictures as strange came to.

The energy of its scores and the distance of its last features each put the picture somewhere among the held-out ones; a
picture counts as strange as the *less* strange of the two says. Pixels have no say here: paper that was made white lies
outside of every band and is read all the same. Where there is an outlier probe, it is heard by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.probabilities import logsumexp
from lib.reference.features import vectors

if TYPE_CHECKING:
    from lib.network import Network, Trace
    from lib.reference import Reference
    from lib.reference.outlier_probe import OutlierProbe


@dataclass(frozen=True)
class Strangeness:
    """Of one picture.

    Attributes:
        energy: minus logsumexp of its scores (Liu et al. 2020), larger for strangers.
        distance: of its features to the nearest training pictures', or None without a feature bank.
        share: of the held-out pictures, 0..1, that are at least as strange by both; their number plus one makes it a
            conformal p-value, which is never 0.
        alike: how many held-out pictures that are.
        read_right: the share of those that the network read rightly; 0 if there are none.
        outlier: of the held-out pictures, the share that its layers answer to at least as strangely (see
            `lib.reference.outlier_probe`), a conformal p-value, too; None without a probe.
    """

    energy: float
    distance: float | None
    share: float
    alike: int
    read_right: float
    outlier: float | None = None


def strangeness(network: Network, tensor: np.ndarray, reference: Reference) -> tuple[Strangeness, Trace]:
    """How strange one tensor is; and the pass that told it.

    Args:
        tensor: float32, as the network takes it, without batch axis.
    """
    layer, probe = _feature_layer(network, reference), _probe(network, reference)
    trace = network.trace(tensor[None], layers=watched_layers(network, reference))
    energy = -float(logsumexp(trace.logits)[0])
    witnesses = [(reference.held_out_energy, energy)]
    distance = None
    if layer:
        distance = float(reference.feature_distances(vectors(trace.activations[layer]))[0])
        witnesses.append((reference.held_out_feature_distances.astype(np.float64), distance))
    alike = _alike(witnesses)
    right = reference.held_out_logits.argmax(1) == reference.held_out_labels
    count = int(alike.sum())
    return (
        Strangeness(
            energy,
            distance,
            (count + 1) / (len(alike) + 1),
            count,
            float(right[alike].mean()) if count else 0.0,
            None if probe is None else _share(probe.held_out, float(probe.scores(trace.activations)[0])),
        ),
        trace,
    )


def watched_layers(network: Network, reference: Reference) -> tuple[str, ...]:
    """The layers whose answers tell how strange a picture is, for one pass that serves everybody who asks."""
    layer, probe = _feature_layer(network, reference), _probe(network, reference)
    return tuple(dict.fromkeys((*((layer,) if layer else ()), *(probe.layers if probe is not None else ()))))


def _feature_layer(network: Network, reference: Reference) -> str:
    layer = reference.feature_layer if len(reference.features) else ""
    return layer if layer in {known.name for known in network.layers} else ""


def _probe(network: Network, reference: Reference) -> OutlierProbe | None:
    probe = reference.outlier_probe
    return (
        probe if probe is not None and set(probe.layers) <= {known.name for known in network.layers} else None
    )


def _share(known: np.ndarray, value: float) -> float:
    """The conformal p-value of one number, larger for strangers."""
    return float((known >= value).sum() + 1) / (len(known) + 1)


def _alike(witnesses: list[tuple[np.ndarray, float]]) -> np.ndarray:
    """bool (N,): the held-out pictures that are at least as strange as the picture, by their less strange witness.

    Args:
        witnesses: of each, the held-out pictures' values (N,) and the picture's own; larger is stranger.
    """
    count = len(witnesses[0][0])
    known, own = np.zeros(count), 0.0
    for values, value in witnesses:
        ordered = np.sort(values)
        # The share that is at least as large: small for strangers.
        known = np.maximum(known, 1 - np.searchsorted(ordered, values, "left") / count)
        own = max(own, 1 - float(np.searchsorted(ordered, value, "left")) / count)
    return known <= own
