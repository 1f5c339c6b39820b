"""Pages with one character, drawn around a tight glyph: on white, on gray paper, out of focus. No mistakes live here."""

from __future__ import annotations

import cv2
import numpy as np

SIDE = 240
# An edge of the stored glyph is about this many of its pixels wide; enlarged it is made one pixel wide again.
_STEEPER = 1.5


def page(
    glyph: np.ndarray,
    random: np.random.Generator,
    ink: int = 0,
    paper: int = 255,
    crisp: bool | None = None,
) -> np.ndarray:
    """The character as somebody draws it: dark on light, somewhere on a larger page.

    Args:
        glyph: uint8 (H, W), white on black, cut to its ink.
        crisp: whether the edges are a pixel wide, as a pen on a canvas leaves them, or as soft as enlarging makes them,
            like a brush's; None leaves it to chance.

    Returns:
        uint8 (240, 240).
    """
    side = int(random.integers(90, 190))
    scale = side / max(glyph.shape)
    size = (max(1, round(glyph.shape[1] * scale)), max(1, round(glyph.shape[0] * scale)))
    drawn = cv2.resize(glyph, size, interpolation=cv2.INTER_CUBIC)
    canvas = np.zeros((SIDE, SIDE), np.float32)
    top = int(random.integers(10, 230 - size[1])) if size[1] < 220 else 10
    left = int(random.integers(10, 230 - size[0])) if size[0] < 220 else 10
    if random.random() < 0.5 if crisp is None else crisp:
        drawn = np.clip((drawn.astype(np.float32) - 127.5) * _STEEPER * scale + 127.5, 0, 255)
    canvas[top : top + size[1], left : left + size[0]] = drawn
    return np.clip(paper + (ink - paper) * canvas / 255, 0, 255).astype(np.uint8)


def photo(glyph: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """The character on paper, photographed: paper 150 to 225, a shadow, noise, pencil gray. uint8 (240, 240)."""
    paper, ink = random.uniform(150, 225), random.uniform(20, 90)
    drawn = page(glyph, random).astype(np.float32) / 255
    y, x = np.mgrid[-1:1:240j, -1:1:240j]
    angle = random.uniform(0, 2 * np.pi)
    shade = 1 + random.uniform(0.05, 0.3) * (np.cos(angle) * x + np.sin(angle) * y) / 2
    grain = cv2.GaussianBlur(random.normal(0, 1, (SIDE, SIDE)).astype(np.float32), (0, 0), 0.7)
    image = (ink + (paper - ink) * drawn) * shade + grain * random.uniform(2, 7)
    return np.clip(image, 0, 255).astype(np.uint8)


def tight(image: np.ndarray) -> np.ndarray:
    """uint8 (H, W), white on black, cut to its ink."""
    rows, columns = np.nonzero(image > 40)
    return image[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]


def other_pen(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Much thicker or much thinner dark ink; erosion widens it. A stroke that would vanish keeps half of the loss."""
    if random.random() < 0.5:
        return np.asarray(cv2.erode(image, _disc(int(random.integers(5, 8)))))
    thin = cv2.dilate(image, _disc(2))
    gone = int((thin < 128).sum()) * 8 < int((image < 128).sum())
    return np.asarray(cv2.dilate(image, _disc(1)) if gone else thin)


def out_of_focus(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Blurred by 3 to 4 % of the side."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), SIDE * random.uniform(0.03, 0.04)))


def pixelated(image: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Every pixel black or white, and only 56 of them a side."""
    small = cv2.resize(image, (56, 56), interpolation=cv2.INTER_NEAREST)
    return np.where(small < 128, 0, 255).astype(np.uint8)


def two_of_them(glyph: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Two characters side by side with a gap between: uint8 (H, W), white on black."""
    height, gap = glyph.shape[0], max(4, round(max(glyph.shape) * random.uniform(0.2, 0.5)))
    return np.concatenate([glyph, np.zeros((height, gap), np.uint8), glyph], axis=1)


def _disc(radius: int) -> np.ndarray:
    return np.asarray(cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1)))
