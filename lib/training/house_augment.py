"""Changes to real crops of house numbers that leave the digit what it is: another crop, light, colour or sharpness.

They are lighter than the generator's camera, because a real crop has been through one already.
"""

from __future__ import annotations

import cv2
import numpy as np

_TURN = 8.0
_SCALE = 0.16
_SHEAR = 0.12
_SHIFT = 2.5


def recrop(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Turn, scale, shear and shift each crop a little, repeating its edge where nothing is known.

    Up to 8 degrees, 16 % (in both directions alike, and half of that in each by itself), a shear of 0.12 and 2.5 px.

    Args:
        images: uint8 (N, H, W, 3).
        random: source of the draws.

    Returns:
        uint8, the same shape, a new array.
    """
    count, height, width, _ = images.shape
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    result = np.empty_like(images)
    for index in range(count):
        angle = np.deg2rad(random.uniform(-_TURN, _TURN))
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        scale = np.exp(random.uniform(-_SCALE, _SCALE) + random.uniform(-_SCALE / 2, _SCALE / 2, 2))
        linear = turn @ np.array([[1.0, random.uniform(-_SHEAR, _SHEAR)], [0.0, 1.0]]) @ np.diag(scale)
        offset = middle - linear @ middle + random.uniform(-_SHIFT, _SHIFT, 2)
        result[index] = cv2.warpAffine(
            images[index], np.column_stack([linear, offset]), (width, height),
            flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
    return result


def relight(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Another contrast, brightness and colour cast; sometimes less colour, sometimes the negative.

    The negative turns dark digits on light walls into light digits on dark ones: both are common.

    Args:
        images: uint8 (N, H, W, 3).

    Returns:
        uint8, the same shape.
    """
    count = len(images)
    values = images.astype(np.float32)

    def drawn(low: float, high: float, channels: int = 1) -> np.ndarray:
        return random.uniform(low, high, (count, 1, 1, channels)).astype(np.float32)

    values = np.where(drawn(0, 1) < 0.2, 255 - values, values)
    gray = values.mean(axis=3, keepdims=True)
    values = gray + drawn(0.2, 1.1) * (values - gray)
    mean = values.mean(axis=(1, 2, 3), keepdims=True)
    values = mean + drawn(0.6, 1.4) * (values - mean) + drawn(-35, 35)
    return np.clip(np.rint(values * drawn(0.92, 1.08, 3)), 0, 255).astype(np.uint8)


def soften(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A third of the crops as they are, a third blurred, a third with noise.

    Args:
        images: uint8 (N, H, W, 3).

    Returns:
        uint8, the same shape, a new array.
    """
    result = images.copy()
    for index, kind in enumerate(random.integers(0, 3, len(images))):
        if kind == 1:
            result[index] = cv2.GaussianBlur(images[index], (0, 0), random.uniform(0.4, 1.3))
        elif kind == 2:
            noisy = images[index] + random.normal(0, random.uniform(1, 8), images[index].shape)
            result[index] = np.clip(np.rint(noisy), 0, 255)
    return result
