"""Many pipelines over many images that begin alike: the common beginning is run once per image and kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.dataset import Dataset
from lib.dataset.dataset import Pictures
from lib.evaluate.disturbance import DISTURBANCES
from lib.picture import Picture
from lib.pipeline import Pipeline

_MOST_BYTES = 200_000_000


class Prefix:
    """The images of a data set after the first steps of a pipeline.

    Args:
        rows: int (n,), of the data set.
        length: how many of the pipeline's steps all later pipelines have in common.
    """

    def __init__(self, dataset: Dataset, pipeline: Pipeline, rows: np.ndarray, length: int) -> None:
        self._dataset, self._rows, self._length = dataset, rows, length
        self._pipeline, self._steps = pipeline, pipeline.steps[:length]
        self._kept: dict[int, np.ndarray] = {}
        self._bytes = 0

    def tensors(
        self,
        positions: np.ndarray,
        pipeline: Pipeline,
        disturbances: Sequence[tuple[str, float]] = (),
    ) -> np.ndarray:
        """float32 (n, ...): what a pipeline gives for the images at these positions of `rows`.

        The result is `pipeline.run(picture).final` bit for bit. Disturbances come before everything, so with them nothing
        is kept.

        Raises:
            PipelineError: the steps do not fit the images.
        """
        acting = [step for step in pipeline.steps[self._length :] if step.on]
        batch = []
        for position in positions.tolist():
            image = self._begun(position, disturbances)
            for step in acting:
                image = step.apply(image)
            batch.append(image)
        return np.stack(batch)

    @staticmethod
    def of_picture(
        picture: Picture, pipeline: Pipeline, disturbances: Sequence[tuple[str, float]] = ()
    ) -> np.ndarray:
        """What a pipeline gives for one picture, disturbed on its white background, as picture number 0."""
        if disturbances:
            picture = Picture.from_array(
                _disturbed(np.asarray(picture.pixels), disturbances, 0), picture.name
            )
        return pipeline.run(picture).final

    def _begun(self, position: int, disturbances: Sequence[tuple[str, float]]) -> np.ndarray:
        """The image after the common steps."""
        if not disturbances and position in self._kept:
            return self._kept[position]
        image = self._image(position, disturbances)
        for step in self._steps:
            if step.on:
                image = step.apply(image)
        if not disturbances and self._bytes + image.nbytes <= _MOST_BYTES:
            self._kept[position] = image
            self._bytes += image.nbytes
        return image

    def _image(self, position: int, disturbances: Sequence[tuple[str, float]]) -> np.ndarray:
        """float32 (H, W, 3 or 4), as it goes into a pipeline."""
        row = int(self._rows[position])
        images = self._dataset.images
        if isinstance(images, Pictures):
            picture = images[row]
            if disturbances:
                return _disturbed(np.asarray(picture.pixels), disturbances, row).astype(np.float32)
            return self._pipeline.source(picture)
        image = _disturbed(images[row], disturbances, row).astype(np.float32)
        # As a gray picture comes out of the decoder, so that both ways give the same numbers.
        return np.repeat(image[..., None], 3, axis=2) if image.ndim == 2 else image


def _disturbed(image: np.ndarray, disturbances: Sequence[tuple[str, float]], seed: int) -> np.ndarray:
    for name, value in disturbances:
        image = DISTURBANCES[name].apply(image, value, seed)
    return image
