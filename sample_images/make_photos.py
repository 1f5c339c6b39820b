"""Makes the photos in this folder out of those that come with scikit-image: `python sample_images/make_photos.py [folder]`.

Needs scikit-image (`pip install scikit-image`), which nothing else here does. What each photo is and under what licence its
photographer gave it away stands in CREDITS.md.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

# File name -> the function in skimage.data. These four lie in the package itself; nothing is downloaded.
PHOTOS = {
    "cat.jpg": "chelsea",
    "espresso.jpg": "coffee",
    "rocket.jpg": "rocket",
    "astronaut.jpg": "astronaut",
}
SHORTER_SIDE = 240
"""Pixels: a little more than ImageNet networks take."""


def shrunk(photo: np.ndarray) -> np.ndarray:
    """The whole photo with its shorter side at 240 px: uint8 (H, W, 3) RGB."""
    scale = SHORTER_SIDE / min(photo.shape[:2])
    size = (round(photo.shape[1] * scale), round(photo.shape[0] * scale))
    return cv2.resize(photo, size, interpolation=cv2.INTER_AREA)


def main(folder: Path) -> None:
    """Write every photo into `folder`."""
    from skimage import data

    for name, function in PHOTOS.items():
        Image.fromarray(shrunk(getattr(data, function)())).save(folder / name, quality=88, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
