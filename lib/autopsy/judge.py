"""Scores whole pipelines on the pictures in their full size, each different tensor once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.evidence import gather
from lib.autopsy.finding import Reading
from lib.autopsy.score import likeness
from lib.autopsy.strangeness import watched_layers
from lib.autopsy.stranger import typicality
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.pipeline.shared_runs import SharedRuns

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

_WORST = -1e6


@dataclass(frozen=True, eq=False)
class Judged:
    """One pipeline.

    Attributes:
        runs: whether it gives what the network takes for every picture; else zeros stand for it.
        tensors: float32, of every picture.
        score: how like the training data they are together.
        probabilities: float64 (P, K), of every picture.
        features: float64 (P, F).
    """

    pipeline: Pipeline
    runs: bool
    tensors: tuple[np.ndarray, ...]
    score: float
    probabilities: np.ndarray
    features: np.ndarray

    def same(self, other: Judged) -> bool:
        """Whether both give the same numbers."""
        return all(a.tobytes() == b.tobytes() for a, b in zip(self.tensors, other.tensors, strict=True))

    def differs(self, other: Judged) -> float:
        """The root mean square difference of the tensors, as a share of their spread."""
        pairs = list(zip(self.tensors, other.tensors, strict=True))
        off = np.mean([np.square(a.astype(np.float64) - b).mean() for a, b in pairs])
        spread = np.mean([np.square(b.astype(np.float64) - b.mean()).mean() for _, b in pairs])
        return float(np.sqrt(off / max(float(spread), 1e-12)))


class Judge:
    """What whole pipelines are worth on one or several pictures."""

    def __init__(
        self, network: Network, pictures: Sequence[Picture], reference: Reference | None, kind: str
    ) -> None:
        self.network, self.reference, self.kind = network, reference, kind
        self.own = network.contract.pipeline()
        self._runs = [SharedRuns(picture) for picture in pictures]
        self._known: dict[bytes, tuple[float, np.ndarray, np.ndarray]] = {}
        self._typical: dict[bytes, float | None] = {}

    def pipeline(self, pipeline: Pipeline) -> Judged:
        """One that gives no tensor for this network counts as the worst there can be."""
        return self.pipelines([pipeline])[0]

    def pipelines(self, pipelines: Sequence[Pipeline]) -> list[Judged]:
        """Several in one batch."""
        shape = self.network.contract.input_shape
        rows: list[tuple[bool, tuple[np.ndarray, ...]]] = []
        for pipeline in pipelines:
            tensors = [runs.tensors([pipeline])[0] for runs in self._runs]
            fits = all(t is not None and t.shape == shape and bool(np.isfinite(t).all()) for t in tensors)
            blank = np.zeros(shape, np.float32)
            rows.append((fits, tuple(t if fits and t is not None else blank for t in tensors)))
        self._ask({t.tobytes(): t for _, given in rows for t in given})
        judged = []
        for pipeline, (fits, given) in zip(pipelines, rows, strict=True):
            scores, probabilities, features = zip(*(self._known[t.tobytes()] for t in given), strict=True)
            score = float(sum(scores)) if fits else _WORST
            judged.append(Judged(pipeline, fits, given, score, np.stack(probabilities), np.stack(features)))
        return judged

    def _ask(self, tensors: dict[bytes, np.ndarray]) -> None:
        new = {key: tensor for key, tensor in tensors.items() if key not in self._known}
        if not new:
            return
        evidence = gather(self.network, np.stack(list(new.values())), self.reference)
        values = likeness(evidence.features, self.kind)
        for row, key in enumerate(new):
            self._known[key] = (float(values[row]), evidence.probabilities[row], evidence.features[row])

    def reading(self, judged: Judged, title: str, picture: int = 0) -> Reading:
        """What the network reads in one of the pictures."""
        names = self.network.contract.class_names
        row = judged.probabilities[picture]
        order = np.argsort(-row, kind="stable")[:5]
        top = tuple((names[k], float(row[k])) for k in order)
        return Reading(title, judged.pipeline, judged.tensors[picture], top, self.typical(judged, picture))

    def typical(self, judged: Judged, picture: int = 0) -> float | None:
        """0..1, see `stranger.typicality`; None without a Reference, or where the pipeline gives no tensor."""
        if self.reference is None or not judged.runs:
            return None
        tensor = judged.tensors[picture]
        key = tensor.tobytes()
        if key not in self._typical:
            trace = self.network.trace(tensor[None], layers=watched_layers(self.network, self.reference))
            self._typical[key] = typicality(self.network, tensor, self.reference, trace)
        return self._typical[key]
