"""Mistakes that a healthy network makes: what else its answer often is, from held-out pictures with their labels."""

from __future__ import annotations

import numpy as np

from lib.autopsy.finding import Finding, Witness
from lib.probabilities import softmax
from lib.reference import Reference
from lib.wording import probability, share

_NEIGHBOURS = 50
_FEWEST = 20
_RARE = 0.01
_NAMED = 3


def expected_misread(
    reference: Reference, names: tuple[str, ...], probabilities: np.ndarray
) -> Finding | None:
    """`healthy-misread`: of the held-out pictures that got the same answer about as surely, how many were something else.

    None where the Reference has too few of them, or hardly any was something else.

    Args:
        probabilities: (K,), the answer to this picture.
    """
    logits = reference.held_out_logits.astype(np.float64)
    label, sure = int(np.argmax(probabilities)), float(np.max(probabilities))
    same = np.flatnonzero(logits.argmax(1) == label)
    if logits.shape[1] != len(names) or len(same) < _FEWEST:
        return None
    count = min(_NEIGHBOURS, max(_FEWEST, len(same) // 3))
    margin = _margin(softmax(logits[same]).max(1))
    nearest = same[np.argsort(np.abs(margin - _margin(np.array(sure))), kind="stable")[:count]]
    truths = reference.held_out_labels[nearest]
    wrong = float((truths != label).mean())
    if wrong <= _RARE:
        return None
    others, counts = np.unique(truths[truths != label], return_counts=True)
    order = np.argsort(-counts, kind="stable")[:_NAMED]
    said = ", ".join(f"“{names[others[k]]}” ({counts[k]})" for k in order)
    return Finding(
        "healthy-misread",
        f"Of {len(nearest)} held-out pictures that this network read as “{names[label]}” about as surely "
        f"({probability(sure)}), {share(wrong)} were something else: {said}.",
        "training sample",
        (
            "These pictures were preprocessed rightly: it is how often the network itself errs at such an answer.",
        ),
        (Witness("share of such answers that were wrong", wrong, percentile=None),),
        weight=0.0,
    )


def _margin(probability: np.ndarray) -> np.ndarray:
    """Log odds, so that 0.99 and 0.9999 are not the same."""
    p = np.clip(probability, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(p / (1 - p)))
