"""One picture under many pipelines: the different tensors that they give, and the evidence for each, asked for once."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.evidence import Evidence, Seen, gather, seen
from lib.autopsy.hypotheses import Hypothesis
from lib.picture import Picture
from lib.pipeline import Orientation, Pipeline
from lib.pipeline.shared_runs import SharedRuns

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference


class Trial:
    """The tensors of one picture.

    Attributes:
        tensors: float32, all different, in the order in which they came up.
    """

    def __init__(self, network: Network, picture: Picture, reference: Reference | None) -> None:
        self._network, self._reference = network, reference
        self._runs = SharedRuns(picture)
        self.tensors: list[np.ndarray] = []
        self._row_of: dict[bytes, int] = {}
        self._seen: list[Seen] = []
        self._count_seen = 0

    def rows(self, hypotheses: Sequence[Hypothesis]) -> list[int]:
        """For each hypothesis the place of its tensor in `tensors`, -1 if it gives none that fits the network."""
        size = self._network.contract.size
        found = []
        for hypothesis in hypotheses:
            tensor = self._tensor(on_small_copy(hypothesis.pipeline, size))
            if tensor is None:
                found.append(-1)
                continue
            key = tensor.tobytes()
            if key not in self._row_of:
                self._row_of[key] = len(self.tensors)
                self.tensors.append(tensor)
            found.append(self._row_of[key])
        return found

    def seen(self, rows: Sequence[int]) -> np.ndarray:
        """float64 (N, F): the features of these tensors that need no pass through the network."""
        return self._seen_of(rows).features

    def evidence(self, rows: Sequence[int]) -> Evidence:
        """All that speaks for these tensors."""
        batch = np.stack([self.tensors[row] for row in rows])
        return gather(self._network, batch, self._reference, self._seen_of(rows))

    def _seen_of(self, rows: Sequence[int]) -> Seen:
        new = self.tensors[self._count_seen :]
        if new:
            self._seen.append(seen(self._network, np.stack(new), self._reference))
            self._count_seen = len(self.tensors)
            self._seen = [Seen.joined(self._seen)]
        return self._seen[0].take(np.asarray(rows, int))

    def _tensor(self, pipeline: Pipeline) -> np.ndarray | None:
        """Those eight orientations of a square tensor that only turn it are turned at the end, which costs nothing."""
        height, width = self._network.contract.size
        if height != width or not pipeline["orientation"].on:
            return self._fitting(pipeline)
        upright = self._fitting(_upright(pipeline))
        if upright is None:
            return None
        image = upright.reshape(height, width, -1)
        turned = Orientation.kernel(image, **pipeline["orientation"].values())
        return np.ascontiguousarray(turned).reshape(upright.shape)

    def _fitting(self, pipeline: Pipeline) -> np.ndarray | None:
        tensor = self._runs.tensors([pipeline])[0]
        fits = tensor is not None and tensor.shape == self._network.contract.input_shape
        return tensor if fits and tensor is not None and bool(np.isfinite(tensor).all()) else None


@lru_cache(maxsize=4096)
def _upright(pipeline: Pipeline) -> Pipeline:
    return pipeline.with_step("orientation", on=False)


@lru_cache(maxsize=4096)
def on_small_copy(pipeline: Pipeline, size: tuple[int, int]) -> Pipeline:
    """The pipeline on a smaller copy of the picture: a few pixels for each of the network's are enough to search."""
    step = pipeline["working_size"]
    longest = int(min(max(5 * max(size), 128), 448, getattr(step, "longest", 640)))
    return Pipeline(
        tuple(
            dataclasses.replace(entry, longest=longest, on=True) if entry.name == "working_size" else entry  # type: ignore[call-arg]
            for entry in pipeline
        )
    )
