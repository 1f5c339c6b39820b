"""Sweeps: accuracy and mean confidence as a function of one or two parameters. What an axis can be lives in `axis`."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.dataset import Dataset
from lib.dataset.sampling import choose
from lib.evaluate.ahead import ahead
from lib.evaluate.answers import Answers
from lib.evaluate.axis import MOST_POINTS, Axis, Value
from lib.evaluate.counts import share
from lib.evaluate.errors import Cancelled, EvaluationError, check
from lib.evaluate.point_cache import Point, PointCache, data_key, network_key, point_key
from lib.evaluate.prefix import Prefix
from lib.evaluate.running import batch_size, matched
from lib.picture import Picture
from lib.pipeline import Pipeline, PipelineError

if TYPE_CHECKING:
    from lib.network import Network

MOST_PICTURES = 2_000
_SEED = 0


@dataclass(frozen=True)
class SweepPoint:
    """One point: the values, what came of it, and how the visitor's own picture is read there.

    Attributes:
        values: one for each axis.
        own: (class name, probability) of the visitor's picture, or None.
    """

    values: tuple[Value, ...]
    point: Point
    own: tuple[str, float] | None = None


@dataclass(frozen=True)
class Sweep:
    """A curve or a heat map of one network.

    Attributes:
        title: of the network.
        axes: one or two.
        points: in the order of the axes' values, the last axis fastest; fewer while it is not finished.
        pictures: that each point was measured on.
    """

    title: str
    axes: tuple[Axis, ...]
    points: tuple[SweepPoint, ...]
    pictures: int

    @property
    def finished(self) -> bool:
        return len(self.points) == int(np.prod([len(axis.values) for axis in self.axes]))


OnPoint = Callable[[SweepPoint, int, int], None]
"""Called with each point as it comes, how many are there, and how many there will be."""


def sweep(
    network: Network,
    dataset: Dataset,
    pipeline: Pipeline,
    axes: Sequence[Axis],
    most: int = MOST_PICTURES,
    own: tuple[Picture, Pipeline] | None = None,
    cache: PointCache | None = None,
    on_point: OnPoint | None = None,
    cancelled: Cancelled | None = None,
    title: str = "",
) -> Sweep:
    """Measure every point.

    Args:
        pipeline: what is done to each image; the axes' steps are switched on in it.
        axes: one or two.
        most: measured on a balanced random sample of at most so many pictures, the same at every point and every time.
        own: a picture and its own pipeline, which is varied in the same way.
        cache: what is known from before is taken from it, so that a stopped sweep goes on where it was.

    Raises:
        DatasetError, EvaluationError, EvaluationCancelled: as `lib.evaluate.running.answer`.
    """
    grid = list(itertools.product(*(axis.values for axis in axes)))
    if not 1 <= len(axes) <= 2 or len(grid) > MOST_POINTS:
        raise EvaluationError(
            f"A sweep has one or two parameters and at most {MOST_POINTS} points, not {len(grid):,}."
        )
    rows, labels, _ = matched(network, dataset)
    kept = choose(labels, most, _SEED, balanced=True)
    rows, labels = rows[kept], labels[kept]
    first = min((axis.first_step(pipeline) for axis in axes), default=0)
    prefix = Prefix(dataset, pipeline, rows, first)
    known = PointCache() if cache is None else cache
    who, what = network_key(network), data_key(dataset, rows, labels)
    points: list[SweepPoint] = []
    for values in grid:
        check(cancelled, "The sweep")
        key = point_key(who, what, pipeline, axes, values)
        point = known.get(key)
        if point is None:
            point = _measure(network, prefix, labels, pipeline, axes, values, cancelled)
            known.put(key, point)
        points.append(SweepPoint(values, point, _own(network, own, axes, values)))
        if on_point is not None:
            on_point(points[-1], len(points), len(grid))
    return Sweep(title or network.name, tuple(axes), tuple(points), len(rows))


def _measure(
    network: Network,
    prefix: Prefix,
    labels: np.ndarray,
    pipeline: Pipeline,
    axes: Sequence[Axis],
    values: tuple[Value, ...],
    cancelled: Cancelled | None,
) -> Point:
    changed, disturbances = _applied(pipeline, axes, values)
    size = batch_size(network.contract)
    parts = [np.arange(start, min(start + size, len(labels))) for start in range(0, len(labels), size)]
    right, confidence = 0, 0.0
    batches = ahead(lambda part: _prepared(network, prefix, part, changed, disturbances), parts)
    for part, batch in zip(parts, batches, strict=True):
        check(cancelled, "The sweep")
        answers = _answers(network, batch, labels[part])
        right += int(answers.right.sum())
        confidence += float(answers.confidence.sum())
    return Point(len(labels), right, confidence)


def _prepared(
    network: Network,
    prefix: Prefix,
    part: np.ndarray,
    pipeline: Pipeline,
    disturbances: tuple[tuple[str, float], ...],
) -> np.ndarray:
    try:
        batch = prefix.tensors(part, pipeline, disturbances)
    except (PipelineError, ValueError) as error:
        raise EvaluationError(f"The pipeline cannot run over these images. {error}") from error
    if batch.shape[1:] != network.contract.input_shape:
        raise EvaluationError(
            f"The pipeline gives tensors of shape {batch.shape[1:]}; set Resize and Flatten back."
        )
    return batch


def _answers(network: Network, batch: np.ndarray, labels: np.ndarray) -> Answers:
    """Answers that are not finite count as wrong and unsure."""
    logits = network.trace(batch, layers=()).logits
    broken = ~np.isfinite(logits).all(1)
    logits[broken] = 0
    independent = network.contract.task == "multi-label"
    labels = np.where(broken, logits.shape[1], labels)
    return Answers(logits, labels, np.arange(len(labels)), network.contract.class_names, independent)


def _applied(
    pipeline: Pipeline, axes: Sequence[Axis], values: tuple[Value, ...]
) -> tuple[Pipeline, tuple[tuple[str, float], ...]]:
    """The pipeline at a point, and the disturbances before it."""
    disturbances = []
    for axis, value in zip(axes, values, strict=True):
        if axis.is_disturbance:
            disturbances.append((axis.name, float(value)))
        pipeline = axis.at(pipeline, value)
    return pipeline, tuple(disturbances)


def _own(
    network: Network, own: tuple[Picture, Pipeline] | None, axes: Sequence[Axis], values: tuple[Value, ...]
) -> tuple[str, float] | None:
    """How the visitor's picture is read at a point; None where its pipeline does not fit."""
    if own is None:
        return None
    picture, pipeline = own
    changed, disturbances = _applied(pipeline, axes, values)
    try:
        tensor = Prefix.of_picture(picture, changed, disturbances)
    except PipelineError:
        return None
    if tensor.shape != network.contract.input_shape:
        return None
    trace = network.trace(tensor[None], layers=())
    best = trace.top(1)[0]
    return network.contract.class_names[best], float(trace.probabilities[0, best])


def to_csv(sweeps: Sequence[Sweep]) -> str:
    """All points as CSV: model, a column for each parameter, n, right, accuracy with its interval, mean confidence."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    titles = list(dict.fromkeys(_column(axis) for sweep in sweeps for axis in sweep.axes))
    writer.writerow(["model", *titles, "n", "right", "accuracy", "low_95", "high_95", "mean_confidence"])
    for found in sweeps:
        columns = [_column(axis) for axis in found.axes]
        for entry in found.points:
            at = dict(zip(columns, entry.values, strict=True))
            accuracy = share(entry.point.right, entry.point.n)
            numbers = (accuracy.value, accuracy.low, accuracy.high, entry.point.confidence)
            writer.writerow(
                [
                    _harmless(found.title),
                    *(at.get(title, "") for title in titles),
                    entry.point.n,
                    entry.point.right,
                    *(f"{number:.6f}" for number in numbers),
                ]
            )
    return text.getvalue()


def _column(axis: Axis) -> str:
    return f"{axis.name}.{axis.parameter}".rstrip(".")


def _harmless(text: str) -> str:
    """A spreadsheet takes what begins like this for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def grid_of(found: Sweep) -> Iterator[tuple[tuple[int, ...], SweepPoint]]:
    """((place on each axis), point) of the points that are there."""
    places = itertools.product(*(range(len(axis.values)) for axis in found.axes))
    yield from zip(places, found.points, strict=False)
