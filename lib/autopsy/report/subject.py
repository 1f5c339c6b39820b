"""What was examined, and the pictures that show what each finding is about. No words about causes, no HTML."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lib.autopsy.finding import Autopsy, Finding
from lib.contract import Contract
from lib.picture import Picture
from lib.pipeline import Pipeline, PipelineError, Stages
from lib.wrong_modes import as_seen

LONGEST_SIDE = 240
"""Pixels of a shown picture: sharp at the size of a card on a dense screen, and small in a file."""


@dataclass(frozen=True, eq=False)
class Subject:
    """The case that an Autopsy is about.

    Attributes:
        model: its title, for people.
        contract: of the model.
        picture, pipeline: the visitor's.
        link: the address that opens the case, or "" when there is none to give.
        more: further pictures that were preprocessed in the same way and are examined together with the first.
    """

    model: str
    contract: Contract
    picture: Picture
    pipeline: Pipeline
    link: str = ""
    more: tuple[Picture, ...] = ()


@dataclass(frozen=True, eq=False)
class Exhibit:
    """One step before and after it was put right.

    Attributes:
        step: its title.
        before, after: uint8 (H, W) or (H, W, 3) RGB, at most LONGEST_SIDE pixels: what the step gives; of a step that makes
            the network's numbers, those numbers as the network takes them.
    """

    step: str
    before: np.ndarray
    after: np.ndarray


def exhibits(autopsy: Autopsy, subject: Subject) -> tuple[Exhibit | None, ...]:
    """One for each of the autopsy's findings; None where there is no fix or it cannot be run."""
    try:
        stages = subject.pipeline.run(subject.picture)
    except PipelineError:
        return (None,) * len(autopsy.findings)
    return tuple(_exhibit(finding, subject, stages) for finding in autopsy.findings)


def seen(tensor: np.ndarray, contract: Contract) -> np.ndarray:
    """A tensor as the network takes it, uint8."""
    return as_seen(tensor, contract)[0]


def shrunk(pixels: np.ndarray) -> np.ndarray:
    """At most LONGEST_SIDE pixels a side."""
    scale = LONGEST_SIDE / max(pixels.shape[:2])
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(np.ascontiguousarray(pixels), size, interpolation=cv2.INTER_AREA))


def _exhibit(finding: Finding, subject: Subject, stages: Stages) -> Exhibit | None:
    if finding.fix is None:
        return None
    changes = subject.pipeline.diff(finding.fix)
    names = [step.name for step in subject.pipeline]
    if not changes or changes[-1].step not in names:
        return None
    try:
        fixed = finding.fix.run(subject.picture, stages)
    except PipelineError:
        return None
    index = max(names.index(change.step) for change in changes if change.step in names)
    before, after = (_drawn(run, index, subject) for run in (stages, fixed))
    return Exhibit(subject.pipeline.steps[index].title, before, after)


def _drawn(stages: Stages, index: int, subject: Subject) -> np.ndarray:
    """The image after a step. From the resizing on, only the contract knows which numbers are black and white."""
    steps = stages.pipeline.steps
    numbers = next((i for i, step in enumerate(steps) if step.name == "resize"), len(steps))
    fits = stages.final.shape == subject.contract.input_shape
    if index >= numbers and fits:
        return shrunk(seen(stages.final, subject.contract))
    image = np.nan_to_num(stages.images[min(index, len(stages.images) - 1)])
    return shrunk(
        np.clip(np.rint(image), 0, 255).astype(np.uint8)[..., :3] if image.ndim == 3 else _gray(image)
    )


def _gray(image: np.ndarray) -> np.ndarray:
    if image.ndim == 1:
        image = image[None]
    return np.clip(np.rint(image), 0, 255).astype(np.uint8)
