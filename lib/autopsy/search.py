"""Tries many pipelines on one or several pictures in a few large batches, and ranks them by what speaks for each.

What can be seen without the network comes first and makes a short list; the network is asked about the short list only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.batchnorm_witness import usable_layers
from lib.autopsy.hypotheses import Hypothesis, first_round, second_round
from lib.autopsy.score import costs, likeness
from lib.autopsy.trial import Trial
from lib.picture import Picture

if TYPE_CHECKING:
    from lib.network import Network
    from lib.reference import Reference

_PROMISING = 6
# How many of the first round and of the second the network is asked about.
_SHORT = {"reference": (56, 16), "plain reference": (56, 16), "batchnorm": (96, 24), "none": (96, 24)}
_DETAILED = 100_000
_SHORT_DETAILED = (40, 0)


@dataclass(frozen=True, eq=False)
class Candidate:
    """One hypothesis with what came of it.

    Attributes:
        tensor: float32, what the network would get; of the first picture, as are the probabilities and features.
        score: higher is better; comparable within one search only. It contains the cost.
        cost: what the departures from the contract's pipeline take off the score, 0 or less.
        probabilities: (K,).
        features: (F,), see `evidence.FEATURES`.
    """

    hypothesis: Hypothesis
    tensor: np.ndarray
    score: float
    cost: float
    probabilities: np.ndarray
    features: np.ndarray

    @property
    def label(self) -> int:
        return int(self.probabilities.argmax())


@dataclass(frozen=True)
class Found:
    """What a search found.

    Attributes:
        candidates: those that the network was asked about, the best first; equal tensors stand as the hypothesis with the
            fewest departures.
        tried: how many different tensors of the first picture were looked at.
    """

    candidates: tuple[Candidate, ...]
    tried: int


def kind_of_witnesses(network: Network, reference: Reference | None) -> str:
    """Who can be heard, one of `score.KINDS`."""
    if reference is not None:
        compass = reference.compass
        return "plain reference" if compass is None or compass.is_earlier else "reference"
    return "batchnorm" if usable_layers(network) else "none"


def search(
    network: Network,
    pictures: Sequence[Picture],
    reference: Reference | None,
    extra: Sequence[Hypothesis] = (),
    open_fields: Iterable[str] = (),
    explained: Collection[str] = (),
) -> Found:
    """All candidates. Over several pictures, what speaks for a hypothesis adds up.

    Args:
        pictures: one or more that went through the same pipeline.
        extra: hypotheses besides those that follow from the contract, such as the visitor's own pipeline.
        open_fields: fields of the contract that nobody vouches for.
        explained: kinds of departure for which something was seen in the pictures or their files.
    """
    kind = kind_of_witnesses(network, reference)
    first, second = _SHORT[kind] if np.prod(network.contract.input_shape) < _DETAILED else _SHORT_DETAILED
    trials = [Trial(network, picture, reference) for picture in pictures]
    pool = _Pool(trials, kind, explained)
    always = [*extra, Hypothesis(network.contract.pipeline())]
    found = pool.judge([*always, *first_round(network.contract, open_fields)], first, len(always))
    if second:
        best = sorted(found, key=lambda c: -c.score)[:_PROMISING]
        found += pool.judge(list(second_round(network.contract, [c.hypothesis for c in best])), second)
    ranked = sorted(found, key=lambda c: (-c.score, len(c.hypothesis.departures)))
    return Found(tuple(ranked), len(trials[0].tensors))


class _Pool:
    """The hypotheses that were judged so far, each different set of tensors once."""

    def __init__(self, trials: Sequence[Trial], kind: str, explained: Collection[str]) -> None:
        self._trials, self._kind, self._explained = trials, kind, explained
        self._known: set[tuple[int, ...]] = set()

    def judge(self, hypotheses: Sequence[Hypothesis], short: int, always: int = 0) -> list[Candidate]:
        """The most promising of the hypotheses whose tensors are new; the first `always` are among them."""
        rows = zip(*(trial.rows(hypotheses) for trial in self._trials), strict=True)
        kept: dict[tuple[int, ...], tuple[int, Hypothesis]] = {}
        for place, (hypothesis, key) in enumerate(zip(hypotheses, rows, strict=True)):
            if -1 in key or key in self._known:
                continue
            before = kept.get(key)
            if before is None:
                kept[key] = (place, hypothesis)
            elif len(hypothesis.departures) < len(before[1].departures):
                kept[key] = (before[0], hypothesis)
        if not kept:
            return []
        self._known |= set(kept)
        keys, listed = list(kept), [hypothesis for _, hypothesis in kept.values()]
        cost = costs(listed, self._kind, self._explained)
        cheap = cost + sum(
            likeness(trial.seen([key[n] for key in keys]), self._kind) for n, trial in enumerate(self._trials)
        )
        cheap[[place < always for place, _ in kept.values()]] = np.inf
        chosen = np.argsort(-cheap, kind="stable")[:short]
        evidence = [trial.evidence([keys[row][n] for row in chosen]) for n, trial in enumerate(self._trials)]
        like = np.sum([likeness(found.features, self._kind) for found in evidence], axis=0)
        return [
            Candidate(
                listed[row],
                self._trials[0].tensors[keys[row][0]],
                float(like[place] + cost[row]),
                float(cost[row]),
                evidence[0].probabilities[place],
                evidence[0].features[place],
            )
            for place, row in enumerate(chosen)
        ]
