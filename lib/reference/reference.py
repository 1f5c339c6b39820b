"""The Reference: a compact memory of a model's training data, stored beside the model as `reference.npz`.

It holds cluster centres, quantiles, held-out scores and what a layer answers for some training images, never a training
image. Making one lives in `building.py`, what to conclude from it (typicality, findings) elsewhere.
"""

from __future__ import annotations

import dataclasses
import math
import zipfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from lib.probabilities import logsumexp
from lib.reference.compass import Compass
from lib.reference.features import directions, neighbour_distances
from lib.reference.likeness import Likeness
from lib.reference.outlier_probe import OutlierProbe
from lib.reference.stroke_probe import StrokeProbe
from lib.statistics import bounds

FORMAT = 3
# Format 1 had no feature bank, format 2 no likeness.
_READABLE = (1, 2, 3)
# In whose own units the statistics are, see `Reference.tolerance`; the others are shares of the pixels.
_IN_GRAY_LEVELS = frozenset({"max", "min", "mean", "sd", "border_max", "border_mean"})
_IN_SIDES = {"ink_extent": 0.5, "stroke_radius": 0.1}


@dataclass(frozen=True)
class Reference:
    """What the training data of one model look like, to the model's first layer and to the others.

    N held-out images, K classes, P prototypes, B histogram bins, L quantile levels, S statistics, M images in the feature
    bank. No image of the bank, the prototypes or the quantiles is held out.

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
        feature_layer: the layer whose output the last layer with weights reads, or "" without a bank.
        features: float16 (M, D), what that layer gives for some training images of every class, as `directions` of unit
            length; after the projection if there is one.
        feature_labels: int16 (M,).
        feature_basis: float16 (layer's width, D), what the layer's vectors are multiplied by first, or (0, 0) for nothing.
        held_out_feature_distances: float32 (N,), see `feature_distances`.
        held_out_statistics: float32 (N, S), the held-out images' pixel statistics; (0, 0) in a file without them.
        likeness: the training images' strokes and grain, or None in a file without them.
        compass: knows which way up the training images are, or None. It has a file of its own.
        outlier_probe: knows how the layers answer to pictures of no class, or None. It has a file of its own.
        stroke_probe: knows the strokes of pictures of no class, or None. It has a file of its own.
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
    feature_layer: str = ""
    features: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float16))
    feature_labels: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int16))
    feature_basis: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float16))
    held_out_feature_distances: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    held_out_statistics: np.ndarray = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    likeness: Likeness | None = None
    compass: Compass | None = None
    outlier_probe: OutlierProbe | None = None
    stroke_probe: StrokeProbe | None = None

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
            "features (M, D) with feature_labels (M,)": self.features.ndim == 2
            and self.feature_labels.shape == (len(self.features),),
            "feature_basis (layer's width, D)": self.feature_basis.ndim == 2
            and (self.feature_basis.size == 0 or self.feature_basis.shape[1] == self.features.shape[1]),
            "held_out_statistics (N, S)": self.held_out_statistics.shape
            == (held_out, len(self.statistic_names))
            or self.held_out_statistics.size == 0,
            "a likeness of the same held-out images": self.likeness is None
            or self.likeness.fits(held_out, self.held_out_logits.shape[1]),
            "held_out_feature_distances (N,)": self.held_out_feature_distances.shape
            == (held_out if len(self.features) else 0,),
            "an outlier probe of the same held-out images": self.outlier_probe is None
            or self.outlier_probe.held_out.shape == (held_out,),
            "a stroke probe of the same held-out images": self.stroke_probe is None
            or self.stroke_probe.held_out.shape == (held_out,),
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
        return -logsumexp(self.held_out_logits)

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

        0 or 1 means outside of all stored quantiles by more than the tolerance. Same shape as `value`.
        """
        quantiles = self._quantiles(name)
        # Many images share the largest value 255 or the zero border: equal quantiles become one knot.
        knots, first = np.unique(quantiles, return_index=True)
        last = np.append(first[1:], len(quantiles)) - 1
        levels = (self.statistic_levels[first] + self.statistic_levels[last]) / 2
        near = np.clip(value, knots[0], knots[-1])
        near = np.where(np.abs(value - near) <= self.tolerance(name), near, value)
        return np.interp(near, knots, levels, left=0.0, right=1.0)

    def tolerance(self, name: str) -> float:
        """The difference that does not count when a statistic is compared with the training images' values.

        Statistics that all training images share (a black border, the largest value 255) have a band without width,
        and another resize or decoder moves them by a rounding error. Half a gray level for values, half a pixel for
        shares of the pixels and for the ink's extent, a tenth of a pixel for the stroke radius.
        """
        self._quantiles(name)
        height, width = self.prototypes.shape[1:3]
        if name in _IN_GRAY_LEVELS:
            low, high = bounds(self.value_range)
            return (high - low) / 255 / 2
        return _IN_SIDES[name] / max(height, width) if name in _IN_SIDES else 0.5 / (height * width)

    def excess(
        self, name: str, value: float | np.ndarray, low: float = 0.05, high: float = 0.95
    ) -> np.ndarray:
        """By how many band widths a statistic lies outside of the training images' band; 0 inside.

        The band is widened by the tolerance at both ends first, so that no band is without width: where all training
        images have the same value, one unit is one gray level, or one pixel.

        Args:
            value: of any shape, which the result has too.
            low, high: the levels of the band, see `band`.
        """
        first, last = self.band(name, low, high)
        tolerance = self.tolerance(name)
        outside = np.maximum(first - tolerance - np.asarray(value), np.asarray(value) - last - tolerance)
        return np.maximum(outside, 0.0) / (last - first + 2 * tolerance)

    def nearest(self, batch: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The most similar prototype of each image.

        Args:
            batch: as for `distances`.

        Returns:
            indices int64 (N,) into `prototypes` and distances float64 (N,).
        """
        distance = self.distances(batch)
        index = distance.argmin(1)
        return index, distance[np.arange(len(index)), index]

    def distances(self, batch: np.ndarray) -> np.ndarray:
        """How unlike every prototype each image is, float64 (N, P).

        Similarity is the cosine between what image and prototype have above black; the distance is one minus
        it, 0..2, and 1 for an image without ink. It does not see contrast or range, the statistics do.

        Args:
            batch: (N, ...) in the contract's units, with as many values an image as a prototype has.
        """
        if len(self.prototypes) == 0:
            raise ValueError("This Reference has no prototypes: no class had ten images to average.")
        values = np.asarray(batch)
        if np.prod(values.shape[1:]) != np.prod(self.prototypes.shape[1:]):
            raise ValueError(
                f"Images of shape {values.shape[1:]} cannot be compared with prototypes {self.prototypes.shape[1:]}."
            )
        black = bounds(self.value_range)[0]
        return 1.0 - _directions(values, black) @ self._prototype_directions.T

    def feature_distances(self, features: np.ndarray) -> np.ndarray:
        """How far a layer's answers lie from those for training images.

        Both are scaled to unit length (what the classes turn on is the direction); the distance is the mean Euclidean
        distance, 0..2, to the five nearest images of the bank.

        Args:
            features: (N, layer's width), `lib.reference.features.vectors` of the activations of `feature_layer`.

        Returns:
            float64 (N,).

        Raises:
            ValueError: this Reference has no feature bank, or the layer has another width.
        """
        if len(self.features) == 0:
            raise ValueError("This Reference has no feature bank: it was made by an older version.")
        basis = self.feature_basis.astype(np.float32)
        width = len(basis) or self.features.shape[1]
        rows = np.asarray(features, np.float32)
        if rows.ndim != 2 or rows.shape[1] != width:
            raise ValueError(
                f"Features of {self.feature_layer} have {width} values, not the shape {rows.shape}."
            )
        projected = directions(rows) @ basis if len(basis) else rows
        return neighbour_distances(self._bank, directions(projected))

    @cached_property
    def _prototype_directions(self) -> np.ndarray:
        return _directions(self.prototypes, bounds(self.value_range)[0])

    @cached_property
    def _bank(self) -> np.ndarray:
        """float32 (M, D), of unit length again after the rounding to float16."""
        return directions(self.features)

    def save(self, path: str | Path) -> None:
        """Write a compressed npz file (no pickled objects)."""
        stored: dict[str, Any] = {stored.name: getattr(self, stored.name) for stored in _STORED_FIELDS}
        stored |= self.likeness.arrays() if self.likeness else {}
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
        if "format" not in arrays or int(arrays.pop("format")) not in _READABLE:
            raise ValueError(
                f"{path} is not a Reference of format {FORMAT}; make it again with this version."
            )
        try:
            layers = [str(name) for name in arrays.pop("activation_layers")]
            ends = np.cumsum(arrays.pop("activation_units"))
            bands = np.split(arrays.pop("activation_bands"), ends[:-1], axis=1)
            bank = [stored for stored in _STORED_FIELDS if stored.name in _BANK]
            known = [stored for stored in _STORED_FIELDS if stored not in bank or stored.name in arrays]
            values: dict[str, Any] = {stored.name: arrays[stored.name] for stored in known}
            for name in {"value_range", "feature_layer"} & values.keys():
                values[name] = str(values[name])
            values["likeness"] = Likeness.from_arrays(arrays)
            names = tuple(str(name) for name in arrays["statistic_names"])
        except KeyError as error:
            raise ValueError(f"{path} is incomplete: it has no {error}.") from None
        return cls(activations=dict(zip(layers, bands, strict=False)), statistic_names=names, **values)

    def _quantiles(self, name: str) -> np.ndarray:
        if name not in self.statistic_names:
            raise ValueError(f"No statistic is called {name!r}; there are {', '.join(self.statistic_names)}.")
        return self.statistic_quantiles[self.statistic_names.index(name)]


_STORED_FIELDS = [
    stored
    for stored in dataclasses.fields(Reference)
    if stored.name
    not in ("activations", "statistic_names", "likeness", "compass", "outlier_probe", "stroke_probe")
]
_BANK = (
    "feature_layer",
    "features",
    "feature_labels",
    "feature_basis",
    "held_out_feature_distances",
    "held_out_statistics",
)


def _directions(values: np.ndarray, black: float) -> np.ndarray:
    """float64 (N, D) of unit length, or zero where nothing is above black."""
    flat = np.asarray(values, np.float64).reshape(len(values), math.prod(values.shape[1:])) - black
    length = np.sqrt((flat**2).sum(1, keepdims=True))
    return np.divide(flat, length, out=np.zeros_like(flat), where=length > 0)


def _increases(values: np.ndarray) -> bool:
    return values.ndim == 1 and len(values) >= 2 and bool((np.diff(values) > 0).all())
