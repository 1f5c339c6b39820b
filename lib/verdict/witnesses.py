"""The witnesses: measures of how strange a picture is to a network, each from another side. Higher is stranger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from lib.probabilities import logsumexp
from lib.reference import Reference
from lib.reference.grain import grain_vectors
from lib.reference.strokes import stroke_vectors
from lib.statistics import bounds, statistics

LOGIT, FEATURES, PROTOTYPE, STATISTIC, REFUSAL = "logit", "features", "prototype", "statistic", "refusal"
STROKES, GRAIN, OUTSIDERS, RANGE = "strokes", "grain", "outsiders", "range"


@dataclass(frozen=True)
class Witness:
    """What one measure looks at, in words.

    Attributes:
        id: stable, for code.
        title: for a table.
        explanation: a sentence.
        aspect: what it finds strange, within a sentence.
        weight: of its rank in the combination, see `_DRAWN`, `_PICTURED` and `_TAUGHT`.
        per_unit: what its value itself adds there, in nats per unit, see `_PER_RANGE`.
    """

    id: str
    title: str
    explanation: str
    aspect: str
    weight: float = 0.0
    per_unit: float = 0.0


_ALL = (
    Witness(
        LOGIT,
        "Largest logit",
        "How strongly the network answers at all, before softmax hides it.",
        "how weakly the network answers",
    ),
    Witness(
        FEATURES,
        "Learned features",
        "Distance to the five nearest training pictures in the layer before the answer.",
        "the features that the network sees in it",
    ),
    Witness(
        STROKES,
        "Strokes",
        "Where edges run, and which way: distance from what the training pictures of the named class vary in.",
        "its strokes",
    ),
    Witness(
        OUTSIDERS,
        "Known outsiders",
        "What a small network of its own says, taught by strokes of the classes and of drawings, digits and signs.",
        "its likeness to known outsiders",
    ),
    Witness(
        PROTOTYPE,
        "Shape",
        "Distance (one minus cosine) to the most similar training prototype.",
        "its shape",
    ),
    Witness(
        GRAIN,
        "Grain",
        "How rough it is at every scale, from pixel to pixel up, beside the five most similar training pictures.",
        "its grain",
    ),
    Witness(
        STATISTIC,
        "Pixel statistics",
        "The worst of eleven (range, ink, border, stroke width ...) beside what the training pictures have.",
        "its pixel statistics",
    ),
    Witness(
        RANGE,
        "Value range",
        "How far the darkest, brightest or mean value, or their spread, lies beyond those of 998 in 1,000 training ones.",
        "its value range",
    ),
    Witness(
        REFUSAL,
        "Its own refusal",
        "How strongly the network answers with a class for what it does not know.",
        "the network's own refusal",
    ),
)
# Chosen on validation letters and digits, the letters also wrongly preprocessed, and on outsiders that nothing is measured
# with: drawn digits and symbols, Korean, Balinese, square spirals, trees, flowers, scribbles, bricks, wood, coarse and
# salt-and-pepper noise, pieces of photographs. Where the training pictures of a class share their strokes, these tell most
# (`Strokes.tell`); where every picture has another ground, grain and learned features do.
_DRAWN = {LOGIT: 1, FEATURES: 1, STROKES: 4, PROTOTYPE: 0.25, GRAIN: 0.5, STATISTIC: 0.5, REFUSAL: 2}
_PICTURED = {LOGIT: 1, FEATURES: 2, STROKES: 0.5, PROTOTYPE: 0.5, GRAIN: 2, STATISTIC: 0.5, REFUSAL: 2}
# Known outsiders count as much as strokes do; more would cost the kinds that were not taught. Chosen on validation letters
# against square spirals, trees, flowers, bricks, wood, Balinese and eight printed scripts, and digits of other writers.
# A network that refuses by itself was taught outsiders, too: the two say much the same, and share one voice.
_TAUGHT, _TAUGHT_BESIDE_REFUSAL = 4, 2
# Strokes are the same however dark: a picture that is fed as 0..1 to a network of 0..255, or the other way round, passes
# every witness of shape. One whole range beyond the outermost stored quantiles counts as if every witness gave it a p below
# exp(-5), so that it is like nothing in training whatever they say; half the contrast then makes a letter unusual. A tenth
# of a range is what scans and soft pictures differ in, and is nothing. Chosen on wrongly preprocessed validation letters
# and digits, and on validation letters as phone photos.
_PER_RANGE = 6.0
_SLACK = 0.1
_FARTHEST = 1e6
_LEVELS = ("max", "min", "mean", "sd")


class Measures:
    """A Reference's witnesses, prepared for asking often.

    Attributes:
        witnesses: those that the Reference has held-out values for, always in the same order.
        refusing: indices of the classes that have no training picture in the Reference, such as "not a letter".
    """

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._known, found = _classes(reference)
        likeness = reference.likeness
        self._strokes = likeness.strokes if likeness else None
        self._levels = [name for name in _LEVELS if name in reference.statistic_names]
        self.refusing = tuple(found.tolist())
        has = {
            LOGIT: len(self._known) > 0,
            FEATURES: len(reference.features) > 0,
            PROTOTYPE: len(reference.prototypes) > 0,
            STATISTIC: len(reference.held_out_statistics) > 0,
            RANGE: len(reference.held_out_statistics) > 0 and len(self._levels) > 0,
            REFUSAL: len(self._known) > 0 and len(self.refusing) > 0,
            STROKES: self._strokes is not None,
            OUTSIDERS: reference.stroke_probe is not None,
            GRAIN: likeness is not None,
        }
        weights = _DRAWN if self._strokes and self._strokes.tell else _PICTURED
        weights = weights | {OUTSIDERS: _TAUGHT_BESIDE_REFUSAL if has[REFUSAL] else _TAUGHT}
        present = [replace(said, weight=weights.get(said.id, said.weight)) for said in _ALL if has[said.id]]
        per_range = _PER_RANGE * sum(said.weight for said in present)
        self.witnesses = tuple(
            replace(said, per_unit=per_range) if said.id == RANGE else said for said in present
        )

    def held_out(self) -> np.ndarray:
        """float64 (N, W) of the Reference's held-out pictures."""
        reference = self._reference
        values = self._of_logits(reference.held_out_logits)
        values[FEATURES] = reference.held_out_feature_distances
        values[PROTOTYPE] = reference.held_out_distances
        if reference.likeness:
            values[STROKES] = reference.likeness.held_out_strokes
            values[GRAIN] = reference.likeness.held_out_grain
        if reference.stroke_probe:
            values[OUTSIDERS] = reference.stroke_probe.held_out
        if len(reference.held_out_statistics):
            table = reference.held_out_statistics.astype(np.float64)
            named = dict(zip(reference.statistic_names, table.T, strict=True))
            values |= self._of_pixels(named)
        return self._stacked(values)

    def of(self, batch: np.ndarray, logits: np.ndarray, features: np.ndarray | None) -> np.ndarray:
        """float64 (n, W) of new pictures, rounded as the Reference keeps those of the held-out ones.

        Args:
            batch: (n, ...), what the network was given, finite. Beyond `_FARTHEST` ranges it is cut: squares of the largest
                float32 are none any more.
            logits: (n, K), finite.
            features: (n, width), `lib.reference.features.vectors` of the feature layer; None without a feature bank.
        """
        reference, wanted = self._reference, {witness.id for witness in self.witnesses}
        low, high = bounds(reference.value_range)
        batch = np.clip(batch, low - _FARTHEST * (high - low), high + _FARTHEST * (high - low))
        values = self._of_logits(np.clip(logits, -6e4, 6e4).astype(np.float16))
        if FEATURES in wanted and features is not None:
            values[FEATURES] = reference.feature_distances(features).astype(np.float32)
        if self._strokes or reference.stroke_probe:
            vectors = stroke_vectors(batch, reference.value_range)
            if self._strokes:
                values[STROKES] = self._strokes.distances(vectors, logits).astype(np.float32)
            if reference.stroke_probe:
                values[OUTSIDERS] = reference.stroke_probe.scores(vectors).astype(np.float32)
        if reference.likeness:
            grain = grain_vectors(batch, reference.value_range)
            values[GRAIN] = reference.likeness.grain.distances(grain).astype(np.float32)
        if PROTOTYPE in wanted:
            values[PROTOTYPE] = reference.nearest(batch)[1].astype(np.float32)
        if STATISTIC in wanted:
            found = statistics(batch, reference.value_range)
            rounded = {name: value.astype(np.float32).astype(np.float64) for name, value in found.items()}
            values |= self._of_pixels(rounded)
        return self._stacked(values)

    def _of_logits(self, logits: np.ndarray) -> dict[str, np.ndarray]:
        """The largest logit of the known classes, and by how much the others lead over all of them together."""
        exact = logits.astype(np.float64)
        if len(self._known) == 0:
            return {}
        found = {LOGIT: -exact[:, self._known].max(1)}
        if len(self.refusing):
            found[REFUSAL] = logsumexp(exact[:, list(self.refusing)]) - logsumexp(exact[:, self._known])
        return found

    def _of_pixels(self, table: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {STATISTIC: self._worst(table)} | ({RANGE: self._beyond(table)} if self._levels else {})

    def _worst(self, table: Mapping[str, np.ndarray]) -> np.ndarray:
        """float64 (n,): by how many band widths the worst statistic lies outside of the training pictures' band.

        As `Reference.excess` says of each; their bands are looked up once, because every picture asks for all of them.
        """
        values = np.stack([table[name] for name in self._reference.statistic_names])
        low, high = self._bands
        return np.max(np.maximum(np.maximum(low - values, values - high), 0) / (high - low), axis=0)

    def _beyond(self, table: Mapping[str, np.ndarray]) -> np.ndarray:
        """float64 (n,): by how many ranges the worst level lies beyond the outermost training quantiles, less `_SLACK`.

        In units of what lies between black and white, not of a band's width: all training pictures may share one largest
        value, and then the smallest blur would lie many bands away.
        """
        values = np.stack([table[name] for name in self._levels])
        low, high = self._ends
        white = bounds(self._reference.value_range)
        beyond = np.maximum(low - values, values - high).max(axis=0) / (white[1] - white[0])
        return np.maximum(beyond - _SLACK, 0)

    @cached_property
    def _bands(self) -> tuple[np.ndarray, np.ndarray]:
        """float64 (S, 1) each: where the statistics' bands end, widened by their tolerance."""
        return self._widened(
            [self._reference.band(name) for name in self._reference.statistic_names],
            self._reference.statistic_names,
        )

    @cached_property
    def _ends(self) -> tuple[np.ndarray, np.ndarray]:
        """float64 (L, 1) each: the outermost training quantiles of the levels, widened by their tolerance."""
        return self._widened([self._reference.band(name, 0, 1) for name in self._levels], self._levels)

    def _widened(
        self, bands: Sequence[tuple[float, float]], names: Sequence[str]
    ) -> tuple[np.ndarray, np.ndarray]:
        ends, wider = np.array(bands), np.array([self._reference.tolerance(name) for name in names])
        return (ends[:, 0] - wider)[:, None], (ends[:, 1] + wider)[:, None]

    def _stacked(self, values: Mapping[str, np.ndarray]) -> np.ndarray:
        columns = [np.asarray(values[witness.id], np.float64) for witness in self.witnesses]
        return np.stack(columns, axis=1)


def _classes(reference: Reference) -> tuple[np.ndarray, np.ndarray]:
    """Indices of the classes that have training pictures in the Reference, and of the others: "not a letter", say."""
    count = reference.held_out_logits.shape[1]
    # Where a bank has pictures of every class, held-out labels must not say which scores a picture is ranked by.
    others = reference.feature_labels if len(reference.features) else reference.held_out_labels
    labels = (reference.prototype_labels, others)
    known = np.unique(np.concatenate([np.asarray(part, np.int64) for part in labels]))
    known = known[(known >= 0) & (known < count)]
    return known, np.setdiff1d(np.arange(count), known)
