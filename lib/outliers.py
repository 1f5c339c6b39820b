"""How well a score tells what a network knows (inside) from what it does not (outside). Higher means inside.

Arithmetic on arrays only; the scores themselves live elsewhere.
"""

from __future__ import annotations

import numpy as np


def auroc(inside: np.ndarray, outside: np.ndarray) -> float:
    """The chance that a random inside score is above a random outside score, ties counted half, 0..1.

    This is the area under the ROC curve, from ranks (Mann-Whitney): no curve is drawn and no threshold is chosen.

    Args:
        inside, outside: (N,) and (M,), not NaN; infinite scores are allowed.

    Raises:
        ValueError: one of them is empty or holds NaN.
    """
    inside, outside = _scores(inside), _scores(outside)
    known = np.sort(outside)
    below = np.searchsorted(known, inside, side="left")
    not_above = np.searchsorted(known, inside, side="right")
    return float((below + not_above).sum() / (2 * len(inside) * len(outside)))


def threshold_at_tpr(inside: np.ndarray, tpr: float = 0.95) -> float:
    """The highest threshold that at least the share `tpr` of the inside scores reaches (score >= threshold).

    Raises:
        ValueError: there are no scores, one is NaN, or `tpr` is not in 0..1 (0 excluded).
    """
    if not 0 < tpr <= 1:
        raise ValueError(f"A true positive rate lies above 0 and not above 1; this one is {tpr}.")
    scores = np.sort(_scores(inside))[::-1]
    # Rounded before it is rounded up: 0.95 * 20 is 19.000000000000004 for some machines.
    needed = int(np.ceil(round(tpr * len(scores), 9)))
    return float(scores[max(needed, 1) - 1])


def fpr_at_tpr(inside: np.ndarray, outside: np.ndarray, tpr: float = 0.95) -> float:
    """The share of the outside scores that pass where at least the share `tpr` of the inside scores pass, 0..1.

    With `tpr` 0.95 this is the FPR95 of the literature (Hendrycks and Gimpel, ICLR 2017, and those after them).
    """
    return float((_scores(outside) >= threshold_at_tpr(inside, tpr)).mean())


def _scores(values: np.ndarray) -> np.ndarray:
    scores = np.asarray(values, np.float64).ravel()
    if len(scores) == 0:
        raise ValueError("There is no score: give at least one picture inside and one outside.")
    if np.isnan(scores).any():
        raise ValueError("A score is not a number (NaN).")
    return scores
