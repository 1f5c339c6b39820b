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


def ink_mask(image: np.ndarray) -> np.ndarray:
    """bool (H, W): the pixels that stand out from the border level by more than half of Otsu's threshold.

    Half, because a soft edge belongs to its stroke. Specks below 1/2000 of the picture's area are noise, not ink, unless
    there is nothing else.
    """
    distance = np.abs(contrast_map(image))
    peak = float(distance.max())
    if peak < 1e-6:
        return np.zeros(distance.shape, bool)
    scaled = np.rint(distance * (255.0 / peak)).astype(np.uint8)
    otsu, _ = cv2.threshold(scaled, 0, 255, cv2.THRESH_OTSU)
    mask = scaled > max(otsu / 2, 12)
    # Labels of 16 bits take a third of the time, where there cannot be more of them: one for each 2 x 2 pixels.
    kind = cv2.CV_16U if (mask.shape[0] + 1) * (mask.shape[1] + 1) < 4 * 65_535 else cv2.CV_32S
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8, ltype=kind)
    large = stats[:, cv2.CC_STAT_AREA] >= mask.size / 2000
    large[0] = False  # label 0 is the background
    return large.take(labels) if large.any() else mask


def ink_is_dark(image: np.ndarray) -> bool:
    """Whether the border is brighter than the ink; of a picture without ink, whether it is bright itself."""
    mask = ink_mask(image)
    if not mask.any():
        return bool(np.mean(border_level(image)) > 127.5)
    return float(contrast_map(image)[mask].sum(dtype=np.float64)) < 0


def ink_box(image: np.ndarray) -> tuple[int, int, int, int]:
    """(top, bottom, left, right) of the ink, bottom and right exclusive; the whole picture when there is no ink."""
    mask = ink_mask(image)
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if not rows.size:
        return 0, image.shape[0], 0, image.shape[1]
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def fill_value(image: np.ndarray) -> tuple[float, ...]:
    """The border level as the tuple that cv2 wants for new pixels."""
    return tuple(float(v) for v in np.atleast_1d(border_level(image)))


INK = (border_level, contrast_map, ink_mask)
"""What `ink_is_dark` and `ink_box` need, in the order in which exported code defines it."""
