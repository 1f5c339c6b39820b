"""The attractor: the class that a network names for pictures that show nothing.

Softmax must name some class; which one swallows noise tells what a surprising answer is worth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lib.autopsy.fingerprint.probes import NOISE, noise
from lib.wording import probability, share

if TYPE_CHECKING:
    from lib.network import Network

_SAYS_NO = ("not ", "no ", "none", "other", "unknown", "background")
_IMAGES = 1_000
_FEWEST = 40
# 1,000 pictures up to 77 x 77 gray or 44 x 44 in colour, 40 of 224 x 224 x 3.
_VALUES = 6_000_000
_BATCH_VALUES = 1_500_000


@dataclass(frozen=True)
class Attractor:
    """What noise is taken for.

    Attributes:
        label: index of the class that most noise pictures get.
        name: of that class.
        share: 0..1, of the noise pictures that get it.
        images: how many noise pictures there were.
        probability: the median probability of the first class over all of them.
        by_kind: for each kind of noise: its name, the class that it mostly gets, and the share (0..1) of its pictures that
            get it.
    """

    label: int
    name: str
    share: float
    images: int
    probability: float
    by_kind: tuple[tuple[str, str, float], ...]

    def sentence(self) -> str:
        """For people."""
        if self.share >= 0.5 and self.name.casefold().startswith(_SAYS_NO):
            return (
                f"Of {self.images:,} pictures of noise, {share(self.share)} are “{self.name}” to this network: it can say "
                "that it knows nothing of the kind."
            )
        return (
            f"Of {self.images:,} pictures of noise, {share(self.share)} are “{self.name}” to this network, with a median "
            f"probability of {probability(self.probability)}: an answer “{self.name}” says little by itself."
            if self.share >= 0.5
            else f"Noise has no favourite class in this network: of {self.images:,} pictures of noise, {share(self.share)} "
            f"are “{self.name}”, the most frequent answer, with a median probability of {probability(self.probability)}."
        )


def attractor(network: Network, images: int | None = None, seed: int = 0) -> Attractor:
    """The class that swallows noise.

    Args:
        images: how many pictures of noise; None means 1,000, and fewer, at least 40, for networks with large inputs.
    """
    size = math.prod(network.contract.input_shape)
    count = images or max(_FEWEST, min(_IMAGES, _VALUES // size))
    tensors, kinds = noise(network.contract, count, seed)
    step = max(1, _BATCH_VALUES // size)
    with np.errstate(all="ignore"):  # a broken network's scores may be infinite
        parts = [network.trace(tensors[i : i + step], layers=()) for i in range(0, count, step)]
    probabilities = np.concatenate([part.probabilities for part in parts])
    answers, names = probabilities.argmax(1), network.contract.class_names
    label, part = _most(answers, len(names))
    by_kind = []
    for kind in NOISE:
        rows = np.array([found == kind for found in kinds])
        if rows.any():
            most, most_part = _most(answers[rows], len(names))
            by_kind.append((kind, names[most], most_part))
    median = float(np.median(probabilities.max(1)))
    return Attractor(label, names[label], part, count, median, tuple(by_kind))


def _most(answers: np.ndarray, classes: int) -> tuple[int, float]:
    counts = np.bincount(answers, minlength=classes)
    return int(counts.argmax()), float(counts.max() / len(answers))
