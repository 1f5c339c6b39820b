"""What the examiners pass on: the View that they look at, and the Clues that they find. No measuring of causes here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from lib.autopsy.finding import Finding, Witness
from lib.autopsy.hypotheses import is_ink
from lib.contract import Contract
from lib.picture import Picture
from lib.pipeline import Stages, Step
from lib.pipeline.ink import contrast_map, ink_is_dark, ink_mask
from lib.reference import Reference
from lib.wrong_modes import as_seen

_FRAMED = 160


@dataclass(frozen=True, eq=False)
class Clue:
    """What was measured about one cause, whether it stands out or not.

    Attributes:
        cause: an id of `causes.CAUSES`.
        witnesses, evidence: as in a Finding.
        sentence: what stands out; "" when nothing does.
        level, weight, code: as in a Finding. A weight of 0 is worth knowing, and no fault.
    """

    cause: str
    witnesses: tuple[Witness, ...] = ()
    evidence: tuple[str, ...] = ()
    sentence: str = ""
    level: str = "guess"
    weight: float = 0.5
    code: str = ""

    def finding(self) -> Finding:
        return Finding(
            self.cause,
            self.sentence,
            self.level,
            self.evidence,
            self.witnesses,
            weight=self.weight,
            code=self.code,
        )


@dataclass(frozen=True, eq=False)
class View:
    """A picture, what a pipeline made of it, and what the network expects.

    Attributes:
        reference: of the training data in the contract's range, or None.
    """

    picture: Picture
    stages: Stages
    contract: Contract
    reference: Reference | None = None

    @property
    def tensor(self) -> np.ndarray:
        """float32: what the network gets, without batch axis."""
        return self.stages.final

    @cached_property
    def reads_ink(self) -> bool:
        """Whether measures of ink apply: the network reads ink on a ground, no photographs."""
        return is_ink(self.contract)

    def acting(self, name: str) -> tuple[Step, np.ndarray, np.ndarray] | None:
        """The first step of that name that is on, with the image before and after it; None if there is none."""
        for index, step in enumerate(self.stages.pipeline):
            if step.name == name and step.on:
                return step, self.stages.before(index), self.stages.images[index]
        return None

    @cached_property
    def levels(self) -> np.ndarray:
        """float32 (H, W) or (H, W, 3): the image before its value range is changed; 0..255 if nothing went wrong."""
        found = self.acting("value_range")
        if found is not None:
            return found[1]
        return as_seen(self.tensor, self.contract)[0].astype(np.float32)

    @cached_property
    def meant(self) -> np.ndarray:
        """float32 (H, W): `levels` in gray, with the two slips of range undone that leave a picture otherwise right.

        1 - x on floats gives -254..1, and a sigmoid without its factor 0..1.
        """
        return self._meant(self.levels)

    def _meant(self, image: np.ndarray) -> np.ndarray:
        image = image if image.ndim == 2 else image.mean(axis=2)
        if image.min() < -1:
            return image + 254
        return image * 255 if image.max() <= 1 and self.acting("sigmoid") is not None else image

    @cached_property
    def dark_ink(self) -> bool:
        """Whether the ink is darker than its ground."""
        return ink_is_dark(self.meant)

    @cached_property
    def ink(self) -> np.ndarray:
        """float32 (H, W): bright ink on a dark ground, whatever the polarity."""
        return 255 - self.meant if self.dark_ink else self.meant

    @cached_property
    def framed_ink(self) -> np.ndarray:
        """As `ink`, but as large as it was before the resize (at most 160 pixels), where thin strokes still are thin."""
        found = self.acting("resize")
        if found is None or found[1].shape[0] != found[1].shape[1]:
            return self.ink
        framed = self._meant(found[1])
        if framed.shape[0] > _FRAMED:
            framed = np.asarray(cv2.resize(framed, (_FRAMED, _FRAMED), interpolation=cv2.INTER_AREA))
        return 255 - framed if self.dark_ink else framed

    @cached_property
    def ink_places(self) -> np.ndarray:
        """bool (H, W): where there is ink."""
        return ink_mask(self.meant)

    @cached_property
    def ink_centre(self) -> tuple[float, float] | None:
        """The ink's centre of mass off the middle, (down, right) in shares of the side; None without ink."""
        return centre_off(np.abs(contrast_map(self.meant)) * self.ink_places)


def centre_off(weight: np.ndarray) -> tuple[float, float] | None:
    """How far the centre of mass of (H, W) weights lies from the middle, (down, right) in shares of the longest side."""
    total = float(weight.sum(dtype=np.float64))
    if total <= 0:
        return None
    height, width = weight.shape
    down = float(weight.sum(axis=1, dtype=np.float64) @ np.arange(height)) / total - (height - 1) / 2
    right = float(weight.sum(axis=0, dtype=np.float64) @ np.arange(width)) / total - (width - 1) / 2
    return down / max(height, width), right / max(height, width)


Examiner = Callable[[View], Iterator[Clue]]
