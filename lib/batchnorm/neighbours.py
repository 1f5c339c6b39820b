"""In training mode a picture's answer depends on its batch: one picture among 0, 1, 2, ... neighbours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lib.batchnorm.two_modes import TwoModes


def among_neighbours(modes: TwoModes, picture: np.ndarray, neighbours: np.ndarray) -> np.ndarray:
    """The model's output for one picture in batches that grow.

    Args:
        picture: float32 (*input shape).
        neighbours: float32 (M, *input shape), in the order in which they join.

    Returns:
        float32 (M + 1, K): row n is the answer, in training mode, among the first n neighbours; row 0 is a batch of one.
    """
    answers = []
    for count in range(len(neighbours) + 1):
        batch = np.concatenate([picture[None], neighbours[:count]])
        answers.append(modes.run(batch, training=True).output[0])
    return np.stack(answers)
