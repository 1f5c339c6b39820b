"""A card's picture: a sample that suits the model, and what the model's own pipeline makes of it. Needs no TensorFlow."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np

from lib.contract import Contract
from lib.pipeline import PipelineError, ValueRange
from lib.samples import Sample, kind_for, samples

_SIDE = 160


def suitable_sample(contract: Contract, question: int | None) -> Sample:
    """The sample that shows best what the model is for: made for its kind of network, with something in it to name."""
    kind = kind_for(contract)

    def rank(sample: Sample) -> tuple[bool, bool, bool]:
        return (
            sample.suits != kind,
            sample.truth is None,
            question is not None and sample.question != question,
        )

    return min(samples(), key=rank)  # the first of equals


@lru_cache(maxsize=128)
def before_and_after(contract: Contract, question: int | None) -> tuple[np.ndarray, np.ndarray | None, str]:
    """The sample as a small picture, as the network sees it before its numbers are scaled, and the sample's title.

    Returns:
        uint8 (h, w, 3) of at most 160 pixels a side; uint8 (H, W) or (H, W, 3) of the contract's size, or None when the
        sample does not go through the pipeline; the title.
    """
    sample = suitable_sample(contract, question)
    pixels = sample.picture().pixels
    scale = min(1.0, _SIDE / max(pixels.shape[:2]))
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    try:
        seen = _seen(contract, sample)
    except PipelineError:
        seen = None
    return small, seen, sample.title


def _seen(contract: Contract, sample: Sample) -> np.ndarray:
    pipeline = contract.pipeline()
    stages = pipeline.run(sample.picture())
    scaling = next(i for i, step in enumerate(pipeline) if isinstance(step, ValueRange))
    image = stages.before(scaling)
    if image.ndim == 3 and image.shape[-1] == 1:
        image = image[..., 0]
    if image.ndim == 3 and contract.channel_order == "BGR":
        image = image[..., ::-1]  # for people, who expect red where red is
    return np.ascontiguousarray(np.clip(np.rint(image), 0, 255).astype(np.uint8))
