"""What is taught: which changes of the pictures, for how long. A Lesson is data; carrying it out lives in `child`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lib.training.distort import Distortion, distort
from lib.training.tones import Tones, retone


@dataclass(frozen=True)
class LessonSettings:
    """Which kinds of changed copies, and for how long.

    Attributes:
        contrast: copies through a steep sigmoid or a threshold, as the question's answer recommends.
        blur: softened copies.
        shift: moved by up to 4 px, also scaled by 0.8 to 1.15.
        turn: turned by up to 15 degrees and sheared.
        pen: thinner and thicker strokes.
        noise: gray noise and specks.
        epochs: passes over the pictures, each with new changes.
        learning_rate: of Adam; small, for the network knows a lot already.
        seed: of order and changes.
    """

    contrast: bool = True
    blur: bool = True
    shift: bool = True
    turn: bool = False
    pen: bool = False
    noise: bool = False
    epochs: int = 10
    learning_rate: float = 5e-4
    seed: int = 0

    @property
    def words(self) -> str:
        """The chosen changes."""
        titles = [title for name, title in KINDS.items() if getattr(self, name)]
        return ", ".join(titles) if titles else "the pictures as they are"


KINDS = {
    "contrast": "contrast-enhanced",
    "blur": "blurred",
    "shift": "shifted and scaled",
    "turn": "turned and sheared",
    "pen": "thinner and thicker strokes",
    "noise": "noise and specks",
}
"""Field of LessonSettings -> what it is called."""

MOST_EPOCHS = 40
_UNCHANGED = 0.25


@dataclass(frozen=True, eq=False)
class Lesson:
    """The pictures and the settings.

    Attributes:
        images: uint8 (N, S, S), in the network's polarity.
        labels: int64 (N,), the network's classes.
    """

    images: np.ndarray
    labels: np.ndarray
    settings: LessonSettings


def changed_copies(images: np.ndarray, settings: LessonSettings, random: np.random.Generator) -> np.ndarray:
    """Every picture changed in its own way; a quarter of them stays as it is.

    Args:
        images: uint8 (N, S, S), white on black.

    Returns:
        uint8 (N, S, S), a new array.
    """
    geometry = Distortion(
        rotation=15.0 if settings.turn else 0.0,
        shear=0.2 if settings.turn else 0.0,
        scale=(0.8, 1.15) if settings.shift else (1.0, 1.0),
        shift=2.0 if settings.shift else 0.0,
        astray=0.33 if settings.shift else 0.0,
        astray_shift=4.5 if settings.shift else 0.0,
        thin=0.2 if settings.pen else 0.0,
        thick=0.2 if settings.pen else 0.0,
    )
    tones = Tones(
        sigmoid=0.3 if settings.contrast else 0.0,
        hard=0.2 if settings.contrast else 0.0,
        blur=0.35 if settings.blur else 0.0,
        noise=0.35 if settings.noise else 0.0,
        specks=0.15 if settings.noise else 0.0,
    )
    result = images.copy()
    if settings.turn or settings.shift or settings.pen:
        result = distort(result, random, geometry)
    result = retone(result, random, tones)
    same = random.random(len(images)) < _UNCHANGED
    result[same] = images[same]
    return result
