"""The normal form of a handwritten capital: how every training image is cropped, scaled and centred.

Only the geometry of single glyph images lives here; reading data files does not (see `letters_data`).
"""

from __future__ import annotations

import cv2
import numpy as np

SIDE = 28
BOX = 20
INK_SHARE = 0.2


def normal_form(
    image: np.ndarray, side: int = SIDE, box: int = BOX, ink_share: float = INK_SHARE
) -> np.ndarray:
    """Crop to the ink, scale the longest side to `box`, and shift the centre of mass to the middle.

    The recipe of MNIST (LeCun et al. 1998), with two details made explicit. *Ink* is every pixel that is at
    least `ink_share` of the image's brightest one, so that the faint noise of a scan does not widen the crop.
    The shift is a whole number of pixels (the gray levels stay what the area filter made them) and never moves
    the glyph out of the frame.

    Args:
        image: uint8 (H, W), white ink on black, 0..255, any H, W >= 1.
        side: height and width of the result in pixels.
        box: longest side of the scaled ink in pixels, at most `side`.
        ink_share: share of the brightest value from which a pixel counts as ink, 0..1.

    Returns:
        uint8 (side, side), white on black. A blank image gives a blank image.
    """
    if image.ndim != 2 or image.dtype != np.uint8:
        raise ValueError(f"The normal form needs a uint8 image (H, W), not {image.dtype} {image.shape}.")
    if not 1 <= box <= side:
        raise ValueError(f"The box ({box} px) must fit into the side ({side} px).")
    frame = np.zeros((side, side), np.uint8)
    brightest = int(image.max())
    if brightest == 0:
        return frame

    ink = image >= max(1.0, ink_share * brightest)
    rows, columns = np.flatnonzero(ink.any(1)), np.flatnonzero(ink.any(0))
    glyph = image[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]

    scale = box / max(glyph.shape)
    height, width = (max(1, round(length * scale)) for length in glyph.shape)
    glyph = cv2.resize(glyph, (width, height), interpolation=cv2.INTER_AREA)

    top, left = (_offset(glyph, axis, side) for axis in (0, 1))
    frame[top : top + height, left : left + width] = glyph
    return frame


def normal_forms(images: np.ndarray | list[np.ndarray]) -> np.ndarray:
    """`normal_form` of each image with its defaults: uint8 (N, 28, 28)."""
    result = np.zeros((len(images), SIDE, SIDE), np.uint8)
    for index, image in enumerate(images):
        result[index] = normal_form(image)
    return result


def _offset(glyph: np.ndarray, axis: int, side: int) -> int:
    """Where the glyph starts along one axis so that its centre of mass lies nearest to the frame's middle."""
    mass = glyph.sum(axis=1 - axis, dtype=np.float64)
    total = mass.sum()
    length = glyph.shape[axis]
    # A glyph whose ink the area filter rounded away has no centre of mass; its box does as well.
    centre = float(mass @ np.arange(length) / total) if total > 0 else (length - 1) / 2
    return int(np.clip(np.floor((side - 1) / 2 - centre + 0.5), 0, side - length))
