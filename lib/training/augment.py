"""Light changes to training images that leave a letter what it is."""

from __future__ import annotations

import cv2
import numpy as np

from lib.training.data import Labelled

ROTATION = 12.0
SCALE = 0.12
SHEAR = 0.15
SHIFT = 2.0


def random_affine(images: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Turn, scale, shear and shift each image a little, independently and uniformly.

    Up to 12 degrees either way, 12 % larger or smaller in each direction, a shear of 0.15 and 2 px; bilinear,
    black outside.

    Args:
        images: uint8 (N, H, W), white on black.
        random: source of the draws; one call uses the same number of them for every image.

    Returns:
        uint8 (N, H, W), a new array.
    """
    count, height, width = images.shape
    middle = np.array([(width - 1) / 2, (height - 1) / 2])
    angle = np.deg2rad(random.uniform(-ROTATION, ROTATION, size=(count,)))
    scale = random.uniform(1 - SCALE, 1 + SCALE, size=(count, 2))
    shear = random.uniform(-SHEAR, SHEAR, size=(count,))
    shift = random.uniform(-SHIFT, SHIFT, size=(count, 2))
    result = np.empty_like(images)
    for index in range(count):
        cosine, sine = np.cos(angle[index]), np.sin(angle[index])
        turn = np.array([[cosine, -sine], [sine, cosine]])
        linear = turn @ np.array([[1.0, shear[index]], [0.0, 1.0]]) @ np.diag(scale[index])
        offset = middle - linear @ middle + shift[index]
        matrix = np.column_stack([linear, offset])
        result[index] = cv2.warpAffine(images[index], matrix, (width, height), flags=cv2.INTER_LINEAR)
    return result


def affine_copies(letters: Labelled, random: np.random.Generator) -> Labelled:
    """`random_affine` as a recipe's `augment`."""
    return Labelled(random_affine(letters.images, random), letters.labels)
