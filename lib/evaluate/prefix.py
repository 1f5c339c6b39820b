"""Many pipelines over many images that begin alike: the common beginning is run once per image and kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.dataset import Dataset
from lib.dataset.dataset import Pictures
from lib.evaluate.disturbance import DISTURBANCES
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.pipeline.geometry import Resize
from lib.pipeline.step import Step
from lib.pipeline.value import Layout, ValueRange

_MOST_BYTES = 200_000_000
_EVERY_NUMBER_ALIKE = frozenset({"0..255", "0..1", "-1..1"})


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
        gray = self._gray_steps(pipeline, bool(disturbances))
        acting = [step for step in pipeline.steps[max(self._length, gray) :] if step.on]
        last = _last_steps_alike(acting)
        images = []
        for position in positions.tolist():
            image = self._begun(position, disturbances, gray)
            for step in acting[: len(acting) - last]:
                if isinstance(step, Resize) and image.shape[:2] == (step.height, step.width):
                    continue  # which gives the same image, in a tenth of the image's time
                image = step.apply(image)
            images.append(image)
        batch = np.stack(images)
        return _finished(batch, acting[len(acting) - last :]) if last else batch

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

    def _gray_steps(self, pipeline: Pipeline, disturbed: bool) -> int:
        """How many steps only make one channel of the three equal ones that a gray image is decoded to: none of them need
        be done for gray images, unless what is kept must serve pipelines without these steps too.
        """
        if isinstance(self._dataset.images, Pictures) or self._dataset.images.ndim != 3:
            return 0
        for place, step in enumerate(pipeline.steps):
            if step.on and step.name == "grayscale":
                return place + 1 if disturbed or place < self._length else 0
            if step.on and step.name != "transparency":
                break
        return 0

    def _begun(self, position: int, disturbances: Sequence[tuple[str, float]], gray: int) -> np.ndarray:
        """The image after the common steps, of which the first `gray` need not be done."""
        if not disturbances and position in self._kept:
            return self._kept[position]
        image = self._image(position, disturbances, gray > 0)
        for step in self._steps[gray:]:
            if step.on:
                image = step.apply(image)
        if not disturbances and self._bytes + image.nbytes <= _MOST_BYTES:
            self._kept[position] = image
            self._bytes += image.nbytes
        return image

    def _image(
        self, position: int, disturbances: Sequence[tuple[str, float]], one_channel: bool
    ) -> np.ndarray:
        """float32 (H, W, 3 or 4), as it goes into a pipeline; (H, W) for `one_channel`."""
        row = int(self._rows[position])
        images = self._dataset.images
        if isinstance(images, Pictures):
            picture = images[row]
            if disturbances:
                return _disturbed(np.asarray(picture.pixels), disturbances, row).astype(np.float32)
            return self._pipeline.source(picture)
        image = _disturbed(images[row], disturbances, row).astype(np.float32)
        # As a gray picture comes out of the decoder, so that both ways give the same numbers.
        return image if one_channel or image.ndim == 3 else np.repeat(image[..., None], 3, axis=2)


def _last_steps_alike(acting: Sequence[Step]) -> int:
    """2 if the last steps are a value range that treats every number alike and the layout, which can be done at once."""
    ranged = acting[-2] if len(acting) > 1 else None
    alike = isinstance(ranged, ValueRange) and ranged.mode in _EVERY_NUMBER_ALIKE
    return 2 if alike and isinstance(acting[-1], Layout) else 0


def _finished(batch: np.ndarray, last: Sequence[Step]) -> np.ndarray:
    """The value range and the layout of a whole batch; the layout only names the same numbers' places anew."""
    ranged, layout = last
    batch = ranged.apply(batch)
    first = layout.apply(batch[0])
    if first.size != batch[0].size:  # gray, repeated for a network that takes colours
        return np.stack([layout.apply(image) for image in batch])
    return batch.reshape(len(batch), *first.shape)


def _disturbed(image: np.ndarray, disturbances: Sequence[tuple[str, float]], seed: int) -> np.ndarray:
    for name, value in disturbances:
        image = DISTURBANCES[name].apply(image, value, seed)
    return image
