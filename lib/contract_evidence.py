"""How well a network reads labelled images under its contract and under others: evidence for what the contract should say.

Only what changes numbers is tried (value range, polarity, order of the channels), never the geometry.
"""

from __future__ import annotations

import dataclasses
import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import binomtest

from lib.contract import Contract
from lib.dataset.tensors import Tensors
from lib.pipeline import ChannelOrder, Choice, Pipeline, ValueRange
from lib.pipeline.ink import ink_is_dark, ink_mask

if TYPE_CHECKING:
    from lib.network import Network

# Values (pixels times images times readings) that are worth computing, and the images between which that is shared out.
_VALUES = 200_000_000
_FEWEST, _MOST = 64, 2_000
# Beyond this size an inverted image is tried with the contract's own range only.
_SMALL = 64 * 64 * 3
_SIGNIFICANCE = 0.001
_MARGIN = 0.05
_POLARITY_IMAGES = 200
_MOST_OF_THEM = 0.9

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Reading:
    """How many of n images the network reads right when they are prepared in one way.

    Attributes:
        inverted: 255 - x before the value range.
    """

    value_range: str
    channel_order: str
    inverted: bool
    right: int
    n: int

    @property
    def accuracy(self) -> float:
        return self.right / self.n

    def words(self, colour: bool) -> str:
        """For example "0..1, inverted, BGR"."""
        parts = [self.value_range, "inverted" if self.inverted else "", self.channel_order if colour else ""]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Suggestion:
    """Another contract that the sample speaks for.

    Attributes:
        contract, pipeline: take these instead; the pipeline is for the sample, as it was stored.
        reading: what they give.
        sentence: why, in words with numbers.
        as_good: other readings that the sample cannot tell from this one.
    """

    contract: Contract
    pipeline: Pipeline
    reading: Reading
    sentence: str
    as_good: tuple[Reading, ...] = ()


@dataclass(frozen=True)
class Evidence:
    """What the sample says about the contract.

    Attributes:
        own: the reading under the contract as it is, or as a given pipeline has it.
        others: all other readings, the best first.
        suggestion: a contract that is clearly better, or None.
    """

    own: Reading
    others: tuple[Reading, ...]
    suggestion: Suggestion | None


def evidence(
    network: Network, tensors: Tensors, labels: np.ndarray, seed: int = 0, progress: Progress | None = None
) -> Evidence | None:
    """Reads a part of the sample in every way; None if the pipeline has no value range that could be another.

    Another contract is suggested only if it reads at least five points more and an exact McNemar test on the images that
    just one of the two reads right gives p < 0.001, strict enough for two dozen comparisons. The same test decides
    between an image and its inverse, which tells the polarity of the network's training images.

    Args:
        labels: int (N,), the network's class of each image.
    """
    if not tensors.ranges_can_change:
        return None
    contract = network.contract
    colour = contract.channels == 3 and not _is_gray(tensors)
    ways = _ways(tensors, colour)
    rows = _some_of_each(labels, _affordable(contract, len(ways)), seed)
    hits = _hits(network, tensors, labels, rows, ways, progress)
    readings = [Reading(*way, int(hit.sum()), len(rows)) for way, hit in zip(ways, hits, strict=True)]
    best_first = sorted(range(len(ways)), key=lambda i: (-readings[i].right, _changes(ways[0], ways[i]), i))
    others = tuple(readings[i] for i in best_first if i)
    return Evidence(
        readings[0], others, _suggest(contract, tensors, rows, readings, hits, best_first, colour)
    )


def mcnemar(first: np.ndarray, second: np.ndarray) -> float:
    """The exact two-sided p-value that two readings of the same images are equally good; bool (n,) each, True is right."""
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    both = only_first + only_second
    return float(binomtest(only_first, both).pvalue) if both else 1.0


# A way to read: (value range, channel order, inverted). The pipeline's own comes first; by default it is the contract's.
_Way = tuple[str, str, bool]


def _ways(tensors: Tensors, colour: bool) -> list[_Way]:
    own = (tensors.value_range, tensors.channel_order, False)
    ranges = _options(ValueRange, "mode")
    orders = _options(ChannelOrder, "order") if colour else (own[1],)
    ways: list[_Way] = [(r, o, i) for r, o, i in itertools.product(ranges, orders, (False, True))]
    if math.prod(tensors.contract.input_shape) > _SMALL:
        ways = [way for way in ways if not way[2] or way[:2] == own[:2]]
    return [own, *(way for way in ways if way != own)]


def _options(step: type, parameter: str) -> tuple[str, ...]:
    found = step.parameters()[parameter]  # type: ignore[attr-defined]
    assert isinstance(found, Choice)
    return found.options


def _affordable(contract: Contract, ways: int) -> int:
    return min(_MOST, max(_FEWEST, _VALUES // (math.prod(contract.input_shape) * ways)))


def _some_of_each(labels: np.ndarray, most: int, seed: int) -> np.ndarray:
    """Increasing positions of at most `most` images, about as many of each class."""
    from lib.dataset.sampling import choose

    return choose(labels, most, seed, balanced=True)


def _hits(
    network: Network,
    tensors: Tensors,
    labels: np.ndarray,
    rows: np.ndarray,
    ways: list[_Way],
    progress: Progress | None,
) -> np.ndarray:
    """bool (ways, n): whether the network reads each image right."""
    contract = network.contract
    at_once = max(1, min(256, 4_000_000 // math.prod(contract.input_shape)))
    hits = np.zeros((len(ways), len(rows)), bool)
    for first in range(0, len(rows), at_once):
        part = rows[first : first + at_once]
        levels = [tensors.levels(int(row)) for row in part]
        for index, (value_range, order, inverted) in enumerate(ways):
            batch = []
            for image in levels:
                changed = 255 - image if inverted else image
                if order != ways[0][1] and changed.ndim == 3:
                    changed = np.ascontiguousarray(changed[..., ::-1])
                batch.append(tensors.finished(changed, value_range))
            hits[index, first : first + len(part)] = right(network, np.stack(batch), labels[part])
            if progress is not None:
                progress(len(ways) * first + len(part) * (index + 1), len(ways) * len(rows))
    return hits


def right(network: Network, batch: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """bool (n,): whether the largest score is the label's; never for scores that are not finite."""
    logits = network.trace(batch, layers=()).logits
    return np.isfinite(logits).all(1) & (np.nan_to_num(logits).argmax(1) == labels)


def _suggest(
    contract: Contract,
    tensors: Tensors,
    rows: np.ndarray,
    readings: list[Reading],
    hits: np.ndarray,
    best_first: list[int],
    colour: bool,
) -> Suggestion | None:
    best = best_first[0]
    if not _clearly_better(hits[best], hits[0]):
        best = 0
    own, reading = readings[0], readings[best]
    polarity = _polarity(tensors, rows, readings, hits, best)
    new = dataclasses.replace(contract, polarity=polarity)
    if best:
        new = dataclasses.replace(new, value_range=reading.value_range)
        if colour:
            new = dataclasses.replace(new, channel_order=reading.channel_order)
    if not best and new == contract:
        return None
    as_good = tuple(
        readings[i]
        for i in best_first
        if i not in (0, best) and best and mcnemar(hits[i], hits[best]) >= 0.05
    )
    parts = []
    if best:
        parts.append(
            f"Read with {reading.words(colour)}, the network is right for {100 * reading.accuracy:.1f} % of {own.n:,} "
            f"images; with your {own.words(colour)}, for {100 * own.accuracy:.1f} %."
        )
    if polarity != contract.polarity:
        parts.append(
            f"The sample shows that it was trained on {polarity}; your contract says {contract.polarity}."
        )
    elif reading.inverted:
        parts.append("The sample is stored with the opposite polarity of the network's training images.")
    if as_good:
        shown = "; ".join(other.words(colour) for other in as_good[:3])
        parts.append(f"The sample cannot tell this from {shown}.")
    pipeline = _changed(tensors.pipeline, reading)
    return Suggestion(new, pipeline, reading, " ".join(parts), as_good)


def _clearly_better(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(one.mean() - other.mean() >= _MARGIN and mcnemar(one, other) < _SIGNIFICANCE)


def _polarity(
    tensors: Tensors, rows: np.ndarray, readings: list[Reading], hits: np.ndarray, chosen: int
) -> str:
    """The polarity of the network's training images if the sample shows it, else what the contract says."""
    said = tensors.contract.polarity
    if tensors.contract.channels == 3 and said == "any":
        return said  # photographs have no polarity, whatever most borders look like
    reading = readings[chosen]
    opposite = next(
        (
            i
            for i, other in enumerate(readings)
            if (other.value_range, other.channel_order) == (reading.value_range, reading.channel_order)
            and other.inverted != reading.inverted
        ),
        None,
    )
    if opposite is None or not _clearly_better(hits[chosen], hits[opposite]):
        return said
    dark = _dark_ink(tensors, rows[:: max(1, len(rows) // _POLARITY_IMAGES)])
    if max(dark, 1 - dark) < _MOST_OF_THEM:
        return said
    return "black on white" if (dark > 0.5) != reading.inverted else "white on black"


def _dark_ink(tensors: Tensors, rows: np.ndarray) -> float:
    """The share of the images whose ink is darker than their border; a half, which decides nothing, if few have ink."""
    levels = [tensors.levels(int(row)) for row in rows]
    dark = [ink_is_dark(image) for image in levels if ink_mask(image).any()]
    return float(np.mean(dark)) if 2 * len(dark) > len(levels) else 0.5


def _changed(pipeline: Pipeline, reading: Reading) -> Pipeline:
    """The pipeline that prepares the sample as the reading did."""
    pipeline = pipeline.with_step("value_range", mode=reading.value_range)
    names = [step.name for step in pipeline]
    if "channel_order" in names:
        pipeline = pipeline.with_step("channel_order", order=reading.channel_order)
    if reading.inverted and "invert" in names:
        pipeline = pipeline.with_step("invert", on=not pipeline["invert"].on, method="255 - x")
    return pipeline


def _changes(own: _Way, other: _Way) -> int:
    return sum(a != b for a, b in zip(own, other, strict=True))


def _is_gray(tensors: Tensors) -> bool:
    """Whether the images have no colour, so that the order of their channels does not matter."""
    images = tensors.dataset.images
    return isinstance(images, np.ndarray) and images.ndim == 3
