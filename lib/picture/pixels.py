"""The two functions that turn a file's bytes into pixels; exported code carries their source word for word.

Each one is therefore complete in itself: numpy as `np` and `cv2`, no other name of this project. Checks of
the file and the notes for people live in `lib.picture.decoding`.
"""

from __future__ import annotations

import cv2
import numpy as np


def read_pixels(data: bytes) -> np.ndarray:
    """Read an image file, upright: uint8 (H, W, 3) RGB, or (H, W, 4) RGBA if some pixel is not opaque.

    16 bit is divided by 257 and rounded. Floats (TIFF) up to 1 count as 0..1, up to 255 as 0..255, above that
    as 0..65535; what is not finite becomes 0. Raises ValueError if OpenCV cannot read the file.
    """
    buffer = np.frombuffer(data, np.uint8)
    pixels = None
    if data[:2] != b"\xff\xd8":  # every format but JPEG may have an alpha channel
        pixels = cv2.imdecode(buffer, cv2.IMREAD_UNCHANGED)
        if pixels is None:
            raise ValueError("OpenCV cannot read this file as an image.")
        if pixels.ndim == 3 and pixels.shape[2] == 4:
            opaque = {"uint8": 255, "uint16": 65535}.get(pixels.dtype.name, 1)
            if (pixels[:, :, 3] >= opaque).all():
                pixels = None
        else:
            pixels = None
    if pixels is None:  # without alpha OpenCV can apply the EXIF orientation
        pixels = cv2.imdecode(buffer, cv2.IMREAD_ANYCOLOR | cv2.IMREAD_ANYDEPTH)
        if pixels is None:
            raise ValueError("OpenCV cannot read this file as an image.")
    if pixels.dtype == np.uint16:
        pixels = ((pixels.astype(np.uint32) + 128) // 257).astype(np.uint8)
    elif pixels.dtype != np.uint8:
        values = np.nan_to_num(pixels.astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        largest = values.max()
        scale = 255.0 if largest <= 1 else 1.0 if largest <= 255 else 1.0 / 257.0
        pixels = np.rint(np.clip(values * scale, 0, 255)).astype(np.uint8)
    if pixels.ndim == 2 or pixels.shape[2] == 1:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)
    elif pixels.shape[2] == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
    else:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA)
    return pixels


def composite(rgba: np.ndarray, background: str) -> np.ndarray:
    """Lay uint8 (H, W, 4) RGBA on "white" or "black", rounded to nearest: uint8 (H, W, 3) RGB, 0..255.

    "ignore" drops the alpha channel and keeps the colours under it, as many loaders do. (H, W, 3) is kept.
    """
    colour = rgba[:, :, :3]
    if rgba.shape[2] == 3 or background == "ignore":
        return np.ascontiguousarray(colour)
    alpha = rgba[:, :, 3:].astype(np.uint16)
    paper = {"white": 255, "black": 0}[background]
    # The sum is at most 255 * 255 + 127, which still fits 16 bits.
    mixed = colour * alpha + paper * (255 - alpha) + 127
    return (mixed // 255).astype(np.uint8)
