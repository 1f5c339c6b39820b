"""Are answers of 90 % right nine times out of ten? The reliability diagram and its figures, before and after a temperature.

The arithmetic of single figures lives in `lib.calibration`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib import calibration
from lib.evaluate.answers import Answers
from lib.evaluate.counts import Share, share
from lib.evaluate.errors import EvaluationError
from lib.probabilities import softmax

if TYPE_CHECKING:
    from lib.reference import Reference

_FEWEST_HELD_OUT = 100
_FEWEST = 20


@dataclass(frozen=True)
class Bin:
    """The answers with a confidence in (low, high]; `confidence` is their mean, NaN without any."""

    low: float
    high: float
    confidence: float
    right: Share


@dataclass(frozen=True)
class Reliability:
    """The figures at one temperature.

    Attributes:
        bins: of equal width.
        ece, adaptive_ece: 0..1, see `lib.calibration`.
        brier: 0..2.
        nll: nats.
        confidence, accuracy: means over all answers; their difference is the overconfidence.
    """

    temperature: float
    n: int
    bins: tuple[Bin, ...]
    ece: float
    adaptive_ece: float
    brier: float
    nll: float
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibrated:
    """The same answers before and after a temperature that was fitted on other pictures; `source` says on which."""

    before: Reliability
    after: Reliability
    source: str


def reliability(
    logits: np.ndarray, labels: np.ndarray, temperature: float = 1.0, bins: int = calibration.BINS
) -> Reliability:
    """The figures of softmax(logits / temperature).

    Args:
        logits: (N, K), finite.
        labels: int (N,).

    Raises:
        ValueError: there are no rows.
    """
    probabilities = softmax(logits.astype(np.float64) / temperature)
    predicted = logits.argmax(1)
    confidence = np.minimum(probabilities[np.arange(len(labels)), predicted], 1.0)
    right = predicted == labels
    edges = np.arange(bins + 1) / bins
    at = np.searchsorted(edges[1:-1], confidence, side="left")
    found = []
    for b in range(bins):
        inside = at == b
        n = int(inside.sum())
        mean = float(confidence[inside].mean()) if n else float("nan")
        found.append(Bin(float(edges[b]), float(edges[b + 1]), mean, share(int(right[inside].sum()), n)))
    return Reliability(
        temperature,
        len(labels),
        tuple(found),
        calibration.ece(confidence, right, bins),
        calibration.adaptive_ece(confidence, right, bins),
        calibration.brier(probabilities, labels),
        calibration.nll(logits, labels, temperature),
        float(confidence.mean()),
        float(right.mean()),
    )


def calibrated(answers: Answers, reference: Reference | None = None, seed: int = 0) -> Calibrated:
    """The figures before and after a temperature (`lib.calibration`), never fitted on what it is measured on.

    The temperature comes from the Reference's held-out pictures if it has a hundred of this network's classes; else a
    random half of the answers gives it, and the other half is measured.

    Raises:
        EvaluationError: the classes have independent sigmoids, or there are too few answers.
    """
    if answers.independent:
        raise EvaluationError(
            "This network gives every class a sigmoid of its own. Reliability and temperature are shown for networks whose "
            "probabilities add up to 1."
        )
    if len(answers) < _FEWEST:
        raise EvaluationError(f"{len(answers)} answers are too few for this; {_FEWEST} or more are needed.")
    held_out = reference is not None and _usable(reference, answers)
    if held_out:
        assert reference is not None
        rows = np.arange(len(answers))
        logits, labels = (
            reference.held_out_logits.astype(np.float64),
            reference.held_out_labels.astype(np.int64),
        )
        source = f"{len(labels):,} held-out pictures of its training data"
    else:
        order = np.random.default_rng(seed).permutation(len(answers))
        fit, rows = np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])
        logits, labels = answers.logits[fit], answers.labels[fit]
        source = f"one half of these pictures ({len(fit):,}); all figures here are the other half’s ({len(rows):,})"
    temperature = calibration.fit_temperature(logits, labels)
    measured = answers.logits[rows], answers.labels[rows]
    return Calibrated(reliability(*measured), reliability(*measured, temperature), source)


def _usable(reference: Reference, answers: Answers) -> bool:
    logits, labels = reference.held_out_logits, reference.held_out_labels
    return (
        len(labels) >= _FEWEST_HELD_OUT
        and logits.shape[1] == answers.logits.shape[1]
        and 0 <= int(labels.min()) <= int(labels.max()) < logits.shape[1]
    )
