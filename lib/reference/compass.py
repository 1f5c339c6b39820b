"""The Compass: a small memory of which way up the training pictures of each class are. Using it; it is trained elsewhere.

Confidence knows little about orientation, because a classifier never saw a turned picture. The Compass saw every training
picture in all eight orientations and learned to point at the right one together with its class. It is a part of the
Reference: two matrices, no training picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

FORMAT = 1
SIDE = 14


@dataclass(frozen=True, eq=False)
class Compass:
    """A network with one hidden layer; K classes, H hidden units.

    Softmax over the eight orientations of a picture and the K classes together is the probability that this orientation is
    the training pictures' and this the class (self-supervision by rotations: Gidaris, Singh, Komodakis, ICLR 2018; as a
    witness of being in distribution: Hendrycks et al., NeurIPS 2019).

    Attributes:
        hidden, hidden_bias: float16 (SIDE * SIDE, H), (H,).
        output, output_bias: float16 (H, K), (K,).
        usual: float64 (2,), mean and standard deviation of `upright` over held-out pictures.
    """

    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray
    usual: np.ndarray

    def __post_init__(self) -> None:
        pixels, units = self.hidden.shape if self.hidden.ndim == 2 else (0, 0)
        fits = (
            pixels == SIDE * SIDE
            and self.hidden_bias.shape == (units,)
            and self.output.ndim == 2
            and len(self.output) == units
            and self.output_bias.shape == self.output.shape[1:]
            and self.usual.shape == (2,)
        )
        if not fits or not all(np.isfinite(values).all() for values in vars(self).values()):
            raise ValueError("This is not a usable Compass: its matrices do not fit together.")

    def scores(self, images: np.ndarray) -> np.ndarray:
        """float64 (N, K): the logits of "upright, and of this class".

        Args:
            images: float (N, H, W) in any range; each one's contrast is taken as it is.
        """
        flat = small(images).reshape(len(images), -1)
        hidden = np.maximum(flat @ self.hidden.astype(np.float32) + self.hidden_bias.astype(np.float32), 0)
        return np.asarray(hidden @ self.output.astype(np.float32) + self.output_bias, np.float64)

    def upright(self, scores: np.ndarray) -> np.ndarray:
        """float64 (N,): how upright, in standard deviations of what held-out training pictures have."""
        largest = scores.max(1)
        total = largest + np.log(np.exp(scores - largest[:, None]).sum(1))
        return np.asarray((total - self.usual[0]) / max(float(self.usual[1]), 1e-6))

    def save(self, path: str | Path) -> None:
        """Write an npz file."""
        np.savez_compressed(path, format=np.int64(FORMAT), **vars(self))

    @classmethod
    def load(cls, path: str | Path) -> Compass:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: if the file does not exist.
            ValueError: if it is not a Compass.
        """
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
        if int(arrays.pop("format", 0)) != FORMAT or set(arrays) != set(cls.__dataclass_fields__):
            raise ValueError(f"{path} is not a Compass of format {FORMAT}.")
        return cls(**arrays)


def small(images: np.ndarray) -> np.ndarray:
    """float32 (N, SIDE, SIDE), each from 0 to 1: what the Compass looks at.

    Args:
        images: (N, H, W).
    """
    values = np.asarray(images, np.float32)
    low = values.min((1, 2), keepdims=True)
    span = np.maximum(values.max((1, 2), keepdims=True) - low, 1e-6)
    level = (values - low) / span
    height, width = level.shape[1:]
    if height == width and height % SIDE == 0:
        step = height // SIDE
        return level.reshape(len(level), SIDE, step, SIDE, step).mean((2, 4))
    return np.stack([cv2.resize(image, (SIDE, SIDE), interpolation=cv2.INTER_AREA) for image in level])


def eight(images: np.ndarray) -> np.ndarray:
    """(N, 8, S, S) of square images (N, S, S): the four turns, then the four turns of the mirror image."""
    turns = [np.rot90(images, quarter, (1, 2)) for quarter in range(4)]
    mirrored = images[:, :, ::-1]
    return np.stack([*turns, *(np.rot90(mirrored, quarter, (1, 2)) for quarter in range(4))], 1)
