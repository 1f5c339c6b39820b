"""Which score tells a network's own pictures from outsiders, and what a threshold costs; figures as in `lib.outliers`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib import outliers
from lib.dataset import Dataset
from lib.dataset.tensors import Tensors
from lib.evaluate.errors import Cancelled, EvaluationError, Progress, check
from lib.evaluate.running import batch_size, matched, prepared
from lib.pipeline import Pipeline
from lib.reference.features import vectors
from lib.verdict.judging import memory_of
from lib.verdict.witnesses import GRAIN, OUTSIDERS, STROKES

if TYPE_CHECKING:
    from lib.network import Network

SOFTMAX = "highest probability"
_MOST_INSIDE = 1_000
_SEED = 3


@dataclass(frozen=True, eq=False)
class Separation:
    """One score for both sets; higher means inside.

    Attributes:
        name: of the score.
        says: what it is.
        inside, outside: float64 (N,) and (M,).
        auroc: 0..1, the chance that a random insider scores higher than a random outsider.
        fpr95: share of the outsiders that pass where 95 % of the insiders do.
    """

    name: str
    says: str
    inside: np.ndarray
    outside: np.ndarray
    auroc: float
    fpr95: float


@dataclass(frozen=True, eq=False)
class Comparison:
    """Both sets under every score.

    Attributes:
        right: bool (N,), which insiders were read right.
        named: (class name, share) of the answers that outsiders got most, the most frequent first.
    """

    outsiders: str
    separations: tuple[Separation, ...]
    right: np.ndarray
    named: tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class Cost:
    """What a threshold does, shares 0..1.

    Attributes:
        threshold: a picture with a lower score is turned away.
        kept: of the insiders.
        passed: of the outsiders.
        errors_caught: of the insiders that were read wrong, those that are turned away; NaN without errors.
        accuracy: of the insiders that are kept; NaN without any.
    """

    threshold: float
    kept: float
    passed: float
    errors_caught: float
    accuracy: float


def compare(
    network: Network,
    inside: Dataset,
    outside: Dataset,
    inside_pipeline: Pipeline,
    outside_pipeline: Pipeline,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Comparison:
    """Score both sets.

    Args:
        inside: images of the network's classes; at most 1,000 of them are used, drawn at random.
        outside: images of none of its classes, whatever their labels say.

    Raises:
        DatasetError, EvaluationError, EvaluationCancelled: as `lib.evaluate.running.answer`.
    """
    rows, labels, _ = matched(network, inside)
    some = np.sort(np.random.default_rng(_SEED).permutation(len(rows))[:_MOST_INSIDE])
    rows, labels = rows[some], labels[some]
    if len(outside) == 0:
        raise EvaluationError("There are no outsiders in this set. Choose another kind.")
    total = len(rows) + len(outside)

    def later(done: int, _: int) -> None:
        if progress is not None:
            progress(len(rows) + done, total)

    def earlier(done: int, _: int) -> None:
        if progress is not None:
            progress(done, total)

    known = scores(network, inside, rows, inside_pipeline, earlier, cancelled)
    strange = scores(network, outside, np.arange(len(outside)), outside_pipeline, later, cancelled)
    separations = tuple(
        Separation(
            name,
            SCORES[name],
            known.by_name[name],
            strange.by_name[name],
            outliers.auroc(known.by_name[name], strange.by_name[name]),
            outliers.fpr_at_tpr(known.by_name[name], strange.by_name[name]),
        )
        for name in known.by_name
    )
    counts = np.bincount(strange.predicted, minlength=len(network.contract.class_names))
    order = np.argsort(-counts, kind="stable")[:3]
    names = network.contract.class_names
    named = tuple((names[k], float(counts[k] / counts.sum())) for k in order if counts[k])
    return Comparison(outside.name, separations, known.predicted == labels, named)


def cost(comparison: Comparison, name: str, keep: float) -> Cost:
    """What the highest threshold costs that keeps at least the share `keep` (0..1) of the insiders."""
    found = next(entry for entry in comparison.separations if entry.name == name)
    threshold = outliers.threshold_at_tpr(found.inside, keep)
    kept = found.inside >= threshold
    wrong = ~comparison.right
    return Cost(
        threshold,
        float(kept.mean()),
        float((found.outside >= threshold).mean()),
        float((~kept)[wrong].mean()) if wrong.any() else float("nan"),
        float(comparison.right[kept].mean()) if kept.any() else float("nan"),
    )


SCORES = {
    SOFTMAX: "What most people use, although softmax must share 100 % among the classes, also for nothing.",
    "largest logit": "The largest number before softmax.",
    "energy": "The logarithm of the sum of the exponentials of all logits (Liu et al. 2020).",
    "likeness to a prototype": "The cosine between the picture and the nearest of the Reference’s mean pictures.",
    "likeness in the network": "The distance to training pictures in the last hidden layer (Sun et al. 2022), negative.",
    "strokes": "Where edges run, and which way, beside what the training pictures of the named class vary in, negative.",
    "grain": "The roughness at every scale beside the training pictures of the most similar one, negative.",
    "known outsiders": "A small network that was taught by letters and by drawings, digits and signs, where there is one.",
    "the Lab’s verdict": "All witnesses of the Lab’s verdict together, also pixel statistics and the network’s own refusal.",
}
_WITNESSES = {STROKES: "strokes", GRAIN: "grain", OUTSIDERS: "known outsiders"}


OF_REFERENCE = (
    "likeness to a prototype",
    "likeness in the network",
    "strokes",
    "grain",
    "the Lab’s verdict",
)
"""The scores that compare a picture with training pictures; the others look at the answer, or were taught elsewhere."""


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores by name, float64 (n,) each, and the predicted classes, int64 (n,)."""

    by_name: dict[str, np.ndarray]
    predicted: np.ndarray


def scores(
    network: Network,
    dataset: Dataset,
    rows: np.ndarray,
    pipeline: Pipeline,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Scored:
    """Every score that the network has what it takes for; those of OF_REFERENCE need a Reference."""
    tensors, size = Tensors(dataset, network.contract, pipeline), batch_size(network.contract)
    parts: list[dict[str, np.ndarray]] = []
    predicted = []
    for first in range(0, len(rows), size):
        check(cancelled, "The comparison")
        part = rows[first : first + size]
        found, answers = _of_batch(network, prepared(tensors, part, network))
        parts.append(found)
        predicted.append(answers)
        if progress is not None:
            progress(first + len(part), len(rows))
    names = parts[0] if parts else {}
    joined = {name: np.concatenate([part[name] for part in parts]) for name in names}
    return Scored(joined, np.concatenate(predicted) if predicted else np.zeros(0, np.int64))


def _of_batch(network: Network, batch: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    reference = network.reference
    banked = reference is not None and len(reference.features) > 0
    layers = (reference.feature_layer,) if banked and reference is not None else ()
    trace = network.trace(batch, layers=layers)
    logits = np.nan_to_num(trace.logits.astype(np.float64))
    largest = logits.max(1)
    found = {
        SOFTMAX: np.nan_to_num(trace.probabilities).max(1),
        "largest logit": largest,
        "energy": largest + np.log(np.exp(logits - largest[:, None]).sum(1)),
    }
    memory = memory_of(network)
    if memory is None or reference is None:
        return found, logits.argmax(1)
    features = vectors(trace.activations[reference.feature_layer]) if banked else None
    if len(reference.prototypes):
        found["likeness to a prototype"] = 1 - reference.nearest(batch)[1]
    if features is not None:
        found["likeness in the network"] = -reference.feature_distances(features)
    if memory.witnesses:
        strange = memory.strangeness(batch, logits.astype(np.float32), features)
        for place, witness in enumerate(memory.witnesses):
            if witness.id in _WITNESSES:
                found[_WITNESSES[witness.id]] = -strange[:, place]
        found["the Lab’s verdict"] = -memory.known.p_values(strange).score
    return found, logits.argmax(1)
