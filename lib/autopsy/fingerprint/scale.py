"""Sensitivity to scale: what becomes of the answers when all numbers are multiplied by a factor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.fingerprint.probes import Answers, ask

if TYPE_CHECKING:
    from lib.network import Network


@dataclass(frozen=True)
class ScaleRow:
    """The answers to the probes times one factor.

    Attributes:
        alpha: the factor; 1/255 is what a division too many does, 255 a forgotten one.
        same: 0..1, the share of the probes that get the same class as without the factor.
        probability: the median probability of the first class.
        frequent: the most frequent answer, and its share (0..1).
    """

    alpha: float
    same: float
    probability: float
    frequent: tuple[str, float]


def scale_table(network: Network, answers: Answers | None = None) -> tuple[ScaleRow, ...]:
    """One row per factor, the smallest first. On prototypes of the training data where there are some, else on noise."""
    answers = answers or ask(network)
    rows = slice(-answers.prototypes, None) if answers.prototypes else slice(None)
    usual = answers.plain.probabilities[rows].argmax(1)
    table = []
    for alpha, trace in answers.scaled.items():
        labels = trace.probabilities[rows].argmax(1)
        counts = np.bincount(labels, minlength=len(network.contract.class_names))
        table.append(
            ScaleRow(
                alpha,
                float((labels == usual).mean()),
                float(np.median(trace.probabilities[rows].max(1))),
                (network.contract.class_names[int(counts.argmax())], float(counts.max() / counts.sum())),
            )
        )
    return tuple(table)
