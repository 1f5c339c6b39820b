"""Steps that decide where the ink lies: frame, centring, moving, and the resize to the network's resolution."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from lib.pipeline.ink import (
    INK,
    border_level,
    box_around,
    contrast_map,
    fill_value,
    ink_box,
    ink_mask,
    standing_out,
)
from lib.pipeline.step import Step, choice, number


def frame(image: np.ndarray, mode: str, margin: float) -> np.ndarray:
    """The part of the picture that becomes the input. `margin`: share of the frame on each side of the ink."""
    height, width = image.shape[:2]
    if mode == "squash":
        return image
    if mode == "centre crop":
        side = min(height, width)
        top, left = (height - side) // 2, (width - side) // 2
        return image[top : top + side, left : left + side]
    fill = border_level(image).astype(np.float32)
    if mode == "crop to ink":
        top, bottom, left, right = ink_box(image)
        image = image[top:bottom, left:right]
        height, width = image.shape[:2]
        side = max(1, round(max(height, width) / (1 - 2 * margin)))
    else:
        side = max(height, width)
    square = np.empty((side, side, *image.shape[2:]), np.float32)
    square[:] = fill
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = image
    return square


def centre(image: np.ndarray, mode: str) -> np.ndarray:
    """Moves the ink by whole pixels until its bounding box or centre of mass lies in the middle."""
    distance = np.abs(contrast_map(image))
    mask = standing_out(distance)
    if not mask.any():
        return image
    if mode == "bounding box":
        top, bottom, left, right = box_around(mask)
        y, x = (top + bottom - 1) / 2, (left + right - 1) / 2
    else:
        weight = distance.astype(np.float64) * mask
        all_of_it = weight.sum()
        y = float(weight.sum(axis=1) @ np.arange(image.shape[0]) / all_of_it)
        x = float(weight.sum(axis=0) @ np.arange(image.shape[1]) / all_of_it)
    down, right_by = round((image.shape[0] - 1) / 2 - y), round((image.shape[1] - 1) / 2 - x)
    shift = np.array([[1, 0, right_by], [0, 1, down]], np.float64)
    return cv2.warpAffine(
        image,
        shift,
        image.shape[1::-1],
        flags=cv2.INTER_NEAREST,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=fill_value(image),
    )


def move(image: np.ndarray, scale: float, rotation: float, shift_x: float, shift_y: float) -> np.ndarray:
    """Scales and rotates (degrees, counter-clockwise) about the middle, then shifts (percent of the side)."""
    if (scale, rotation, shift_x, shift_y) == (1, 0, 0, 0):
        return image
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), rotation, scale)
    matrix[:, 2] += (shift_x / 100 * width, shift_y / 100 * height)
    return cv2.warpAffine(
        image,
        matrix,
        (width, height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=fill_value(image),
    )


def resize(image: np.ndarray, height: int, width: int, filter: str) -> np.ndarray:
    """The network's resolution. Filters that overshoot are clipped to the range that was there before."""
    kind = {
        "nearest": cv2.INTER_NEAREST,
        "bilinear": cv2.INTER_LINEAR,
        "bicubic": cv2.INTER_CUBIC,
        "area": cv2.INTER_AREA,
        "lanczos": cv2.INTER_LANCZOS4,
    }[filter]
    return np.clip(cv2.resize(image, (width, height), interpolation=kind), image.min(), image.max())


@dataclass(frozen=True, repr=False)
class Frame(Step):
    name, title = "frame", "Frame"
    why = "The ink must fill the frame as it did in training; squashing a tall picture makes an I into an O."
    kernel, uses = frame, (*INK, ink_mask, box_around, ink_box)
    mode: str = choice("squash", "mode", "squash", "pad to square", "centre crop", "crop to ink")
    margin: float = number(4 / 28, "margin around the ink", 0, 0.45, 0.01, "of the frame")


@dataclass(frozen=True, repr=False)
class Centre(Step):
    name, title = "centre", "Centre"
    why = "Dense networks know every stroke by its position: a few pixels off and they read something else."
    kernel, uses = centre, (*INK, box_around, fill_value)
    mode: str = choice("centre of mass", "by", "bounding box", "centre of mass")


@dataclass(frozen=True, repr=False)
class Move(Step):
    name, title = "move", "Scale, rotate, shift"
    why = "Try by hand how far the ink may be off before the answer changes."
    kernel, uses = move, (border_level, fill_value)
    scale: float = number(1.0, "scale", 0.2, 2, 0.02, "×")
    rotation: float = number(0.0, "rotation", -180, 180, 1, "°")
    shift_x: float = number(0.0, "shift x", -50, 50, 0.5, "% of the side")
    shift_y: float = number(0.0, "shift y", -50, 50, 0.5, "% of the side")


@dataclass(frozen=True, repr=False)
class Resize(Step):
    name, title = "resize", "Resize"
    why = "The network's resolution; the filter decides whether thin strokes survive. Area averages, nearest drops."
    kernel = resize
    height: int = number(28, "height", 1, 1024, 1, "px")
    width: int = number(28, "width", 1, 1024, 1, "px")
    filter: str = choice("area", "filter", "nearest", "bilinear", "bicubic", "area", "lanczos")
