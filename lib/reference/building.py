"""Makes a Reference from labelled images, batch by batch, so that they need not all be in memory."""

from __future__ import annotations

import dataclasses
import math
import warnings
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from lib.compiled import compiled
from lib.reference.feature_bank import feature_forward, stratified, with_feature_bank
from lib.reference.grain import MOST_PICTURES
from lib.reference.likeness import build_likeness
from lib.reference.reference import Reference
from lib.statistics import STATISTICS, bounds, histogram, statistics

if TYPE_CHECKING:
    from lib.unfold import Unfolded

HISTOGRAM_LEVELS = (0.05, 0.5, 0.95)
ACTIVATION_LEVELS = (0.01, 0.5, 0.99)
STATISTIC_LEVELS = np.unique(np.concatenate([(0.001, 0.01), np.arange(1, 40) / 40, (0.99, 0.999)]))

_LARGEST_BATCH = 512
_BATCH_BYTES = 16_000_000
# What may be held at once: activations of all images, images of one class, and what the file may weigh.
_ACTIVATION_VALUES = 64_000_000
_CLASS_BYTES = 256_000_000
_PROTOTYPE_BYTES = 32_000_000
# Of so many images the strokes are looked at: more hardly move a class's mean and its axes.
_LOOKED_AT = 20_000
# Flattened or reshaped maps repeat another layer's values without its channels.
_SILENT = frozenset({"InputLayer", "Flatten", "Reshape"})

Progress = Callable[[int, int], None]


class Images(Protocol):
    """float32 (N, ...) as a network takes them: an array, or something that makes the rows when they are asked for."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    def __len__(self) -> int: ...
    def __getitem__(self, rows: Any) -> np.ndarray:
        """The rows of a slice or of an index array."""


def build_reference(
    model: Any,
    inputs: Images,
    labels: np.ndarray,
    held_out_inputs: Images,
    held_out_labels: np.ndarray,
    value_range: str,
    clusters: int = 8,
    smallest_cluster: int = 10,
    bins: int = 32,
    seed: int = 0,
    progress: Progress | None = None,
) -> Reference:
    """Summarise training data for one model.

    Large images get fewer prototypes a class, or none, so that a Reference stays below some ten megabytes; of networks
    with very many units the activations' quantiles are taken over a random part of the images. The held-out images must not
    be among the others: what is said about them would not hold for new pictures.

    Args:
        model: a `lib.network.Network`, or a Keras model (functional or sequential) with one input and one output. Logits
            are taken before a final softmax or sigmoid.
        inputs: float32 (M, ...), the training images as the model takes them.
        labels: (M,) integers.
        held_out_inputs, held_out_labels: the same for images that took no part in the training.
        value_range: the contract's range, see `lib.statistics.bounds`.
        clusters: prototypes a class at most (k-means).
        smallest_cluster: a prototype is stored only if it is the mean of at least so many images.
        bins: histogram bins over the value range.
        seed: of the clustering.
        progress: called with (images done, images in all), counting every image as often as it is looked at.

    Raises:
        ValueError: there are no images, an image has values that are not finite, or the model answers with such.
    """
    if len(inputs) == 0 or len(held_out_inputs) == 0:
        raise ValueError("A Reference needs at least one training image and one held-out image.")
    labels = np.asarray(labels)
    opened, logits_of = _opened(model)
    activations = _Activations(opened)
    watched = _part(len(inputs), activations.units, seed)
    count = _Count(len(inputs) + len(watched) + len(held_out_inputs), progress)
    edges = np.linspace(*bounds(value_range), bins + 1)
    table, shares = _pixel_facts(inputs, edges, value_range, count)
    bands = _activation_bands(activations, inputs, watched, count)
    logits = np.concatenate(
        [count.add(logits_of(held_out_inputs[rows])) for rows in _slices(held_out_inputs)]
    )
    _check_finite(logits)
    prototypes, prototype_labels, sizes = _prototypes(inputs, labels, clusters, smallest_cluster, seed)
    reference = Reference(
        value_range=value_range,
        prototypes=prototypes,
        prototype_labels=prototype_labels,
        prototype_sizes=sizes,
        statistic_names=STATISTICS,
        statistic_levels=STATISTIC_LEVELS,
        statistic_quantiles=np.quantile(table, STATISTIC_LEVELS, axis=1).T,
        histogram_edges=edges.astype(np.float32),
        histogram_quantiles=np.quantile(shares, HISTOGRAM_LEVELS, axis=0).astype(np.float32),
        activations=bands,
        held_out_logits=np.clip(logits, -6e4, 6e4).astype(np.float16),
        held_out_labels=np.asarray(held_out_labels, np.int16),
        held_out_distances=np.ones(len(held_out_inputs), np.float32),
        held_out_statistics=_statistics_table(held_out_inputs, value_range),
    )
    if len(prototypes):
        distances = [reference.nearest(held_out_inputs[rows])[1] for rows in _slices(held_out_inputs)]
        reference = dataclasses.replace(
            reference, held_out_distances=np.concatenate(distances).astype(np.float32)
        )
    looked_at = stratified(labels, seed, _LOOKED_AT)
    likeness = build_likeness(
        _batches(inputs, looked_at),
        labels[looked_at],
        stratified(labels[looked_at], seed, MOST_PICTURES),
        (held_out_inputs[rows] for rows in _slices(held_out_inputs)),
        logits,
        value_range,
    )
    banked = stratified(labels, seed)
    return with_feature_bank(
        dataclasses.replace(reference, likeness=likeness),
        *feature_forward(opened),
        _batches(inputs, banked),
        labels[banked],
        (held_out_inputs[rows] for rows in _slices(held_out_inputs)),
    )


def _pixel_facts(
    inputs: Images, edges: np.ndarray, value_range: str, count: _Count
) -> tuple[np.ndarray, np.ndarray]:
    """Every image's statistics, float64 (S, M), and its histogram, (M, B)."""
    table, shares = [], []
    for rows in _slices(inputs):
        batch = inputs[rows]
        table.append(_statistics(batch, value_range))
        shares.append(count.add(histogram(batch, edges)))
    return np.concatenate(table, axis=1), np.concatenate(shares)


def _statistics(batch: np.ndarray, value_range: str) -> np.ndarray:
    """float64 (S, n)."""
    found = statistics(batch, value_range)
    return np.stack([found[name] for name in STATISTICS])


def _statistics_table(inputs: Images, value_range: str) -> np.ndarray:
    """Every image's statistics, float32 (N, S)."""
    parts = [_statistics(inputs[rows], value_range).T for rows in _slices(inputs)]
    return np.concatenate(parts).astype(np.float32)


def _activation_bands(
    activations: _Activations, inputs: Images, watched: np.ndarray, count: _Count
) -> dict[str, np.ndarray]:
    """{layer: float32 (3, units)}, see `Reference.activations`."""
    at_once = _batch_size(inputs)
    parts = []
    for first in range(0, len(watched), at_once):
        found = activations.of(inputs[watched[first : first + at_once]])
        count.add(found[0] if found else watched[first : first + at_once])
        parts.append(found)
    bands = {}
    for index, name in enumerate(activations.names):
        values = np.concatenate([part[index] for part in parts])
        _check_finite(values)
        bands[name] = np.quantile(values, ACTIVATION_LEVELS, axis=0).astype(np.float32)
    return bands


def _prototypes(
    inputs: Images, labels: np.ndarray, clusters: int, smallest: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cluster centres of each class, the largest cluster first."""
    # Only making a Reference needs these, reading one does not.
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    shape = _image_shape(inputs.shape[1:])
    values = math.prod(shape)
    classes = np.unique(labels)
    clusters = min(clusters, _PROTOTYPE_BYTES // (2 * values * max(len(classes), 1)))
    centres: list[np.ndarray] = []
    owners: list[int] = []
    sizes: list[int] = []
    for label in classes:
        rows = np.flatnonzero(labels == label)
        rows = rows[_some(len(rows), max(smallest, _CLASS_BYTES // (4 * values)), seed)]
        wanted = min(clusters, len(rows) // smallest)
        if wanted == 0:
            continue
        members = np.asarray(inputs[rows], np.float32).reshape(-1, values)
        with warnings.catch_warnings():
            # Equal images, such as blank ones, make fewer clusters than wanted, which is as it should be.
            warnings.simplefilter("ignore", ConvergenceWarning)
            assigned = KMeans(wanted, n_init=2, random_state=seed).fit_predict(members)
        found = np.bincount(assigned, minlength=wanted)
        for cluster in np.argsort(-found, kind="stable"):
            if found[cluster] >= smallest:
                centres.append(members[assigned == cluster].mean(0).reshape(shape).astype(np.float16))
                owners.append(int(label))
                sizes.append(int(found[cluster]))
    stacked = np.stack(centres) if centres else np.zeros((0, *shape), np.float16)
    return stacked, np.array(owners, np.int16), np.array(sizes, np.int32)


def _image_shape(shape: tuple[int, ...]) -> tuple[int, ...]:
    """(H, W) or (H, W, C) of a tensor's shape; a vector of a square number of values is a square."""
    if len(shape) == 1:
        side = math.isqrt(shape[0])
        return (side, side) if side * side == shape[0] else (1, shape[0])
    return shape[:2] if len(shape) == 3 and shape[-1] == 1 else shape


class _Activations:
    """Each layer's units, channels by their largest value, in the order of the computation."""

    def __init__(self, opened: Any) -> None:
        import keras  # Reading a Reference should not need TensorFlow.
        import tensorflow as tf

        layers = [layer for layer in opened.layers if layer.kind not in _SILENT]
        self.names = [layer.name for layer in layers]
        self.units = sum(layer.shape[-1] or 1 for layer in layers if layer.shape)
        probe = keras.Model(opened.inputs, [opened.tensors[name] for name in self.names])

        def forward(batch: Any) -> list[Any]:
            # Reduced inside the graph: a deep network's maps of one batch together would fill the memory.
            outputs = probe(batch, training=False)
            outputs = outputs if isinstance(outputs, list | tuple) else [outputs]
            flat = [tf.cast(o if len(o.shape) > 1 else o[:, None], tf.float32) for o in outputs]
            return [tf.reduce_max(o, axis=list(range(1, len(o.shape) - 1))) for o in flat]

        signature = tf.TensorSpec((None, *opened.inputs.shape[1:]), tf.float32)
        self._forward = compiled(forward, [signature])

    def of(self, batch: np.ndarray) -> list[np.ndarray]:
        """float32 (n, units) for each layer."""
        return [value.numpy() for value in self._forward(_tensor(batch))]


def _opened(model: Any) -> tuple[Unfolded, Callable[[np.ndarray], np.ndarray]]:
    """The model opened up, and a function from a batch to its logits (n, K)."""
    import keras
    import tensorflow as tf

    from lib.unfold import unfold

    if not isinstance(
        model, keras.Model
    ):  # a Network, which knows more about its output than the graph shows
        return unfold(model.model), lambda batch: model.trace(batch, layers=()).logits
    opened = unfold(model)
    signature = tf.TensorSpec((None, *opened.inputs.shape[1:]), tf.float32)
    head = keras.Model(opened.inputs, opened.logits)
    forward = compiled(lambda batch: head(batch, training=False), [signature])
    return opened, lambda batch: forward(_tensor(batch)).numpy()


def _tensor(batch: np.ndarray) -> Any:
    import tensorflow as tf

    return tf.constant(np.asarray(batch, np.float32))


class _Count:
    def __init__(self, total: int, progress: Progress | None) -> None:
        self._done, self._total, self._progress = 0, total, progress

    def add(self, rows: np.ndarray) -> np.ndarray:
        """Counts these rows as done, and gives them back."""
        self._done += len(rows)
        if self._progress is not None:
            self._progress(self._done, self._total)
        return rows


def _batch_size(inputs: Images) -> int:
    return max(1, min(_LARGEST_BATCH, _BATCH_BYTES // (4 * math.prod(inputs.shape[1:]))))


def _slices(inputs: Images) -> Iterator[slice]:
    at_once = _batch_size(inputs)
    return (slice(first, first + at_once) for first in range(0, len(inputs), at_once))


def _batches(inputs: Images, rows: np.ndarray) -> Iterator[np.ndarray]:
    at_once = _batch_size(inputs)
    return (inputs[rows[first : first + at_once]] for first in range(0, len(rows), at_once))


def _part(images: int, units: int, seed: int) -> np.ndarray:
    """The images whose activations are kept: all, or as many as fit."""
    return _some(images, max(100, _ACTIVATION_VALUES // max(units, 1)), seed)


def _some(count: int, most: int, seed: int) -> np.ndarray:
    """Increasing positions below `count`, at most `most` of them, at random."""
    if count <= most:
        return np.arange(count)
    return np.sort(np.random.default_rng(seed).choice(count, most, replace=False))


def _check_finite(values: np.ndarray) -> None:
    wrong = int((~np.isfinite(values)).any(1).sum())
    if wrong:
        raise ValueError(
            f"For {wrong:,} of {len(values):,} images the network gives NaN or infinity: its weights are broken, or its "
            "value range is not the one it was trained with."
        )
