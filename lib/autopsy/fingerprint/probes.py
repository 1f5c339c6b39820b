"""Pictures that show how a network behaves at large: noise of several kinds, and the Reference's prototypes if there is one.

What is concluded from the answers lives in the files beside this one.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from lib.contract import Contract
from lib.dataset.tensors import training_pipeline
from lib.pipeline import Layout, ValueRange

if TYPE_CHECKING:
    from lib.network import Network, Trace

ALPHAS = (1 / 255, 1 / 16, 0.5, 1.0, 2.0, 16.0, 255.0)
"""The factors by which the probes' numbers are multiplied."""

# Numbers in one batch of probes: 5 pictures of 224 x 224 x 3, and more of smaller ones.
_PROBE_VALUES = 750_000
_MOST_PROBES = 25
# Numbers in the activations that are kept at once.
_ACTIVATIONS = 40_000_000


@dataclass(frozen=True, eq=False)
class Answers:
    """What a network says to the probes.

    Attributes:
        tensors: float32 (N, *input_shape), in the contract's range.
        prototypes: how many of them, at the end, are means of training pictures.
        trace: for the first of them, with every layer.
        scaled: factor of ALPHAS -> the answers to all tensors times that factor, without layers.
    """

    tensors: np.ndarray
    prototypes: int
    trace: Trace
    scaled: dict[float, Trace]

    @property
    def plain(self) -> Trace:
        """The answers to the tensors as they are."""
        return self.scaled[1.0]


def ask(network: Network) -> Answers:
    """Puts the probes to the network: one batch per factor, and one for all layers."""
    contract = network.contract
    size = math.prod(contract.input_shape)
    count = min(_MOST_PROBES, max(5, _PROBE_VALUES // size))
    tensors, _ = noise(contract, count)
    prototypes = _prototypes(network, count)
    tensors = np.concatenate([tensors, prototypes])
    with np.errstate(all="ignore"):  # a broken network's scores may be infinite
        scaled = {alpha: network.trace(tensors * np.float32(alpha), layers=()) for alpha in ALPHAS}
    activations = sum(math.prod(n or 1 for n in layer.shape) for layer in network.layers)
    shown = max(2, min(len(tensors), _ACTIVATIONS // max(activations, 1)))
    # From both ends, so that noise and prototypes are among them.
    order = np.argsort(np.minimum(np.arange(len(tensors)), np.arange(len(tensors))[::-1]), kind="stable")
    with np.errstate(all="ignore"):
        trace = network.trace(tensors[np.sort(order[:shown])])
    return Answers(tensors, len(prototypes), trace, scaled)


def _prototypes(network: Network, count: int) -> np.ndarray:
    """Some of the Reference's prototypes, evenly over the classes, as tensors."""
    reference, shape = network.reference, network.contract.input_shape
    if reference is None or math.prod(reference.prototypes.shape[1:]) != math.prod(shape):
        return np.zeros((0, *shape), np.float32)
    available = len(reference.prototypes)
    rows = np.unique(np.linspace(0, available, min(count, available), endpoint=False).astype(int))
    return reference.prototypes[rows].astype(np.float32).reshape(-1, *shape)


def noise(contract: Contract, count: int, seed: int = 0) -> tuple[np.ndarray, tuple[str, ...]]:
    """Pictures without any class, as this network takes them.

    Returns:
        float32 (count, *input_shape) in the contract's range, and the kind of each, a key of NOISE, in turns.
    """
    random = np.random.default_rng(seed)
    steps = training_pipeline(contract)
    value_range, layout = steps["value_range"], steps["layout"]
    assert isinstance(value_range, ValueRange) and isinstance(layout, Layout)
    names = tuple(NOISE)
    kinds = tuple(names[index % len(names)] for index in range(count))
    tensors = np.empty((count, *contract.input_shape), np.float32)
    for index, kind in enumerate(kinds):
        image = NOISE[kind](random, contract.size, contract.channels)
        image = np.clip(image, 0, 255).astype(np.float32)
        tensors[index] = layout.apply(value_range.apply(image[..., 0] if contract.channels == 1 else image))
    return tensors, kinds


def _static(random: np.random.Generator, size: tuple[int, int], channels: int) -> np.ndarray:
    return random.uniform(0, 255, (*size, channels))


def _clouds(random: np.random.Generator, size: tuple[int, int], channels: int) -> np.ndarray:
    """Blurred noise, stretched to the full range."""
    sigma = max(size) * random.uniform(0.04, 0.2)
    static = random.normal(size=(*size, channels)).astype(np.float32)
    image = np.asarray(cv2.GaussianBlur(static, (0, 0), sigma)).reshape(*size, channels)
    low, high = image.min(), image.max()
    return 255 * (image - low) / max(high - low, 1e-9)


def _specks(random: np.random.Generator, size: tuple[int, int], channels: int) -> np.ndarray:
    """Bright points on black, or dark ones on white."""
    points = random.random((*size, 1)) < random.uniform(0.02, 0.3)
    image = np.where(points, random.uniform(100, 255, (*size, channels)), 0.0)
    return image if random.random() < 0.5 else 255 - image


def _patches(random: np.random.Generator, size: tuple[int, int], channels: int) -> np.ndarray:
    """A few large squares of random brightness."""
    cells = int(random.integers(2, 8))
    coarse = random.uniform(0, 255, (cells, cells, channels)).astype(np.float32)
    return cv2.resize(coarse, size[::-1], interpolation=cv2.INTER_NEAREST).reshape(*size, channels)


def _lines(random: np.random.Generator, size: tuple[int, int], channels: int) -> np.ndarray:
    """Crossing strokes, bright on black or dark on white: ink without a meaning."""
    height, width = size
    canvas = np.zeros((height, width), np.uint8)
    thickness = max(1, round(max(size) * 0.08))
    for _ in range(int(random.integers(2, 7))):
        ends = random.uniform(0, 1, (2, 2)) * (width - 1, height - 1)
        first, last = [(int(x), int(y)) for x, y in ends]
        cv2.line(canvas, first, last, 255, thickness, cv2.LINE_AA)
    image = np.repeat(canvas[..., None], channels, axis=2).astype(np.float64)
    return image if random.random() < 0.5 else 255 - image


NOISE: dict[str, Callable[[np.random.Generator, tuple[int, int], int], np.ndarray]] = {
    "static": _static,
    "clouds": _clouds,
    "specks": _specks,
    "patches": _patches,
    "lines": _lines,
}
"""Kind -> makes one picture, float (H, W, C), 0..255."""
