"""What the Autopsy says: findings with their evidence, and the whole of them. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from lib.autopsy.causes import CAUSES, Cause
from lib.pipeline import Pipeline

LEVELS = ("proof", "training sample", "BatchNorm statistics", "model card", "guess")
"""What a finding rests on, the strongest first."""

CERTAIN = frozenset({"proof", "model card"})
"""Those for which more speaks than the search alone."""

AS_TRAINED = "As the model was trained"
"""The title of a reading under the contract's own pipeline."""

VERDICTS = ("fixable", "healthy", "unlike training", "undecided")


@dataclass(frozen=True)
class Witness:
    """One number beside what it is in training.

    Attributes:
        name: what was measured, for people.
        value: of this picture or model.
        low, high: the training data's band, or None where there is none.
        unit: for people, e.g. "gray levels".
        percentile: the share (0..1) of the training pictures below it, or None.
        z: how many robust standard deviations above the training pictures' median (negative: below), or None.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    unit: str = ""
    percentile: float | None = None
    z: float | None = None


@dataclass(frozen=True, eq=False)
class Finding:
    """One cause.

    Attributes:
        cause: an id of `causes.CAUSES`.
        sentence: what is the matter with this model or picture, with its numbers.
        level: one of LEVELS: what it rests on.
        evidence: sentences, the strongest first.
        witnesses: the numbers behind them.
        weight: how much of the improvement is due to it (Shapley value, 0..1); 1 for what is not about a picture.
        fix: the visitor's pipeline with this one thing put right, or None when no preprocessing helps.
        code: the same for the visitor's own code, e.g. "img = 255 - img"; "" without.
        before, after: (class name, probability) as it is, and with this fix; None where it does not apply.
    """

    cause: str
    sentence: str
    level: str
    evidence: tuple[str, ...] = ()
    witnesses: tuple[Witness, ...] = ()
    weight: float = 1.0
    fix: Pipeline | None = None
    code: str = ""
    before: tuple[str, float] | None = None
    after: tuple[str, float] | None = None

    def __post_init__(self) -> None:
        if self.cause not in CAUSES:
            raise ValueError(f"No cause is called {self.cause!r:.60}.")
        if self.level not in LEVELS:
            raise ValueError(f"A finding's level is one of {', '.join(LEVELS)}, not {self.level!r:.60}.")

    @property
    def entry(self) -> Cause:
        """The catalogue's words about the cause."""
        return CAUSES[self.cause]


@dataclass(frozen=True, eq=False)
class Reading:
    """One pipeline that was tried.

    Attributes:
        title: in words: what it changes against the visitor's.
        tensor: float32, what the network gets.
        top: (class name, probability), the most probable first.
        typicality: 0..1: the share of held-out pictures that are at least as strange (the verdict's p-value); None without
            a Reference.
    """

    title: str
    pipeline: Pipeline
    tensor: np.ndarray
    top: tuple[tuple[str, float], ...]
    typicality: float | None


@dataclass(frozen=True, eq=False)
class Pictured:
    """One of several pictures that were examined together.

    Attributes:
        current: the visitor's reading of it.
        best: the reading with the fix that all pictures share; the same object when nothing is to be changed.
    """

    current: Reading
    best: Reading


@dataclass(frozen=True, eq=False)
class Autopsy:
    """All that was found about one picture in one model, or about several pictures that were preprocessed alike.

    Attributes:
        verdict: one of VERDICTS: the findings' fix helps; nothing is wrong with the preprocessing; the picture looks like
            nothing in training, however it is preprocessed; or several pipelines are as good as each other.
        sentence: the verdict in words.
        findings: about the preprocessing and the picture, the most important first.
        model_findings: about the model alone, whatever the picture.
        current, best: the visitor's reading and the best one; the same object when nothing is to be changed.
        others: further readings, the best first, and some instructive wrong ones.
        fix: the visitor's pipeline with all findings put right; None when there is nothing to fix.
        ties: sentences on what cannot be told from this picture.
        witnesses: what the search knew ("training sample", "BatchNorm statistics", "guess").
        tried: number of different tensors that were tried.
        seconds: that it took.
        also: what is worth knowing about the picture and is no fault of the preprocessing, such as what else the answer of
            a healthy network often is.
        pictures: where several were examined together, each one; `current` and `best` are then the first one's. () for one.
    """

    verdict: str
    sentence: str
    findings: tuple[Finding, ...]
    model_findings: tuple[Finding, ...]
    current: Reading
    best: Reading
    others: tuple[Reading, ...] = ()
    fix: Pipeline | None = None
    ties: tuple[str, ...] = ()
    witnesses: str = "training sample"
    tried: int = 0
    seconds: float = 0.0
    details: Mapping[str, Any] = field(default_factory=dict)
    also: tuple[Finding, ...] = ()
    pictures: tuple[Pictured, ...] = ()

    @property
    def by_luck(self) -> bool:
        """Whether the preprocessing is wrong and the answer is nevertheless the one that the right one gives."""
        return self.verdict == "fixable" and all(
            one.current.top[:1] and one.best.top[:1] and one.current.top[0][0] == one.best.top[0][0]
            for one in self.pictures or (Pictured(self.current, self.best),)
        )
