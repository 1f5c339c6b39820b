"""The Reference: a compact memory of a model's training data, stored beside the model as `reference.npz`.

It holds cluster centres, quantiles and held-out scores, never a training image. What to conclude from them
(typicality, findings) lives elsewhere.
"""

from __future__ import annotations

import dataclasses
import warnings
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from lib.statistics import STATISTICS, bounds, histogram, statistics

FORMAT = 1
HISTOGRAM_LEVELS = (0.05, 0.5, 0.95)
ACTIVATION_LEVELS = (0.01, 0.5, 0.99)
_STATISTIC_LEVELS = np.unique(np.concatenate([(0.001, 0.01), np.arange(1, 40) / 40, (0.99, 0.999)]))
_BATCH = 512


@dataclass(frozen=True)
class Reference:
    """What the training data of one model look like, to the model's first layer and to the others.

    N held-out images, K classes, P prototypes, B histogram bins, L quantile levels, S statistics.

    Attributes:
        value_range: the contract's range, in whose units everything below is.
        prototypes: float16 (P, H, W) or (P, H, W, C). Each is the mean of at least ten images of its class.
        prototype_labels: int16 (P,).
        prototype_sizes: int32 (P,), how many training images each stands for.
        statistic_names: the S names, as in `lib.statistics.STATISTICS`.
        statistic_levels: float64 (L,), increasing, within 0..1.
        statistic_quantiles: float64 (S, L), the training images' quantile of each statistic at each level.
        histogram_edges: float32 (B + 1,).
        histogram_quantiles: float32 (3, B): 5, 50 and 95 % of the training images have at most this share of
            their values in the bin.
        activations: {layer name: float32 (3, units)}: the 1, 50 and 99 % quantile over the training images of
            each dense unit, or of the largest value in each channel's map.
        held_out_logits: float16 (N, K), what the model answers for images that it was not trained on.
        held_out_labels: int16 (N,).
        held_out_distances: float32 (N,), their distance to the nearest prototype (see `nearest`).
    """

    value_range: str
    prototypes: np.ndarray
    prototype_labels: np.ndarray
    prototype_sizes: np.ndarray
    statistic_names: tuple[str, ...]
    statistic_levels: np.ndarray
    statistic_quantiles: np.ndarray
    histogram_edges: np.ndarray
    histogram_quantiles: np.ndarray
    activations: dict[str, np.ndarray]
    held_out_logits: np.ndarray
    held_out_labels: np.ndarray
    held_out_distances: np.ndarray

    def __post_init__(self) -> None:
        bounds(self.value_range)
        statistic_shape = (len(self.statistic_names), len(self.statistic_levels))
        prototypes, held_out = len(self.prototypes), len(self.held_out_labels)
        checks = {
            "prototypes (P, H, W) or (P, H, W, C)": self.prototypes.ndim in (3, 4),
            "prototype_labels (P,)": self.prototype_labels.shape == (prototypes,),
            "prototype_sizes (P,)": self.prototype_sizes.shape == (prototypes,),
            "statistic_levels, increasing in 0..1": _increases(self.statistic_levels)
            and self.statistic_levels[0] >= 0
            and self.statistic_levels[-1] <= 1,
            "statistic_quantiles (S, L), not decreasing": self.statistic_quantiles.shape == statistic_shape
            and bool((np.diff(self.statistic_quantiles, axis=1) >= 0).all()),
            "histogram_edges, increasing": _increases(self.histogram_edges),
            "histogram_quantiles (3, B)": self.histogram_quantiles.shape
            == (3, len(self.histogram_edges) - 1),
            "activations (3, units)": all(a.ndim == 2 and len(a) == 3 for a in self.activations.values()),
            "held_out_logits (N, K)": self.held_out_logits.ndim == 2
            and len(self.held_out_logits) == held_out,
            "held_out_distances (N,)": self.held_out_distances.shape == (held_out,),
        }
        wrong = [name for name, passed in checks.items() if not passed]
        arrays = [value for value in vars(self).values() if isinstance(value, np.ndarray)]
        if not all(np.isfinite(array).all() for array in (*arrays, *self.activations.values())):
            wrong.append("finite numbers")
        if wrong:
            raise ValueError(f"This is not a usable Reference; it should have {'; '.join(wrong)}.")

    @property
    def held_out_energy(self) -> np.ndarray:
        """float64 (N,): minus logsumexp of the held-out logits, lower for what the model knows (Liu et al. 2020)."""
        logits = self.held_out_logits.astype(np.float64)
        largest = logits.max(1)
        return -(largest + np.log(np.exp(logits - largest[:, None]).sum(1)))

    @property
    def held_out_max_logit(self) -> np.ndarray:
        """float64 (N,): the largest logit of each held-out image."""
        return self.held_out_logits.astype(np.float64).max(1)

    def band(self, name: str, low: float = 0.05, high: float = 0.95) -> tuple[float, float]:
        """The values of a statistic between which the share `high - low` of the training images lies.

        Levels between the stored ones are interpolated; levels beyond them give the outermost quantile.
        """
        if not 0 <= low <= high <= 1:
            raise ValueError(f"A band needs levels 0 <= low <= high <= 1, not {low} and {high}.")
        ends = np.interp((low, high), self.statistic_levels, self._quantiles(name))
        return float(ends[0]), float(ends[1])

    def percentile(self, name: str, value: float | np.ndarray) -> np.ndarray:
        """The share (0..1) of the training images whose statistic is below `value`, ties counted half.

        0 or 1 means outside of all stored quantiles. Same shape as `value`.
        """
        quantiles = self._quantiles(name)
        # Many images share the largest value 255 or the zero border: equal quantiles become one knot.
        knots, first = np.unique(quantiles, return_index=True)
        last = np.append(first[1:], len(quantiles)) - 1
        levels = (self.statistic_levels[first] + self.statistic_levels[last]) / 2
        return np.interp(value, knots, levels, left=0.0, right=1.0)

    def nearest(self, batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The most similar prototype of each image.

        Similarity is the cosine between what image and prototype have above black; the distance is one minus
        it, 0..2, and 1 for an image without ink. It does not see contrast or range, the statistics do.

        Args:
            batch: (N, ...) in the contract's units, with as many values an image as a prototype has.

        Returns:
            indices int64 (N,) into `prototypes` and distances float64 (N,).
        """
        if len(self.prototypes) == 0:
            raise ValueError("This Reference has no prototypes: no class had ten images to average.")
        values = np.asarray(batch)
        if np.prod(values.shape[1:]) != np.prod(self.prototypes.shape[1:]):
            raise ValueError(
                f"Images of shape {values.shape[1:]} cannot be compared with prototypes {self.prototypes.shape[1:]}."
            )
        black = bounds(self.value_range)[0]
        similarity = _directions(values, black) @ _directions(self.prototypes, black).T
        index = similarity.argmax(1)
        return index, 1.0 - similarity[np.arange(len(index)), index]

    def save(self, path: str | Path) -> None:
        """Write a compressed npz file (no pickled objects)."""
        stored = {
            key: value for key, value in vars(self).items() if key not in ("activations", "statistic_names")
        }
        layers = list(self.activations)
        bands = [np.asarray(self.activations[name], np.float32) for name in layers]
        np.savez_compressed(
            path,
            format=np.int64(FORMAT),
            statistic_names=np.array(self.statistic_names, np.str_),
            activation_layers=np.array(layers, np.str_),
            activation_units=np.array([band.shape[1] for band in bands], np.int64),
            activation_bands=np.concatenate([np.zeros((3, 0), np.float32), *bands], axis=1),
            **stored,
        )

    @classmethod
    def load(cls, path: str | Path | BinaryIO) -> Reference:
        """Read what `save` wrote.

        Raises:
            FileNotFoundError: if the file does not exist.
            ValueError: if it is not a Reference, or is damaged.
        """
        try:
            with np.load(path, allow_pickle=False) as file:
                arrays = {key: file[key] for key in file.files}
        except (zipfile.BadZipFile, EOFError, AttributeError, ValueError) as error:
            raise ValueError(f"{path} is not a Reference file (npz): {error}.") from None
        if "format" not in arrays or int(arrays.pop("format")) != FORMAT:
            raise ValueError(
                f"{path} is not a Reference of format {FORMAT}; make it again with this version."
            )
        try:
            layers = [str(name) for name in arrays.pop("activation_layers")]
            ends = np.cumsum(arrays.pop("activation_units"))
            bands = np.split(arrays.pop("activation_bands"), ends[:-1], axis=1)
            values: dict[str, Any] = {field.name: arrays[field.name] for field in _STORED_FIELDS}
            values["value_range"] = str(values["value_range"])
            names = tuple(str(name) for name in arrays["statistic_names"])
        except KeyError as error:
            raise ValueError(f"{path} is incomplete: it has no {error}.") from None
        return cls(activations=dict(zip(layers, bands, strict=False)), statistic_names=names, **values)

    def _quantiles(self, name: str) -> np.ndarray:
        if name not in self.statistic_names:
            raise ValueError(f"No statistic is called {name!r}; there are {', '.join(self.statistic_names)}.")
        return self.statistic_quantiles[self.statistic_names.index(name)]


_STORED_FIELDS = [
    field for field in dataclasses.fields(Reference) if field.name not in ("activations", "statistic_names")
]


def build_reference(
    model: Any,
    inputs: np.ndarray,
    labels: np.ndarray,
    held_out_inputs: np.ndarray,
    held_out_labels: np.ndarray,
    value_range: str,
    clusters: int = 8,
    smallest_cluster: int = 10,
    bins: int = 32,
    seed: int = 0,
) -> Reference:
    """Summarise training data for one model.

    Args:
        model: a Keras model (functional or sequential) whose output is logits (N, K).
        inputs: float32 (M, ...), the training images as the model takes them.
        labels: (M,) integers.
        held_out_inputs, held_out_labels: the same for images that took no part in the training.
        value_range: the contract's range, see `lib.statistics.bounds`.
        clusters: prototypes a class at most (k-means).
        smallest_cluster: a prototype is stored only if it is the mean of at least so many images.
        bins: histogram bins over the value range.
        seed: of the clustering.
    """
    if len(inputs) == 0 or len(held_out_inputs) == 0:
        raise ValueError("A Reference needs at least one training image and one held-out image.")
    low, high = bounds(value_range)
    per_image = [statistics(inputs[i : i + _BATCH], value_range) for i in range(0, len(inputs), _BATCH)]
    table = np.stack([np.concatenate([part[name] for part in per_image]) for name in STATISTICS])
    edges = np.linspace(low, high, bins + 1)
    shares = np.concatenate([histogram(inputs[i : i + _BATCH], edges) for i in range(0, len(inputs), _BATCH)])
    prototypes, prototype_labels, sizes = _prototypes(inputs, labels, clusters, smallest_cluster, seed)
    activations, _ = _run(model, inputs)
    _, logits = _run(model, held_out_inputs)
    reference = Reference(
        value_range=value_range,
        prototypes=prototypes,
        prototype_labels=prototype_labels,
        prototype_sizes=sizes,
        statistic_names=STATISTICS,
        statistic_levels=_STATISTIC_LEVELS,
        statistic_quantiles=np.quantile(table, _STATISTIC_LEVELS, axis=1).T,
        histogram_edges=edges.astype(np.float32),
        histogram_quantiles=np.quantile(shares, HISTOGRAM_LEVELS, axis=0).astype(np.float32),
        activations={
            name: np.quantile(values, ACTIVATION_LEVELS, axis=0).astype(np.float32)
            for name, values in activations.items()
        },
        held_out_logits=np.clip(logits, -6e4, 6e4).astype(np.float16),
        held_out_labels=np.asarray(held_out_labels, np.int16),
        held_out_distances=np.zeros(len(held_out_inputs), np.float32),
    )
    if len(prototypes) == 0:
        return dataclasses.replace(reference, held_out_distances=np.ones(len(held_out_inputs), np.float32))
    distances = reference.nearest(held_out_inputs)[1].astype(np.float32)
    return dataclasses.replace(reference, held_out_distances=distances)


def _prototypes(
    inputs: np.ndarray, labels: np.ndarray, clusters: int, smallest: int, seed: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Cluster centres of each class, the largest cluster first."""
    # Only making a Reference needs these, reading one does not.
    from sklearn.cluster import KMeans
    from sklearn.exceptions import ConvergenceWarning

    shape = inputs.shape[1:]
    if len(shape) == 1:
        side = int(np.sqrt(shape[0]))
        shape = (side, side) if side * side == shape[0] else (1, shape[0])
    if shape[-1] == 1 and len(shape) == 3:
        shape = shape[:2]
    centres: list[np.ndarray] = []
    owners: list[int] = []
    sizes: list[int] = []
    for label in np.unique(labels):
        members = np.asarray(inputs[labels == label], np.float32).reshape(-1, int(np.prod(shape)))
        wanted = min(clusters, len(members) // smallest)
        if wanted == 0:
            continue
        with warnings.catch_warnings():
            # Equal images, such as blank ones, make fewer clusters than wanted, which is as it should be.
            warnings.simplefilter("ignore", ConvergenceWarning)
            assigned = KMeans(wanted, n_init=2, random_state=seed).fit_predict(members)
        count = np.bincount(assigned, minlength=wanted)
        for cluster in np.argsort(-count, kind="stable"):
            if count[cluster] >= smallest:
                centres.append(members[assigned == cluster].mean(0).reshape(shape).astype(np.float16))
                owners.append(int(label))
                sizes.append(int(count[cluster]))
    stacked = np.stack(centres) if centres else np.zeros((0, *shape), np.float16)
    return stacked, np.array(owners, np.int16), np.array(sizes, np.int32)


def _run(model: Any, inputs: np.ndarray) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Each layer's units {name: (M, units)}, channels by their largest value, and the logits (M, K)."""
    import keras  # Reading a Reference should not need TensorFlow.
    import tensorflow as tf

    # Flattened or reshaped maps repeat another layer's values without its channels.
    silent = (keras.layers.InputLayer, keras.layers.Flatten, keras.layers.Reshape)
    layers = [layer for layer in model.layers if not isinstance(layer, silent)]
    probe = keras.Model(model.inputs, [layer.output for layer in layers] + [model.outputs[0]])

    @tf.function(reduce_retracing=True)
    def forward(batch: Any) -> list[Any]:
        outputs = probe([batch], training=False)
        return [tf.reduce_max(o, axis=list(range(1, len(o.shape) - 1))) for o in outputs]

    parts = [
        [value.numpy() for value in forward(tf.convert_to_tensor(inputs[i : i + _BATCH], tf.float32))]
        for i in range(0, len(inputs), _BATCH)
    ]
    *units, logits = (np.concatenate(column) for column in zip(*parts, strict=True))
    return {layer.name: values for layer, values in zip(layers, units, strict=True)}, logits


def _directions(values: np.ndarray, black: float) -> np.ndarray:
    """float64 (N, D) of unit length, or zero where nothing is above black."""
    flat = np.asarray(values, np.float64).reshape(len(values), -1) - black
    length = np.sqrt((flat**2).sum(1, keepdims=True))
    return np.divide(flat, length, out=np.zeros_like(flat), where=length > 0)


def _increases(values: np.ndarray) -> bool:
    return values.ndim == 1 and len(values) >= 2 and bool((np.diff(values) > 0).all())
