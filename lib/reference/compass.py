"""The Compass: a small memory of which way up the training pictures of each class are. Using it; it is trained elsewhere.

Confidence knows little about orientation, because a classifier never saw a turned picture. The Compass saw every training
picture in all eight orientations, photographs also in other framings, and learned to point at the right one together with
its class. It is a part of the Reference: a few matrices, no training picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

FORMAT = 2
SIDE = 28
_STRIDE = 2
_AT_ONCE = 256


@dataclass(frozen=True, eq=False)
class Compass:
    """Two convolutions of stride 2 and two dense layers with ReLU between them; C and D channels, H hidden units, K classes.

    Softmax over all views of a picture (its eight orientations, and for photographs other framings) and the K classes
    together is the probability that this view is the training pictures' and this the class (self-supervision by rotations:
    Gidaris, Singh, Komodakis, ICLR 2018; as a witness of being in distribution: Hendrycks et al., NeurIPS 2019).

    Attributes:
        first, first_bias: float16 (k, k, 1, C), (C,).
        second, second_bias: float16 (k, k, C, D), (D,).
        hidden, hidden_bias: float16 (P, H), (H,), P being the second convolution's outputs of a picture of SIDE pixels.
        output, output_bias: float16 (H, K), (K,).
        usual: float64 (2,), over held-out pictures the mean of the logsumexp of their scores, and its standard deviation.
    """

    first: np.ndarray
    first_bias: np.ndarray
    second: np.ndarray
    second_bias: np.ndarray
    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray
    usual: np.ndarray

    def __post_init__(self) -> None:
        if not self._fits() or not all(np.isfinite(values).all() for values in vars(self).values()):
            raise ValueError("This is not a usable Compass: its matrices do not fit together.")

    def _fits(self) -> bool:
        dimensions = [values.ndim for values in vars(self).values()]
        if dimensions != [4, 1, 4, 1, 2, 1, 2, 1, 1]:
            return False
        side, inputs = SIDE, 1
        for kernel in (self.first, self.second):
            if (
                kernel.shape[0] != kernel.shape[1]
                or not 1 <= kernel.shape[0] <= side
                or kernel.shape[2] != inputs
            ):
                return False
            side, inputs = (side - kernel.shape[0]) // _STRIDE + 1, kernel.shape[3]
        rows = [side * side * inputs, self.hidden.shape[1]]
        return (
            [self.hidden.shape[0], self.output.shape[0]] == rows
            and self.first_bias.shape == self.first.shape[3:]
            and self.second_bias.shape == self.second.shape[3:]
            and self.hidden_bias.shape == self.hidden.shape[1:]
            and self.output_bias.shape == self.output.shape[1:]
            and self.usual.shape == (2,)
        )

    def scores(self, images: np.ndarray) -> np.ndarray:
        """float64 (N, K): the logits of "as in training, and of this class".

        Args:
            images: float (N, H, W) in any range; each one's contrast is taken as it is.
        """
        found = np.empty((len(images), len(self.output_bias)))
        for start in range(0, len(images), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            maps = _convolved(small(images[part])[..., None], self.first, self.first_bias)
            maps = _convolved(maps, self.second, self.second_bias)
            flat = maps.reshape(len(maps), -1)
            hidden = np.maximum(flat @ self.hidden.astype(np.float32) + self.hidden_bias, 0)
            found[part] = hidden @ self.output.astype(np.float32) + self.output_bias
        return found

    def upright(self, scores: np.ndarray) -> np.ndarray:
        """float64 (N,): how upright, in nats above what held-out training pictures have on average.

        Between two views of one picture the difference is the logarithm of the odds, as the training's softmax had it.
        """
        largest = scores.max(1)
        total = largest + np.log(np.exp(scores - largest[:, None]).sum(1))
        return np.asarray(total - self.usual[0])

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


def _convolved(maps: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """float32 (N, h, w, D): ReLU of the convolution with stride 2 of (N, H, W, C), without padding.

    Args:
        kernel: (k, k, C, D).
        bias: (D,).
    """
    size = kernel.shape[0]
    windows = np.lib.stride_tricks.sliding_window_view(maps, (size, size), (1, 2))[:, ::_STRIDE, ::_STRIDE]
    count, height, width = windows.shape[:3]
    rows = windows.transpose(0, 1, 2, 4, 5, 3).reshape(count * height * width, -1)
    matrix = kernel.reshape(-1, kernel.shape[3]).astype(np.float32)
    return np.maximum(rows @ matrix + bias.astype(np.float32), 0).reshape(count, height, width, -1)
