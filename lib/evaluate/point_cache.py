"""What sweeps have measured before, by content: the same weights, images, pipeline and values give the same point."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from lib.dataset import Dataset
from lib.dataset.dataset import Pictures
from lib.evaluate.axis import Axis, Value
from lib.pipeline import Pipeline

if TYPE_CHECKING:
    from lib.network import Network

_MOST = 20_000


@dataclass(frozen=True)
class Point:
    """`right` of `n` pictures, and the sum of the confidences."""

    n: int
    right: int
    confidences: float

    @property
    def accuracy(self) -> float:
        return self.right / self.n if self.n else float("nan")

    @property
    def confidence(self) -> float:
        """The mean, 0..1."""
        return self.confidences / self.n if self.n else float("nan")


class PointCache:
    """Points by key; of more than `most`, those go that were not asked for for longest. Thread-safe."""

    def __init__(self, most: int = _MOST) -> None:
        self._most = most
        self._points: OrderedDict[str, Point] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._points)

    def get(self, key: str) -> Point | None:
        with self._lock:
            if key in self._points:
                self._points.move_to_end(key)
            return self._points.get(key)

    def put(self, key: str, point: Point) -> None:
        with self._lock:
            self._points[key] = point
            self._points.move_to_end(key)
            while len(self._points) > self._most:
                self._points.popitem(last=False)


_KEYS: WeakKeyDictionary[Network, str] = WeakKeyDictionary()


def network_key(network: Network) -> str:
    """Names a network by its weights, its structure and what its outputs mean; computed once."""
    found = _KEYS.get(network)
    if found is None:
        digest = hashlib.sha256(repr((network.contract.input_shape, network.contract.output)).encode())
        digest.update(repr((network.contract.class_names, network.contract.task)).encode())
        digest.update(network.model.to_json().encode())
        for weights in network.model.get_weights():
            digest.update(np.ascontiguousarray(weights).tobytes())
        found = _KEYS[network] = digest.hexdigest()
    return found


def data_key(dataset: Dataset, rows: np.ndarray, labels: np.ndarray) -> str:
    """Names some images of a data set by their pixels and their classes."""
    digest = hashlib.sha256(labels.tobytes())
    digest.update(rows.tobytes())  # noise is seeded by the row
    if isinstance(dataset.images, Pictures):
        for row in rows.tolist():
            digest.update(dataset.images[row].digest.encode())
    else:
        digest.update(repr(dataset.images.shape[1:]).encode())
        digest.update(np.ascontiguousarray(dataset.images[rows]).tobytes())
    return digest.hexdigest()


def point_key(
    network: str, data: str, pipeline: Pipeline, axes: Sequence[Axis], values: Sequence[Value]
) -> str:
    """Names a point; axes in another order are the same point, except that disturbances act one after the other."""
    disturbances = []
    for axis, value in zip(axes, values, strict=True):
        if axis.is_disturbance:
            disturbances.append([axis.name, float(value)])
        pipeline = axis.at(pipeline, value)
    acting = [step.to_dict() for step in pipeline if step.on]
    return hashlib.sha256(json.dumps([network, data, acting, disturbances]).encode()).hexdigest()
