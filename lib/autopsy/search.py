"""Tries many pipelines on one picture in a few large batches, and ranks them by what speaks for each."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.evidence import Evidence, gather
from lib.autopsy.hypotheses import Hypothesis, first_round, second_round
from lib.autopsy.score import scores
from lib.picture import Picture
from lib.pipeline import Orientation, Pipeline
from lib.pipeline.shared_runs import SharedRuns

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

_PROMISING = 6


@dataclass(frozen=True, eq=False)
class Candidate:
    """One hypothesis with what came of it.

    Attributes:
        tensor: float32, what the network would get.
        score: higher is better; comparable within one search only. It contains the cost.
        cost: what the departures from the contract's pipeline take off the score, 0 or less.
        probabilities: (K,).
        features: (F,), see `evidence.FEATURES`.
    """

    hypothesis: Hypothesis
    tensor: np.ndarray
    score: float
    cost: float
    probabilities: np.ndarray
    features: np.ndarray

    @property
    def label(self) -> int:
        return int(self.probabilities.argmax())


def search(
    network: Network,
    picture: Picture,
    reference: Reference | None,
    extra: Sequence[Hypothesis] = (),
    open_fields: Iterable[str] = (),
) -> list[Candidate]:
    """All candidates, the best first; equal tensors stand as the hypothesis with the fewest departures.

    Args:
        extra: hypotheses besides those that follow from the contract, such as the visitor's own pipeline.
        open_fields: fields of the contract that nobody vouches for.
    """
    runs = _Runs(picture, network.contract.input_shape)
    found = _judge(network, runs, [*extra, *first_round(network.contract, open_fields)], reference, set())
    best = sorted(found, key=lambda c: -c.score)[:_PROMISING]
    known = {candidate.tensor.tobytes() for candidate in found}
    found += _judge(
        network, runs, list(second_round(network.contract, [c.hypothesis for c in best])), reference, known
    )
    return sorted(found, key=lambda c: (-c.score, len(c.hypothesis.departures)))


class _Runs:
    """Tensors of hypotheses; the eight orientations of a square tensor are turned at the end, which costs nothing."""

    def __init__(self, picture: Picture, shape: tuple[int, ...]) -> None:
        self._runs = SharedRuns(picture)
        self._shape = shape

    def tensors(self, pipelines: Sequence[Pipeline], size: tuple[int, int]) -> list[np.ndarray | None]:
        height, width = size
        if height != width:
            return [self._fitting(tensor) for tensor in self._runs.tensors(pipelines)]
        turned: list[np.ndarray | None] = []
        for pipeline in pipelines:
            step = pipeline["orientation"]
            upright = self._fitting(self._runs.tensors([pipeline.with_step("orientation", on=False)])[0])
            if upright is None or not step.on:
                turned.append(upright)
                continue
            image = upright.reshape(height, width, -1)
            kernel = Orientation.kernel
            turned.append(np.ascontiguousarray(kernel(image, **step.values())).reshape(upright.shape))
        return turned

    def _fitting(self, tensor: np.ndarray | None) -> np.ndarray | None:
        return tensor if tensor is not None and tensor.shape == self._shape else None


def _judge(
    network: Network,
    runs: _Runs,
    hypotheses: Sequence[Hypothesis],
    reference: Reference | None,
    known: set[bytes],
) -> list[Candidate]:
    """Candidates of those hypotheses whose tensor is new."""
    small = [_small(hypothesis.pipeline, network.contract.size) for hypothesis in hypotheses]
    tensors = runs.tensors(small, network.contract.size)
    kept: dict[bytes, tuple[Hypothesis, np.ndarray]] = {}
    for hypothesis, tensor in zip(hypotheses, tensors, strict=True):
        if tensor is None or not np.isfinite(tensor).all():
            continue
        key = tensor.tobytes()
        if key in known:
            continue
        before = kept.get(key)
        if before is None or len(hypothesis.departures) < len(before[0].departures):
            kept[key] = (hypothesis, tensor)
    if not kept:
        return []
    pairs = list(kept.values())
    evidence: Evidence = gather(network, np.stack([tensor for _, tensor in pairs]), reference)
    likeness, costs = scores(evidence, [hypothesis for hypothesis, _ in pairs], reference is not None)
    return [
        Candidate(hypothesis, tensor, float(like + cost), float(cost), probabilities, features)
        for (hypothesis, tensor), like, cost, probabilities, features in zip(
            pairs, likeness, costs, evidence.probabilities, evidence.features, strict=True
        )
    ]


def _small(pipeline: Pipeline, size: tuple[int, int]) -> Pipeline:
    """The pipeline on a smaller copy of the picture: a few pixels for each of the network's are enough to search."""
    step = pipeline["working_size"]
    longest = int(min(max(5 * max(size), 128), 448, getattr(step, "longest", 640)))
    return Pipeline(
        tuple(
            dataclasses.replace(entry, longest=longest, on=True) if entry.name == "working_size" else entry  # type: ignore[call-arg]
            for entry in pipeline
        )
    )
