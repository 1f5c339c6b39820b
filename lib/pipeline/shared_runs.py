"""Many pipelines over one picture, each common beginning of theirs computed once."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from lib.picture import Picture
from lib.pipeline.pipeline import Pipeline
from lib.pipeline.step import PipelineError, Step

# Steps of which different ones often give the same image; to compare all images would take longer than it saves.
_MAY_AGREE = frozenset({"grayscale", "invert"})


class SharedRuns:
    """Keeps every intermediate image of one picture by the steps that led to it.

    Args:
        picture: that all pipelines run over.
    """

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._sources: dict[str, int] = {}
        # (number of the image before, step) -> number of the image after
        self._after: dict[tuple[int, Step], int] = {}
        self._images: list[np.ndarray] = []
        # "auto" and "255 - x" often give the same image: what follows is then computed once.
        self._same: dict[tuple[tuple[int, ...], bytes], int] = {}

    def tensor(self, pipeline: Pipeline) -> np.ndarray:
        """What `pipeline.run(picture).final` is, bit for bit.

        Raises:
            PipelineError: the steps do not fit together.
        """
        name = pipeline.source_name(self._picture)
        if name not in self._sources:
            self._sources[name] = self._keep(pipeline.source(self._picture), False)
        here = self._sources[name]
        for step in pipeline:
            if not step.on:  # it passes its input on
                continue
            if (here, step) not in self._after:
                self._after[here, step] = self._keep(step.apply(self._images[here]), step.name in _MAY_AGREE)
            here = self._after[here, step]
        return self._images[here]

    def tensors(self, pipelines: Iterable[Pipeline]) -> list[np.ndarray | None]:
        """The tensor of each pipeline, None for one whose steps do not fit together."""
        found: list[np.ndarray | None] = []
        for pipeline in pipelines:
            try:
                found.append(self.tensor(pipeline))
            except PipelineError:
                found.append(None)
        return found

    def _keep(self, image: np.ndarray, look_for_its_like: bool) -> int:
        if look_for_its_like:
            key = (image.shape, hashlib.blake2b(image.tobytes(), digest_size=16).digest())
            if key in self._same:
                return self._same[key]
            self._same[key] = len(self._images)
        self._images.append(image)
        return len(self._images) - 1
