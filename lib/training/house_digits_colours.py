"""Colours of house numbers: what ink stands on what ground, and how alike the two may be.

Drawing with them lives in `house_digits_scene`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

# Ink and ground of plates and painted numbers as one meets them; both are varied, and swapped now and then.
_KNOWN: tuple[tuple[tuple[int, int, int], tuple[int, int, int]], ...] = (
    ((245, 245, 245), (25, 50, 130)),  # the enamel plate
    ((240, 240, 240), (15, 15, 20)),
    ((20, 20, 20), (235, 235, 230)),
    ((20, 40, 120), (240, 240, 240)),
    ((240, 240, 240), (10, 90, 60)),
    ((15, 15, 15), (240, 200, 40)),
    ((240, 210, 60), (30, 30, 30)),
    ((240, 235, 230), (170, 30, 35)),
    ((180, 30, 30), (240, 238, 230)),
    ((190, 150, 70), (60, 38, 25)),  # brass on wood
    ((30, 25, 20), (170, 95, 65)),  # iron on brick
    ((240, 240, 235), (140, 70, 50)),
    ((30, 30, 32), (190, 185, 175)),  # iron on plaster
    ((120, 120, 118), (205, 200, 190)),  # steel on plaster
    ((95, 90, 85), (45, 42, 40)),
    ((235, 235, 230), (100, 125, 140)),
    ((60, 45, 30), (215, 195, 150)),
    ((210, 190, 140), (110, 80, 50)),
)
# Least distance of ink and ground in luminance (Rec. 601), 0..255; what hue alone tells apart is lost to a camera.
_LEAST_CONTRAST = 32.0
_LUMINANCE = np.array([0.299, 0.587, 0.114])


@dataclass(frozen=True)
class Colours:
    """Three colours, each float64 (3,), RGB, 0..255: of the digits, of what they stand on, of what lies around."""

    ink: np.ndarray
    ground: np.ndarray
    around: np.ndarray


def draw_colours(random: np.random.Generator) -> Colours:
    """A pair of known plate colours, a pair of tones of one dull colour, or two colours at random."""
    kind = random.random()
    if kind < 0.5:
        pair = _KNOWN[int(random.integers(len(_KNOWN)))]
        ink, ground = (np.array(colour, np.float64) + random.normal(0, 18, 3) for colour in pair)
        if random.random() < 0.25:
            ink, ground = ground, ink
    elif kind < 0.92:
        ground = _dull(random)
        ink = ground + random.choice([-1, 1]) * random.uniform(30, 170) + random.normal(0, 8, 3)
    else:
        ink, ground = random.uniform(0, 255, 3), random.uniform(0, 255, 3)
    ink, ground = _apart(np.clip(ink, 0, 255), np.clip(ground, 0, 255))
    around = _dull(random) if random.random() < 0.9 else random.uniform(0, 255, 3)
    return Colours(ink, ground, around)


def luminance(colour: np.ndarray) -> float:
    """How bright a colour is, 0..255 (Rec. 601)."""
    return float(colour @ _LUMINANCE)


def _dull(random: np.random.Generator) -> np.ndarray:
    """A gray with a touch of colour, as walls have."""
    return np.clip(random.uniform(20, 240) + random.normal(0, 14, 3), 0, 255)


def _apart(ink: np.ndarray, ground: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The two with their luminance pulled apart to the least contrast, the ink to the side it is on."""
    difference = luminance(ink) - luminance(ground)
    lacking = _LEAST_CONTRAST - abs(difference)
    if lacking <= 0:
        return ink, ground
    direction = 1.0 if difference >= 0 else -1.0
    # Near white or black the ink has no room: then it goes the other way.
    if not 0 <= luminance(ink) + direction * lacking <= 255:
        direction, lacking = -direction, lacking + 2 * abs(difference)
    return np.clip(ink + direction * lacking, 0, 255), ground
