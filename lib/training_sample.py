"""A sample of a network's training data: what it says about the contract, and the Reference that it gives the network."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.contract_evidence import Evidence, evidence, right
from lib.dataset.class_match import match_classes
from lib.dataset.dataset import Dataset
from lib.dataset.guards import DatasetError
from lib.dataset.tensors import Tensors
from lib.pipeline import Pipeline
from lib.reference import Reference, build_reference

if TYPE_CHECKING:
    from lib.network import Network

FEWEST = 10
_HELD_OUT = 0.2

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class ClassScore:
    """One class of the network in the sample: n images, of which `right` are read right under the contract."""

    name: str
    n: int
    right: int


@dataclass(frozen=True, eq=False)
class SampleReport:
    """How the network reads the sample under its contract.

    Attributes:
        n, right: images of the network's classes, and how many of them it reads right.
        known, held_out: how many of them made the Reference's quantiles, and how many its held-out scores.
        classes: the classes that have images, in the network's order.
        pipeline: that prepared the images.
        evidence: the same for other value ranges, polarities and channel orders; None if the pipeline has no value range.
        notes: sentences on what was assumed, left out, or limits the sample.
    """

    n: int
    right: int
    known: int
    held_out: int
    classes: tuple[ClassScore, ...]
    pipeline: Pipeline
    evidence: Evidence | None
    notes: tuple[str, ...]

    @property
    def accuracy(self) -> float:
        return self.right / self.n

    @property
    def sentence(self) -> str:
        """The result in words, with the suggestion if there is one."""
        text = f"Under its contract the network reads {100 * self.accuracy:.1f} % of {self.n:,} images right."
        suggestion = self.evidence.suggestion if self.evidence else None
        return f"{text} {suggestion.sentence}" if suggestion else text


def reference_from_sample(
    network: Network,
    dataset: Dataset,
    pipeline: Pipeline | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> tuple[Reference, SampleReport]:
    """Make a Reference for a network out of a sample of its training data.

    Images are prepared by `lib.dataset.tensors.training_pipeline`: training images are right by definition, so nothing
    is inverted, cropped or centred; a given pipeline wins. A fifth of each class is held out: it does not go into the
    quantiles and prototypes, but the network may well have been trained on it, which the notes say.

    Args:
        dataset: 2,000 to 5,000 images are plenty.
        seed: of the split, the clustering and the images that are read under other contracts.
        progress: called with (done, total) in passes of images.

    Raises:
        DatasetError: fewer than ten images, classes that cannot be matched, or a network that answers with NaN.
    """
    steps = _Steps(progress, (0.3, 0.4, 0.3))
    tensors, labels, notes = _prepared(network, dataset, pipeline)
    report = _report(network, tensors, labels, notes, seed, steps)
    known, held_out = split(labels, seed)
    given = Tensors(tensors.dataset.take(known), network.contract, pipeline)
    apart = Tensors(tensors.dataset.take(held_out), network.contract, pipeline)
    try:
        reference = build_reference(
            network,
            given,
            labels[known],
            apart,
            labels[held_out],
            given.value_range,
            seed=seed,
            progress=steps.next(),
        )
    except ValueError as error:
        raise DatasetError(f"No Reference can be made from this sample. {error}") from error
    return reference, report


def report_on_sample(
    network: Network,
    dataset: Dataset,
    pipeline: Pipeline | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> SampleReport:
    """Only the report of `reference_from_sample`: to look at before a Reference is made under the wrong contract."""
    tensors, labels, notes = _prepared(network, dataset, pipeline)
    return _report(network, tensors, labels, notes, seed, _Steps(progress, (0.4, 0.6)))


def split(labels: np.ndarray, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Increasing positions of the known and of the held-out images: a fifth of each class, at least one of two."""
    random = np.random.default_rng(seed)
    held_out = np.zeros(len(labels), bool)
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        count = min(len(rows) - 1, max(1, round(_HELD_OUT * len(rows))))
        held_out[random.permutation(rows)[:count]] = True
    if not held_out.any():  # every class has a single image
        held_out[random.integers(len(labels))] = True
    return np.flatnonzero(~held_out), np.flatnonzero(held_out)


def _prepared(
    network: Network, dataset: Dataset, pipeline: Pipeline | None
) -> tuple[Tensors, np.ndarray, list[str]]:
    """The images of the network's classes as tensors, and the network's class of each."""
    match = match_classes(dataset.class_names, dataset.counts, network.contract.class_names)
    labels = match.index[dataset.labels]
    keep = np.flatnonzero(labels >= 0)
    if len(keep) < FEWEST:
        raise DatasetError(
            f"The sample has {len(keep):,} images of the network's classes; at least {FEWEST} are needed, and some "
            "hundred make a useful Reference."
        )
    if len(keep) < len(dataset):
        dataset, labels = dataset.take(keep), labels[keep]
    return Tensors(dataset, network.contract, pipeline), labels, list(match.notes)


def _report(
    network: Network, tensors: Tensors, labels: np.ndarray, notes: list[str], seed: int, steps: _Steps
) -> SampleReport:
    hits = _hits(network, tensors, labels, steps.next())
    names = network.contract.class_names
    present = np.unique(labels)
    scores = [
        ClassScore(names[label], int((labels == label).sum()), int(hits[labels == label].sum()))
        for label in present
    ]
    small = [score.name for score in scores if score.n < FEWEST]
    if small:
        notes.append(
            f"{len(small)} classes have fewer than {FEWEST} images and get no prototype: {', '.join(small[:5])}"
            f"{' and others' if len(small) > 5 else ''}."
        )
    missing = len(names) - len(present)
    if missing:
        notes.append(f"{missing:,} of the network's {len(names):,} classes have no image in the sample.")
    notes.append(
        "The held-out images took no part in making the Reference. If the network was trained on them, their scores are "
        "better than those of new images."
    )
    if network.contract.task == "multi-label":
        notes.append(
            "The network is multi-label: an image is read right if its class has the highest of all scores."
        )
    known, held_out = split(labels, seed)
    found = evidence(network, tensors, labels, seed, steps.next())
    return SampleReport(
        len(labels),
        int(hits.sum()),
        len(known),
        len(held_out),
        tuple(scores),
        tensors.pipeline,
        found,
        tuple(notes),
    )


def _hits(network: Network, tensors: Tensors, labels: np.ndarray, progress: Progress) -> np.ndarray:
    """bool (N,): whether the network reads each image right under its contract."""
    at_once = max(1, min(512, 4_000_000 // math.prod(network.contract.input_shape)))
    parts = []
    for first in range(0, len(labels), at_once):
        rows = slice(first, first + at_once)
        parts.append(right(network, tensors[rows], labels[rows]))
        progress(min(first + at_once, len(labels)), len(labels))
    return np.concatenate(parts)


class _Steps:
    """One progress, 0..1000, out of those of several passes with given shares of the time."""

    def __init__(self, progress: Progress | None, shares: tuple[float, ...]) -> None:
        self._progress, self._shares = progress, list(shares)
        self._done = 0.0

    def next(self) -> Progress:
        """The progress of the next pass."""
        start, share = self._done, self._shares.pop(0)
        self._done += share

        def report(done: int, total: int) -> None:
            if self._progress is not None:
                self._progress(round(1000 * (start + share * done / max(total, 1))), 1000)

        return report
