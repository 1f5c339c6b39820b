"""The finding that a picture shows nothing that the network knows, decided on the verdict and on the outlier probe."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.examination.training import NAMES, beside, sentence
from lib.autopsy.finding import Finding, Witness
from lib.autopsy.strangeness import Strangeness, strangeness
from lib.statistics import statistics
from lib.verdict import judge_trace
from lib.verdict.verdict import NOTHING
from lib.wording import probability, share

if TYPE_CHECKING:
    from lib.network import Network, Trace
    from lib.reference import Reference

# The outlier probe was fitted to tell; one held-out picture in a hundred is disowned by it.
_OUTLIER = 0.01
_HARDLY_KNOWN, _MOSTLY_WRONG = 0.06, 1 / 3
_SHOWN = 2
_CODE = (
    "known = -scipy.special.logsumexp(model_logits(training_images), axis=1)  # the energy of what it knows\n"
    "if -scipy.special.logsumexp(logits) > np.quantile(known, 0.99):\n"
    "    answer = None  # none of the classes"
)


def stranger(
    network: Network, tensor: np.ndarray, reference: Reference, level: float = NOTHING
) -> Finding | None:
    """`not-in-any-class`, or None for a picture that the network knows.

    Its weight is 1 where hardly any held-out picture is as strange to all witnesses together (the Lab says so, too, see
    `lib.verdict`), or where its layers answer as to outsiders (`lib.reference.outlier_probe`). It is 0, a doubt, where
    held-out pictures as strange are few and were mostly misread: then it may as well be a picture of a class that the
    network cannot read.

    Args:
        tensor: float32, what the network gets when everything else is put right.
        level: the p-value of the verdict from which on a picture counts as like nothing in training.
    """
    found, trace = strangeness(network, tensor, reference)
    names, best = network.contract.class_names, trace.top(1)[0]
    sure = float(trace.probabilities[0, best])
    p = typicality(network, tensor, reference, trace)
    unknown = (p is not None and p <= level) or (found.outlier is not None and found.outlier <= _OUTLIER)
    hardly = found.share <= _HARDLY_KNOWN and found.read_right < _MOSTLY_WRONG
    if not unknown and not hardly:
        return None
    answered = f"It answers “{names[best]}” with a probability of {probability(sure)}"
    if unknown:
        said = (
            "Preprocessed as in training, the picture still looks like nothing that the network was trained on. "
            f"{answered} because its answer must be one of {len(names)} classes."
        )
    else:
        said = (
            f"{share(1 - found.share).capitalize()} of the held-out pictures are more familiar to it, and of those that "
            f"are not it read {share(found.read_right)} rightly. {answered}."
        )
    witnesses = _witnesses(found, tensor, reference)
    return Finding(
        "not-in-any-class",
        said,
        "training sample",
        tuple(_evidence(found, p if p is not None and p <= level else None, witnesses, reference)),
        (*witnesses, *_unusual_statistics(network, tensor, reference)),
        weight=1.0 if unknown else 0.0,
        code=_CODE,
    )


def typicality(network: Network, tensor: np.ndarray, reference: Reference, trace: Trace) -> float | None:
    """The verdict's p-value (`lib.verdict`): of the held-out pictures, the share that is at least as strange by all
    witnesses together, pixels and prototypes included; None for numbers that are not finite.

    Args:
        trace: of this tensor.
    """
    known = network if network.reference is reference else network.with_contract(network.contract, reference)
    return judge_trace(known, tensor[None], trace)[0].p


def _evidence(
    found: Strangeness, p: float | None, witnesses: list[Witness], reference: Reference
) -> list[str]:
    """Sentences, the strongest first."""
    count = len(reference.held_out_labels)
    lines = []
    if p is not None:
        lines.append(
            f"By all witnesses together, {_others(p, count):,} of {count:,} held-out pictures are at least as strange."
        )
    if found.outlier is not None and found.outlier <= _OUTLIER:
        lines.append(
            "Its layers answer as they do to pictures without any of its classes: "
            f"{_others(found.outlier, count):,} of {count:,} held-out pictures look as much like those."
        )
    lines.append(
        f"{found.alike:,} of {count:,} held-out pictures are at least as strange to the network by both its scores' energy "
        "and its features."
        if found.distance is not None
        else f"{found.alike:,} of {count:,} held-out pictures have scores of at least this energy."
    )
    if found.alike:
        lines.append(f"Of these it read {share(found.read_right)} rightly.")
    return lines + [line for line in map(sentence, witnesses) if line]


def _others(p: float, count: int) -> int:
    """How many held-out pictures a conformal p-value stands for; the picture itself is counted in it."""
    return round(p * (count + 1)) - 1


def _witnesses(found: Strangeness, tensor: np.ndarray, reference: Reference) -> list[Witness]:
    shown = [_beside("energy of the scores (minus logsumexp)", found.energy, reference.held_out_energy)]
    if found.distance is not None:
        known = reference.held_out_feature_distances
        shown.append(
            _beside("distance of its features to the nearest training pictures'", found.distance, known)
        )
    if len(reference.prototypes) and reference.prototypes[0].size == tensor.size:
        distance = float(reference.nearest(tensor[None])[1][0])
        name = "distance to the most similar training prototype"
        shown.append(_beside(name, distance, reference.held_out_distances))
    return shown


def _unusual_statistics(network: Network, tensor: np.ndarray, reference: Reference) -> tuple[Witness, ...]:
    """The pixel statistics that lie outside of the training pictures' bands, the farthest first."""
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
