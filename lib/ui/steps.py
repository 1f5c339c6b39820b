"""The list of preprocessing steps: packs their state and pictures for the browser, reads back what was changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import cv2
import numpy as np

from lib.pipeline import STEPS, Number, Pipeline, PipelineError, Stages, Step, ValueRange
from lib.presets import Preset
from lib.ui import wire
from lib.ui.per_array import once_per_array
from lib.ui.view_options import compact_json, names, sequence_number, settings

_THUMB = 64
_BINS = 64
# Switching these off leaves a picture that no network takes: they have no switch.
_LOCKED = frozenset({"transparency", "resize", "layout", "value_range"})


@dataclass(frozen=True)
class StepsOptions:
    """Which steps are unfolded; what a link keeps. A step that was switched on is open by itself.

    Attributes:
        open, closed: names of steps where the visitor departed from that.
    """

    open: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, value: object) -> StepsOptions:
        """Options out of a link or a browser's report; what is unknown is left out."""
        given = settings(value)
        known = [tuple(name for name in names(given.get(key)) if name in STEPS) for key in ("open", "closed")]
        return cls(*known)

    def to_json(self) -> str:
        """What differs from the defaults, as short JSON: "{}" if nothing does."""
        return compact_json({name: value for name, value in asdict(self).items() if value})


def moved(value: Any, pipeline: Pipeline, revision: int) -> tuple[Pipeline, bool, int] | None:
    """What the list reported: the new pipeline, whether the slider was let go, and the number to acknowledge.

    None when the report is older than the pipeline that the server has set since, or not one of ours.
    """
    if not isinstance(value, Mapping) or value.get("revision") != revision:
        return None
    return changed_pipeline(pipeline, value.get("steps")), bool(value.get("final")), sequence_number(value)


def changed_pipeline(pipeline: Pipeline, values: Any) -> Pipeline:
    """`pipeline` with the values that the browser sent; what is impossible is left as it was."""
    if not isinstance(values, Mapping):
        return pipeline
    return Pipeline(tuple(_changed_step(step, values.get(step.name)) for step in pipeline))


def _changed_step(step: Step, values: Any) -> Step:
    if not isinstance(values, Mapping):
        return step
    known = {k: v for k, v in values.items() if k == "on" or k in step.parameters()}
    try:
        return replace(step, **known)
    except PipelineError:
        return step


def steps_message(
    stages: Stages,
    default: Pipeline,
    presets: Sequence[Preset],
    revision: int,
    locked: frozenset[str] = frozenset(),
    options: StepsOptions | None = None,
) -> bytes:
    """The message for `frontend/steps.js`: every step's state, and a small picture for each step that changed something.

    Args:
        stages: the last run, with its pipeline.
        default: what "reset" goes back to.
        revision: grows when the server replaces the pipeline; the sliders in the browser then follow.
        locked: steps without a switch, besides those that no network can do without.
        options: which steps are unfolded when the list appears.
    """
    locked = _LOCKED | locked
    arrays = {"source": thumbnail(stages.source)}
    specs = []
    for index, (step, usual) in enumerate(zip(stages.pipeline, default, strict=True)):
        before, after = stages.before(index), stages.images[index]
        if after is not before:
            arrays[step.name] = thumbnail(_for_the_eye(stages, index))
        if step.name == "sigmoid" and step.on:
            arrays["histogram"] = histogram(before)
        specs.append(_spec(step, usual, after, step.name in locked))
    header = {
        "steps": specs,
        "revision": revision,
        "presets": [[p.name, p.why] for p in presets],
        "options": asdict(options or StepsOptions()),
    }
    return wire.pack(header, arrays)


def _spec(step: Step, default: Step, after: np.ndarray, locked: bool) -> dict[str, Any]:
    parameters = []
    for name, kind in step.parameters().items():
        entry = {
            "name": name,
            "label": kind.label,
            "value": getattr(step, name),
            "default": getattr(default, name),
        }
        if isinstance(kind, Number):
            entry |= {
                "low": kind.low,
                "high": kind.high,
                "step": kind.step,
                "unit": kind.unit,
                "whole": kind.whole,
            }
        else:
            entry |= {"options": kind.options}
        parameters.append(entry)
    return {
        "name": step.name,
        "title": step.title,
        "why": step.why,
        "on": step.on,
        "defaultOn": default.on,
        "locked": locked,
        "parameters": parameters,
        "range": _range(after),
    }


@once_per_array
def _range(image: np.ndarray) -> str:
    """The shape, and the lowest and highest number, in words."""
    shape = " x ".join(map(str, image.shape))
    return f"{shape}, {float(image.min()):.4g} … {float(image.max()):.4g}"


@once_per_array
def histogram(image: np.ndarray) -> np.ndarray:
    """int32 (_BINS,): how many values lie in each of as many equal parts of 0..255, as np.histogram counts them."""
    with np.errstate(invalid="ignore"):  # what does not fit into a byte is found out below
        levels = image.astype(np.uint8)
    if image.ndim == 2 and (levels == image).all():
        # 256 whole numbers are counted in a tenth of the time, and each of them lies in one bin.
        counts = cv2.calcHist([levels], [0], None, [256], [0, 256]).ravel().astype(np.int32)
        return np.add.reduceat(counts, _FIRST_OF_BIN, dtype=np.int32)
    return np.histogram(image, _BINS, (0, 255))[0].astype(np.int32)


# The lowest whole number of each bin: bin i begins at i * 255 / _BINS, and only the last one holds its end.
_FIRST_OF_BIN = -(-255 * np.arange(_BINS) // _BINS)


def _for_the_eye(stages: Stages, index: int) -> np.ndarray:
    """The image to show for a step: a flattened one as it was before, and numbers of another range back in 0..255.

    Only the value range step is undone: what arrives in 0..1 by mistake stays as black as it is.
    """
    image = stages.images[index]
    for step, result in zip(stages.pipeline.steps[: index + 1], stages.images, strict=False):
        if isinstance(step, ValueRange) and step.on:
            return _undone(step.mode, result)
    return stages.before(index) if image.ndim == 1 else image


def _undone(mode: str, image: np.ndarray) -> np.ndarray:
    if mode == "0..1":
        return image * 255
    if mode == "-1..1":
        return (image + 1) * 127.5
    if mode == "0..255":
        return image
    low, high = float(image.min()), float(image.max())
    return (image - low) * (255 / max(high - low, 1e-6))


@once_per_array
def thumbnail(image: np.ndarray) -> np.ndarray:
    """uint8 (h, w) or (h, w, 3), at most 64 px a side, clipped to 0..255: numbers in 0..1 look as black as they are."""
    if image.ndim == 3 and image.shape[2] == 1:
        image = image[..., 0]
    if image.ndim == 3 and image.shape[2] == 4:
        image = image[..., :3]
    height, width = image.shape[:2]
    scale = _THUMB / max(height, width)
    if scale < 1:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        while image.ndim == 2 and min(image.shape) >= 4 * _THUMB:
            image = _halved(image)
        image = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    small = np.clip(np.rint(image), 0, 255).astype(np.uint8)
    if small.ndim == 3 and (small == small[..., :1]).all():
        return small[..., 0].copy()  # a gray picture in three channels need not travel three times
    return small


def _halved(image: np.ndarray) -> np.ndarray:
    """The mean of every two by two pixels, for which OpenCV takes a tenth of the time of another ratio. Of an odd number of
    rows or columns the last one is left out.
    """
    height, width = image.shape[0] // 2, image.shape[1] // 2
    return cv2.resize(image[: 2 * height, : 2 * width], (width, height), interpolation=cv2.INTER_AREA)
