"""The Compass: a small memory of which way up the training pictures of each class are. Using it; it is trained elsewhere.

Confidence knows little about orientation, because a classifier never saw a turned picture. The Compass saw the training
pictures as they are and in their other orientations, photographs also in other framings, and learned to point at the right
one together with its class. It is a part of the Reference: a few matrices, no training picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

FORMAT = 3
SIDE = 28
_AT_ONCE = 256
# Format 2 had two convolutions, both of this stride.
_EARLIER, _EARLIER_CONVOLUTIONS, _EARLIER_STRIDE = 2, 2, 2


@dataclass(frozen=True, eq=False)
class Convolution:
    """Without padding, followed by ReLU.

    Attributes:
        kernel: float16 (k, k, C, D).
        bias: float16 (D,).
        stride: in pixels of its input, the same down and across.
    """

    kernel: np.ndarray
    bias: np.ndarray
    stride: int

    def __call__(self, maps: np.ndarray) -> np.ndarray:
        """float32 (N, h, w, D) of float32 (N, H, W, C)."""
        size, step = self.kernel.shape[0], self.stride
        windows = np.lib.stride_tricks.sliding_window_view(maps, (size, size), (1, 2))[:, ::step, ::step]
        count, height, width = windows.shape[:3]
        rows = windows.transpose(0, 1, 2, 4, 5, 3).reshape(count * height * width, -1)
        matrix = self.kernel.reshape(-1, self.kernel.shape[3]).astype(np.float32)
        found = np.maximum(rows @ matrix + self.bias.astype(np.float32), 0)
        return np.asarray(found.reshape(count, height, width, -1))

    def side(self, side: int, channels: int) -> int:
        """How high and wide its output is for a square input, 0 if it does not take one of that size and those channels."""
        if self.kernel.ndim != 4 or self.bias.shape != self.kernel.shape[3:] or self.stride < 1:
            return 0
        size, across, inputs, _ = self.kernel.shape
        if size != across or not 1 <= size <= side or inputs != channels:
            return 0
        return (side - size) // self.stride + 1


@dataclass(frozen=True, eq=False)
class Compass:
    """Convolutions and two dense layers, with ReLU between all of them; H hidden units, K classes.

    Softmax over all views of a picture (its eight orientations, and for photographs other framings) and the K classes
    together is the probability that this view is the training pictures' and this the class (self-supervision by rotations:
    Gidaris, Singh, Komodakis, ICLR 2018; as a witness of being in distribution: Hendrycks et al., NeurIPS 2019).

    Attributes:
        convolutions: one after the other, the first of a picture of SIDE pixels and one channel.
        hidden, hidden_bias: float16 (P, H), (H,), P being the last convolution's outputs.
        output, output_bias: float16 (H, K), (K,).
        usual: float64 (2,), over held-out pictures the mean of the logsumexp of their scores, and its standard deviation.
    """

    convolutions: tuple[Convolution, ...]
    hidden: np.ndarray
    hidden_bias: np.ndarray
    output: np.ndarray
    output_bias: np.ndarray
    usual: np.ndarray

    def __post_init__(self) -> None:
        if not self._fits() or not all(np.isfinite(values).all() for values in self._arrays().values()):
            raise ValueError("This is not a usable Compass: its matrices do not fit together.")

    def _fits(self) -> bool:
        side, channels = SIDE, 1
        for convolution in self.convolutions:
            side = convolution.side(side, channels)
            if side == 0:
                return False
            channels = convolution.kernel.shape[3]
        units = (self.hidden_bias.size, self.output_bias.size)
        return (
            self.hidden.shape == (side * side * channels, units[0])
            and self.hidden_bias.shape == units[:1]
            and self.output.shape == units
            and self.output_bias.shape == units[1:]
            and self.usual.shape == (2,)
        )

    def _arrays(self) -> dict[str, Any]:
        """Everything by its name in the file; the convolutions count from 0."""
        layers = {
            f"{name}_{place}": np.asarray(values)
            for place, convolution in enumerate(self.convolutions)
            for name, values in vars(convolution).items()
        }
        return layers | {name: values for name, values in vars(self).items() if name != "convolutions"}

    @property
    def is_earlier(self) -> bool:
        """Whether it is as small as those of format 2 were, and knows as little: its word weighs as theirs did."""
        return len(self.convolutions) <= _EARLIER_CONVOLUTIONS

    def scores(self, images: np.ndarray) -> np.ndarray:
        """float64 (N, K): the logits of "as in training, and of this class".

        Args:
            images: float (N, H, W) in any range; each one's contrast is taken as it is.
        """
        found = np.empty((len(images), len(self.output_bias)))
        for start in range(0, len(images), _AT_ONCE):
            part = slice(start, start + _AT_ONCE)
            maps = small(images[part])[..., None]
            for convolution in self.convolutions:
                maps = convolution(maps)
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
        np.savez_compressed(path, format=np.int64(FORMAT), **self._arrays())

    @classmethod
    def load(cls, path: str | Path) -> Compass:
        """Read what `save` wrote, now or in format 2.

        Raises:
            FileNotFoundError: if the file does not exist.
            ValueError: if it is not a Compass.
        """
        with np.load(path, allow_pickle=False) as file:
            arrays = {key: file[key] for key in file.files}
        found = int(arrays.pop("format", 0))
        if found == _EARLIER:
            arrays = _renamed(arrays)
        layers: list[Convolution] = []
        while {f"{name}_{len(layers)}" for name in _LAYER} <= set(arrays):
            kernel, bias, stride = (arrays.pop(f"{name}_{len(layers)}") for name in _LAYER)
            layers.append(Convolution(kernel, bias, int(stride) if stride.ndim == 0 else 0))
        if found not in (_EARLIER, FORMAT) or set(arrays) != set(cls.__dataclass_fields__) - {"convolutions"}:
            raise ValueError(f"{path} is not a Compass of format {FORMAT}.")
        return cls(tuple(layers), **arrays)


_LAYER = tuple(Convolution.__dataclass_fields__)


def _renamed(arrays: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """What format 2 called otherwise, under the names of now."""
    names = {"first": "kernel_0", "first_bias": "bias_0", "second": "kernel_1", "second_bias": "bias_1"}
    strides = {f"stride_{place}": np.array(_EARLIER_STRIDE) for place in range(_EARLIER_CONVOLUTIONS)}
    return {names.get(name, name): values for name, values in arrays.items()} | strides


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
