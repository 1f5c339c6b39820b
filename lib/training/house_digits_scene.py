"""A scene: one digit of a house number on a plate or a wall, with its neighbours, as a sharp colour drawing.

How a camera sees it, from an angle, small and blurred, lives in `house_digits_camera`.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lib.training.house_digits_colours import Colours, draw_colours
from lib.training.house_digits_glyphs import STRIP_HEIGHT, Face

HEIGHT, WIDTH = STRIP_HEIGHT, 128


@dataclass(frozen=True)
class Scene:
    """A drawing and where its digit is.

    Attributes:
        image: float32 (HEIGHT, WIDTH, 3), RGB, 0..255.
        label: the digit, 0..9.
        box: the digit's ink in pixels: left, top, right, bottom (exclusive).
        ground: float64 (3,), the colour that the digit stands on.
    """

    image: np.ndarray
    label: int
    box: tuple[int, int, int, int]
    ground: np.ndarray


def draw_scene(face: Face, surfaces: np.ndarray, random: np.random.Generator) -> Scene:
    """A digit in the middle of a scene.

    Args:
        face: whose digits are drawn.
        surfaces: float32 (S, side, side), see `house_digits_textures`.
        random: source of all choices.
    """
    number, position = draw_number(random)
    mask, box = _number_mask(face, number, position, random)
    mask = _weight(mask, random)
    colours = draw_colours(random)
    image = _background(colours, box, surfaces, random)
    image = _ink(image, mask, colours, surfaces, random)
    return Scene(np.clip(image, 0, 255), int(number[position]), box, colours.ground)


def draw_number(random: np.random.Generator) -> tuple[str, int]:
    """A house number and the position of the digit that is asked for.

    Half of the numbers are like those of houses: evenly spread on a logarithmic scale from 1 to 9999, so that
    small first digits are frequent and 0 never comes first; the other half are any digits, so that each is
    learned equally well.
    """
    if random.random() < 0.5:
        number = str(int(10 ** random.uniform(0, 4)))
    else:
        length = int(random.choice(4, p=[0.25, 0.4, 0.25, 0.1])) + 1
        number = "".join(str(digit) for digit in random.integers(0, 10, length))
    return number, int(random.integers(len(number)))


def _number_mask(
    face: Face, number: str, position: int, random: np.random.Generator
) -> tuple[np.ndarray, tuple[int, int, int, int]]:
    """The number as uint8 (HEIGHT, WIDTH) with the asked digit's ink in the middle, and the box of that ink."""
    gap = round(face.gap * random.uniform(0.6, 1.8)) if random.random() < 0.8 else int(random.integers(2, 24))
    asked = face.masks[int(number[position])]
    inked = np.flatnonzero(asked.max(1) > 64)
    rise = HEIGHT // 2 - (int(inked[0]) + int(inked[-1]) + 1) // 2
    left = WIDTH // 2 - asked.shape[1] // 2
    box = (left, int(inked[0]) + rise, left + asked.shape[1], int(inked[-1]) + 1 + rise)
    mask = np.zeros((HEIGHT, WIDTH), np.uint8)
    _place(mask, asked, left, rise)
    edge = left + asked.shape[1]
    for digit in number[position + 1 :]:
        _place(mask, face.masks[int(digit)], edge + gap, rise)
        edge += gap + face.masks[int(digit)].shape[1]
    edge = left
    for digit in reversed(number[:position]):
        edge -= gap + face.masks[int(digit)].shape[1]
        _place(mask, face.masks[int(digit)], edge, rise)
    _add_marks(mask, box, random)
    return mask, box


def _place(mask: np.ndarray, glyph: np.ndarray, left: int, rise: int) -> None:
    """Draw a glyph into the mask, cut off at its edges; what is there stays."""
    height, width = mask.shape
    rows = slice(max(0, rise), min(height, height + rise))
    source_rows = slice(max(0, -rise), min(height, height - rise))
    start, stop = max(0, left), min(width, left + glyph.shape[1])
    if start < stop:
        part = glyph[source_rows, start - left : stop - left]
        np.maximum(mask[rows, start:stop], part, out=mask[rows, start:stop])


def _add_marks(mask: np.ndarray, box: tuple[int, int, int, int], random: np.random.Generator) -> None:
    """Now and then a dash, a dot, a bar or a line of small writing beside, above or below the digit."""
    left, top, right, bottom = box
    kind = random.random()
    if kind < 0.06:
        x = (
            right + int(random.integers(3, 10))
            if random.random() < 0.5
            else left - int(random.integers(15, 22))
        )
        y = (top + bottom) // 2 + int(random.integers(-4, 5))
        cv2.rectangle(
            mask, (x, y), (x + int(random.integers(6, 12)), y + int(random.integers(2, 6))), 255, -1
        )
    elif kind < 0.1:
        radius = int(random.integers(2, 5))
        x = right + radius + 3 if random.random() < 0.5 else left - radius - 3
        cv2.circle(mask, (x, int(random.integers(top, bottom))), radius, 255, -1)
    elif kind < 0.15:
        y = (
            bottom + int(random.integers(4, 10))
            if random.random() < 0.5
            else top - int(random.integers(4, 10))
        )
        cv2.line(mask, (0, y), (WIDTH, y + int(random.integers(-3, 4))), 255, int(random.integers(1, 4)))
    elif kind < 0.2:
        text = "".join(chr(int(code)) for code in random.integers(65, 91, 12))
        y = bottom + 18 if random.random() < 0.5 else top - 6
        cv2.putText(mask, text, (int(random.integers(-30, 0)), y), cv2.FONT_HERSHEY_SIMPLEX, 0.45, 255, 1)


def _weight(mask: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """float32 0..1, the strokes left alone, thinner or thicker. Hairlines are always made thicker."""
    share = float(mask.mean()) / 255
    kind = random.random()
    if share < 0.05 or kind < 0.25:
        size = int(random.integers(2, 5))
        mask = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    elif share > 0.12 and kind > 0.85:
        mask = cv2.erode(mask, np.ones((2, 2), np.uint8))
    return mask.astype(np.float32) / 255


def _background(
    colours: Colours, box: tuple[int, int, int, int], surfaces: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """The ground the digit stands on: a wall, or a plate with its edge and what lies around it."""
    ground = _surface(
        colours.ground, surfaces, random, random.choice([0.0, 3.0, 8.0, 20.0], p=[0.3, 0.45, 0.17, 0.08])
    )
    if random.random() < 0.5:
        return ground
    around = _surface(colours.around, surfaces, random, random.uniform(0, 30))
    left, top, right, bottom = box
    margins = random.integers(2, 30, 4)
    # A plate reaches past its neighbours more often than it ends at the digit.
    if random.random() < 0.5:
        margins[0] += 40
    if random.random() < 0.5:
        margins[2] += 40
    corners = (
        (left - int(margins[0]), top - int(margins[1])),
        (right + int(margins[2]), bottom + int(margins[3])),
    )
    plate = np.zeros((HEIGHT, WIDTH), np.float32)
    if random.random() < 0.12:
        centre = ((corners[0][0] + corners[1][0]) // 2, (corners[0][1] + corners[1][1]) // 2)
        axes = ((corners[1][0] - corners[0][0]) * 7 // 10, (corners[1][1] - corners[0][1]) * 7 // 10)
        cv2.ellipse(plate, centre, axes, 0, 0, 360, 1.0, -1, cv2.LINE_AA)
    else:
        cv2.rectangle(plate, *corners, 1.0, -1)
    image = around + plate[..., None] * (ground - around)
    if random.random() < 0.5:
        rim = cv2.morphologyEx(plate, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        inset = int(random.integers(0, 7))
        if inset:
            inner = cv2.erode(plate, np.ones((2 * inset + 1, 2 * inset + 1), np.uint8))
            rim = cv2.morphologyEx(inner, cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8))
        colour = colours.ink if random.random() < 0.7 else random.uniform(0, 255, 3)
        image += rim[..., None] * (colour.astype(np.float32) - image)
    return image


def _surface(
    colour: np.ndarray, surfaces: np.ndarray, random: np.random.Generator, roughness: float
) -> np.ndarray:
    """float32 (HEIGHT, WIDTH, 3): a colour with the relief of some surface, `roughness` gray levels strong."""
    plain = np.broadcast_to(colour.astype(np.float32), (HEIGHT, WIDTH, 3))
    if roughness == 0:
        return plain.copy()
    surface = surfaces[int(random.integers(len(surfaces)))]
    top = int(random.integers(surface.shape[0] - HEIGHT))
    left = int(random.integers(surface.shape[1] - WIDTH))
    relief = surface[top : top + HEIGHT, left : left + WIDTH, None]
    tint = (1 + random.normal(0, 0.15, 3)).astype(np.float32)
    return plain + roughness * relief * tint


def _ink(
    image: np.ndarray, mask: np.ndarray, colours: Colours, surfaces: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """The digits onto the ground: flat, with a shadow, an outline, as a relief of the ground, worn, or shaded."""
    kind = random.random()
    ink = _surface(colours.ink, surfaces, random, random.choice([0.0, 4.0, 12.0], p=[0.5, 0.35, 0.15]))
    if kind < 0.22:
        shadow = _shifted(cv2.GaussianBlur(mask, (0, 0), random.uniform(0.5, 2.5)), random, 6)
        image = image * (1 - random.uniform(0.25, 0.8) * shadow[..., None])
    elif kind < 0.3:
        size = int(random.integers(3, 8))
        wide = cv2.dilate(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
        colour = random.uniform(0, 255, 3).astype(np.float32) if random.random() < 0.5 else 255 - colours.ink
        image = image + wide[..., None] * (colour.astype(np.float32) - image)
    elif kind < 0.36:
        return _relief(image, mask, random)
    elif kind < 0.42:
        wear = surfaces[int(random.integers(len(surfaces)))][:HEIGHT, :WIDTH]
        mask = mask * np.clip(1.3 - random.uniform(0.2, 0.7) * np.maximum(wear, 0), 0, 1)
    elif kind < 0.52:
        slope = np.linspace(-1, 1, HEIGHT, dtype=np.float32)[:, None, None]
        ink = ink + random.uniform(-60, 60) * slope
    elif kind < 0.56:
        size = int(random.integers(2, 4))
        hollow = cv2.erode(mask, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * size + 1, 2 * size + 1)))
        mask = mask - random.uniform(0.5, 1.0) * hollow
    return image + mask[..., None] * (ink - image)


def _relief(image: np.ndarray, mask: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Digits of the ground's own colour that only light and shade tell from it."""
    soft = cv2.GaussianBlur(mask, (0, 0), random.uniform(0.8, 2.0))
    angle = random.uniform(0, 2 * np.pi)
    across = cv2.Sobel(soft, cv2.CV_32F, 1, 0) * np.cos(angle) + cv2.Sobel(soft, cv2.CV_32F, 0, 1) * np.sin(
        angle
    )
    lit = across * random.uniform(25, 70) + mask * random.uniform(-40, 40)
    return image + lit[..., None].astype(np.float32)


def _shifted(mask: np.ndarray, random: np.random.Generator, most: int) -> np.ndarray:
    by = random.uniform(-most, most, 2)
    matrix = np.array([[1, 0, by[0]], [0, 1, by[1]]], np.float32)
    return cv2.warpAffine(mask, matrix, (mask.shape[1], mask.shape[0]))
