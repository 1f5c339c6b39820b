"""A data set as the tensors that a network takes: rows are made by a pipeline when they are asked for, and not kept."""

from __future__ import annotations

from typing import Any

import numpy as np

from lib.contract import Contract
from lib.dataset.dataset import Dataset, Pictures
from lib.pipeline import Pipeline


def training_pipeline(contract: Contract) -> Pipeline:
    """How training images become tensors: the contract's colour, size, value range and layout, nothing that repairs.

    Training images are right by definition. So nothing is inverted and no ink is cropped, centred or cleaned, whatever
    the contract says of polarity and centring: that describes what was done to the images before they were stored. The
    frame stays for pictures that do not have the network's shape, except that "crop to ink" becomes "pad to square".
    """
    frame = "pad to square" if contract.frame == "crop to ink" else contract.frame
    return (
        contract.pipeline()
        .with_step("invert", on=False)
        .with_step("centre", on=False)
        .with_step("frame", mode=frame)
    )


class Tensors:
    """float32 (N, *input shape), computed row by row; what `lib.reference.build_reference` and networks take.

    Args:
        dataset: N images.
        contract: the network's. Images of its size are neither framed nor resized.
        pipeline: what is done to each image; None means `training_pipeline(contract)`. A given pipeline does all that it
            says, to images of any size.
    """

    def __init__(self, dataset: Dataset, contract: Contract, pipeline: Pipeline | None = None) -> None:
        self.dataset, self.contract = dataset, contract
        self.pipeline = pipeline or training_pipeline(contract)
        self.shape = (len(dataset), *contract.input_shape)
        direct = self.pipeline if pipeline else self.pipeline.with_step("frame", mode="squash")
        # Steps that are off only cost time.
        self._acting = Pipeline(tuple(step for step in self.pipeline if step.on))
        self._direct = Pipeline(tuple(step for step in direct if step.on))

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, rows: Any) -> np.ndarray:
        """float32 (n, *input shape) of a slice or an index array."""
        positions = np.arange(len(self))[rows]
        if len(positions) == 0:
            return np.zeros((0, *self.contract.input_shape), np.float32)
        return np.stack([self._image(int(i), len(self._acting)) for i in positions])

    @property
    def ranges_can_change(self) -> bool:
        """Whether the value range is the last step before the layout, so that another one can take its place."""
        names = [step.name for step in self._acting]
        return names[-2:] == ["value_range", "layout"] or names[-1:] == ["value_range"]

    @property
    def value_range(self) -> str:
        """The range that the tensors are in: the pipeline's, which may be another than the contract's."""
        modes = [step.values()["mode"] for step in self._acting if step.name == "value_range"]
        return modes[-1] if modes else self.contract.value_range

    @property
    def channel_order(self) -> str:
        """The order that the pipeline puts the channels in."""
        orders = [step.values()["order"] for step in self._acting if step.name == "channel_order"]
        return orders[-1] if orders else "RGB"

    def levels(self, row: int) -> np.ndarray:
        """One image as it is before the value range step: float32 (H, W) or (H, W, 3), nominally 0..255."""
        names = [step.name for step in self._acting]
        return self._image(row, names.index("value_range"))

    def finished(self, levels: np.ndarray, value_range: str) -> np.ndarray:
        """What follows after `levels`, with another value range."""
        names = [step.name for step in self._acting]
        for step in self._acting.with_step("value_range", mode=value_range).steps[
            names.index("value_range") :
        ]:
            levels = step.apply(levels)
        return levels

    def _image(self, row: int, steps: int) -> np.ndarray:
        """The image after so many of the acting steps."""
        images = self.dataset.images
        if isinstance(images, Pictures):
            picture = images[row]
            pipeline = self._direct if picture.size == self.contract.size else self._acting
            return Pipeline(pipeline.steps[:steps]).run(picture).final
        image = np.asarray(images[row], np.float32)
        # As a gray picture comes out of the decoder, so that both ways give the same numbers.
        image = np.repeat(image[..., None], 3, axis=2) if image.ndim == 2 else image
        pipeline = self._direct if image.shape[:2] == self.contract.size else self._acting
        for step in pipeline.steps[:steps]:
            image = step.apply(image)
        return image
