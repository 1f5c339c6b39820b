"""Steps that change how bright a pixel is, or how sharp and thick the ink is: nothing here moves a picture."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lib.pipeline.ink import INK, ink_is_dark
from lib.pipeline.step import Step, choice, number


def background(image: np.ndarray, method: str, window: float, offset: float) -> np.ndarray:
    """Takes the paper away. `window` is in percent of the longest side, `offset` in gray levels (adaptive only)."""
    dark = ink_is_dark(image)
    longest = max(image.shape[:2])
    if method == "subtract":
        # The paper is what remains when everything thinner than the window is closed over; 128 px are enough to see it.
        scale = min(1.0, 128 / longest)
        size = [max(1, round(n * scale)) for n in image.shape[1::-1]]
        small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        reach = max(1, round(window / 100 * max(size) / 2))
        disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE if dark else cv2.MORPH_OPEN, disc)
        paper = cv2.GaussianBlur(closed, (0, 0), reach / 2, borderType=cv2.BORDER_REPLICATE)
        paper = cv2.resize(paper, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        return np.clip(image - paper + (255 if dark else 0), 0, 255)
    levels = np.clip(np.rint(image), 0, 255).astype(np.uint8)
    gray = levels if levels.ndim == 2 else cv2.cvtColor(levels, cv2.COLOR_RGB2GRAY)
    if method == "otsu":
        _, flat = cv2.threshold(gray, 0, 255, cv2.THRESH_OTSU)
    else:
        block = 2 * max(1, round(window / 100 * longest / 2)) + 1
        margin = offset if dark else -offset
        flat = cv2.adaptiveThreshold(
            gray, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, block, margin
        )
    return flat if image.ndim == 2 else np.repeat(flat[..., None], 3, axis=2)


def invert(image: np.ndarray, method: str) -> np.ndarray:
    """`255 - x`, always or when the border is brighter than the ink; and the two mistakes of `1 - x` on 0..255 pixels."""
    if method == "1 - x as float":
        return 1 - image
    if method == "1 - x as uint8":
        # What numpy computes for uint8 arrays: modulo 256, so black becomes 1, white 2, and the ink all but vanishes.
        return (1 - np.rint(image).astype(np.int64)) % 256
    if method == "auto" and not ink_is_dark(image):
        return image
    return 255 - image


def sigmoid(image: np.ndarray, slope: float, b: float, output: str) -> np.ndarray:
    """1 / (1 + exp(-slope * (x / 255 - slope / b))), in 0..1, or times 255."""
    curve = image.astype(np.float64)
    # In place: a slider that follows the hand runs this on every pixel, and each new array costs as much as the arithmetic.
    curve /= 255
    curve -= slope / b
    curve *= -slope
    np.exp(np.clip(curve, -700, 700, out=curve), out=curve)
    curve += 1
    np.divide(1, curve, out=curve)
    if output == "0..255":
        curve *= 255
    return curve


def tone(image: np.ndarray, brightness: float, contrast: float, gamma: float) -> np.ndarray:
    """Contrast about mid-gray, then brightness in gray levels, then gamma; clipped to 0..255."""
    straight = np.clip((image - 127.5) * contrast + 127.5 + brightness, 0, 255)
    return 255 * (straight.astype(np.float64) / 255) ** gamma


def edge_softness(image: np.ndarray, sigma: float) -> np.ndarray:
    """Gaussian blur; sigma in percent of the longest side."""
    pixels = sigma / 100 * max(image.shape[:2])
    return (
        image if pixels < 0.05 else cv2.GaussianBlur(image, (0, 0), pixels, borderType=cv2.BORDER_REPLICATE)
    )


def stroke(image: np.ndarray, amount: float) -> np.ndarray:
    """Widens (positive) or thins (negative) the ink by a disc whose radius is `amount` percent of the longest side."""
    radius = round(abs(amount) / 100 * max(image.shape[:2]))
    if radius == 0:
        return image
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * radius + 1, 2 * radius + 1))
    # Dilation spreads the bright: it widens bright ink and thins dark ink.
    return cv2.erode(image, disc) if ink_is_dark(image) == (amount > 0) else cv2.dilate(image, disc)


@dataclass(frozen=True, repr=False)
class Background(Step):
    name, title = "background", "Background"
    why = "Paper in a photo is gray and shaded, the training background is one exact value: take the paper away."
    kernel, uses = background, (*INK, ink_is_dark)
    method: str = choice("subtract", "method", "subtract", "otsu", "adaptive")
    window: float = number(20.0, "window", 2, 60, 1, "% of the side")
    offset: float = number(10.0, "offset", 0, 60, 1, "gray levels")


@dataclass(frozen=True, repr=False)
class Invert(Step):
    name, title = "invert", "Invert"
    why = "The network learned one polarity, say white ink on black; yours may be the other way round."
    kernel, uses = invert, (*INK, ink_is_dark)
    method: str = choice("255 - x", "method", "255 - x", "auto", "1 - x as float", "1 - x as uint8")


@dataclass(frozen=True, repr=False)
class SigmoidContrast(Step):
    """The contrast curve of stackoverflow.com/questions/73817788, with its s and b; the midpoint is s/b."""

    name, title = "sigmoid", "Sigmoid contrast"
    why = "Pushes paper to the background's exact value and ink to full: the remedy for photos of paper."
    kernel = sigmoid
    slope: float = number(25.0, "slope s", 1, 60, 0.5)
    b: float = number(50.0, "b", 2, 200, 0.5)
    output: str = choice("0..255", "output", "0..255", "0..1")


@dataclass(frozen=True, repr=False)
class Tone(Step):
    name, title = "tone", "Brightness, contrast, gamma"
    why = "The plain corrections of a photo editor, for exposure that is a little off."
    kernel = tone
    brightness: float = number(0.0, "brightness", -128, 128, 1, "gray levels")
    contrast: float = number(1.0, "contrast", 0.1, 5, 0.05, "×")
    gamma: float = number(1.0, "gamma", 0.2, 5, 0.05)


@dataclass(frozen=True, repr=False)
class EdgeSoftness(Step):
    name, title = "softness", "Edge softness"
    why = (
        "Training strokes have soft edges; a hard pen or a threshold gives edges that the network never saw."
    )
    kernel = edge_softness
    sigma: float = number(0.0, "Gaussian sigma", 0, 6, 0.1, "% of the side")


@dataclass(frozen=True, repr=False)
class Stroke(Step):
    name, title = "stroke", "Stroke width"
    why = (
        "A pen thinner or thicker than the training strokes reads as another letter, or vanishes when shrunk."
    )
    kernel, uses = stroke, (*INK, ink_is_dark)
    amount: float = number(0.0, "thinner … thicker", -4, 6, 0.25, "% of the side")
