"""Finding ink: the measurements that several steps share. No step lives here.

"Ink" is whatever differs from the level of the picture's border, so that nothing here depends on the polarity.
"""

from __future__ import annotations

import cv2
import numpy as np


def border_level(image: np.ndarray) -> np.ndarray:
    """The median of the outermost pixels, per channel: float64 scalar array for (H, W), (3,) for (H, W, 3)."""
    edges = (image[0], image[-1], image[:, 0], image[:, -1])
    return np.median(np.concatenate(edges, axis=0), axis=0)


def contrast_map(image: np.ndarray) -> np.ndarray:
    """float32 (H, W): the signed distance of every pixel from the border level, averaged over channels."""
    distance = image - border_level(image).astype(np.float32)
    return distance if distance.ndim == 2 else distance.mean(axis=2)


def standing_out(distance: np.ndarray) -> np.ndarray:
    """bool (H, W): where a float32 (H, W) distance from the border level, at least 0, is ink; see `ink_mask`."""
    peak = float(distance.max())
    if peak < 1e-6:
        return np.zeros(distance.shape, bool)
    scaled = distance * (255.0 / peak)
    levels = np.rint(scaled, out=scaled).astype(np.uint8)
    otsu, _ = cv2.threshold(levels, 0, 255, cv2.THRESH_OTSU)
    mask = levels > int(max(otsu / 2, 12))
    # Outside of the box around the ink there is nothing to label.
    x, y, width, height = cv2.boundingRect(mask.view(np.uint8))
    if width == 0:
        return mask
    part = np.ascontiguousarray(mask[y : y + height, x : x + width]).view(np.uint8)
    # Labels of 16 bits take a third of the time, where there cannot be more of them: one for each 2 x 2 pixels.
    kind = cv2.CV_16U if (height + 1) * (width + 1) < 4 * 65_535 else cv2.CV_32S
    _, labels, stats, _ = cv2.connectedComponentsWithStats(part, connectivity=8, ltype=kind)
    large = stats[:, cv2.CC_STAT_AREA] >= mask.size / 2000
    large[0] = False  # label 0 is the background
    if large.any() and not large[1:].all():
        mask[y : y + height, x : x + width] = large[labels]
    return mask


def ink_mask(image: np.ndarray) -> np.ndarray:
    """bool (H, W): the pixels that stand out from the border level by more than half of Otsu's threshold.

    Half, because a soft edge belongs to its stroke. Specks below 1/2000 of the picture's area are noise, not ink, unless
    there is nothing else.
    """
    return standing_out(np.abs(contrast_map(image)))


def ink_is_dark(image: np.ndarray) -> bool:
    """Whether the border is brighter than the ink; of a picture without ink, whether it is bright itself."""
    contrast = contrast_map(image)
    mask = standing_out(np.abs(contrast))
    if not mask.any():
        return bool(np.mean(border_level(image)) > 127.5)
    return float(contrast[mask].sum(dtype=np.float64)) < 0


def box_around(mask: np.ndarray) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) of what is true in a bool (H, W), bottom and right exclusive; all of it if nothing is."""
    left, top, width, height = cv2.boundingRect(mask.view(np.uint8))
    return (top, top + height, left, left + width) if width else (0, mask.shape[0], 0, mask.shape[1])


def ink_box(image: np.ndarray) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) of the ink, bottom and right exclusive; the whole picture when there is no ink."""
    return box_around(ink_mask(image))


def fill_value(image: np.ndarray) -> tuple[float, ...]:
    """The border level as the tuple that cv2 wants for new pixels."""
    return tuple(float(v) for v in np.atleast_1d(border_level(image)))


INK = (border_level, contrast_map, standing_out)
"""What every step that looks for ink needs, in the order in which exported code defines it."""
