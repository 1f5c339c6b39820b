"""How well probabilities agree with how often they are right, and the temperature that makes them agree.

Arithmetic on arrays only; which data it is done on, and what is shown of it, lives elsewhere.
"""

from __future__ import annotations

import numpy as np

BINS = 15
# Beyond these a network is not over- or underconfident, but its logits are without information (or perfect).
_LEAST, _MOST = 0.01, 100.0
_STEPS = 60


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature T > 0 for which softmax(logits / T) is as sure on average as it is right.

    Its chance of being right is taken to be (right + 1/2) / (N + 1): ten right of ten are no certainty. The mean of the
    largest probability grows with 1 / T, so T is found by bisection. Logits times a number have their temperature multiplied
    by it; the order of the classes never changes. Where no temperature makes it as sure as it is right (it is right less
    often than guessing is, say), the end of 0.01..100 is given that comes nearest.

    The likelihood of the labels, which is more often used, asks for more than the confidence that is shown: a few
    confidently misread pictures with a wrong label decide it. On halves of the held-out pictures of the bundled networks
    it left the larger calibration error.

    Sources: L. Clarte, B. Loureiro, F. Krzakala, L. Zdeborova, Expectation consistency for calibration of neural networks,
    UAI 2023; dividing the logits is of C. Guo, G. Pleiss, Y. Sun, K. Weinberger, On Calibration of Modern Neural Networks,
    ICML 2017.

    Args:
        logits: (N, K), finite, of pictures that the network was not trained on.
        labels: (N,) integers below K.

    Raises:
        ValueError: there are no rows, the shapes do not fit, or a logit is not finite.
    """
    logits, labels = _checked(logits, labels)
    below = logits - logits.max(1, keepdims=True)
    right = (float((logits.argmax(1) == labels).sum()) + 0.5) / (len(labels) + 1)

    def sure(inverse: float) -> float:
        return float((1 / np.exp(below * inverse).sum(1)).mean())

    low, high = np.log(1 / _MOST), np.log(1 / _LEAST)
    if sure(np.exp(low)) >= right:
        return _MOST
    if sure(np.exp(high)) <= right:
        return _LEAST
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if sure(np.exp(middle)) < right:
            low = middle
        else:
            high = middle
    return float(np.exp(-(low + high) / 2))


def ece(confidence: np.ndarray, right: np.ndarray, bins: int = BINS) -> float:
    """Expected calibration error: the mean gap between confidence and accuracy over bins of equal width, 0..1.

    Bin b of B holds (b / B, (b + 1) / B]; a confidence of 0 falls into the first. Each bin counts by its share of the
    pictures, so empty ones do not count.

    Source: M. Naeini, G. Cooper, M. Hauskrecht, AAAI 2015; with these bins in Guo et al. 2017.

    Args:
        confidence: (N,), 0..1, the probability of the class that was named.
        right: (N,), whether that class is the label.

    Raises:
        ValueError: there are no rows, they do not fit each other, or a confidence lies outside of 0..1.
    """
    confidence, right = _pairs(confidence, right)
    edges = np.arange(1, bins) / bins
    return _gap(confidence, right, np.searchsorted(edges, confidence, side="left"))


def adaptive_ece(confidence: np.ndarray, right: np.ndarray, bins: int = BINS) -> float:
    """The same over bins that hold equally many pictures (as near as N allows), lowest confidence first.

    Equal confidences stay in the order given, so that ties may be cut between two bins.

    Source: Nguyen and O'Connor, EMNLP 2015; Nixon et al., Measuring Calibration in Deep Learning, 2019.
    """
    confidence, right = _pairs(confidence, right)
    at = np.empty(len(confidence), np.int64)
    at[np.argsort(confidence, kind="stable")] = np.arange(len(confidence)) * bins // len(confidence)
    return _gap(confidence, right, at)


def brier(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """Mean squared distance between the probabilities and the label's one-hot vector, 0 (perfect) to 2.

    Source: G. Brier, Verification of forecasts expressed in terms of probability, 1950 (the sum over all classes).

    Args:
        probabilities: (N, K), 0..1.
        labels: (N,) integers below K.
    """
    probabilities, labels = _checked(probabilities, labels)
    named = probabilities[np.arange(len(labels)), labels]
    return float(((probabilities**2).sum(1) - 2 * named + 1).mean())


def nll(logits: np.ndarray, labels: np.ndarray, temperature: float = 1.0) -> float:
    """Mean negative log-likelihood of the labels under softmax(logits / temperature), in nats; finite for float32 logits."""
    logits, labels = _checked(logits, labels)
    scaled = logits / temperature
    largest = scaled.max(1)
    sums = largest + np.log(np.exp(scaled - largest[:, None]).sum(1))
    return float((sums - scaled[np.arange(len(labels)), labels]).mean())


def _gap(confidence: np.ndarray, right: np.ndarray, at: np.ndarray) -> float:
    """The sum over bins of |sum of confidence - number right|, per picture."""
    sums = np.bincount(at, weights=confidence - right)
    return float(np.abs(sums).sum() / len(confidence))


def _pairs(confidence: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    confidence = np.asarray(confidence, np.float64)
    hits = np.asarray(right, np.float64)
    if confidence.ndim != 1 or confidence.shape != hits.shape or len(confidence) == 0:
        raise ValueError(
            f"Calibration needs one confidence and one right or wrong for each picture, not {confidence.shape} and "
            f"{hits.shape}."
        )
    if not ((confidence >= 0) & (confidence <= 1)).all():
        raise ValueError(
            "A confidence lies outside of 0..1 or is not a number; give probabilities, not logits."
        )
    return confidence, hits


def _checked(values: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    values, labels = np.asarray(values, np.float64), np.asarray(labels)
    if values.ndim != 2 or len(values) == 0 or labels.shape != (len(values),):
        raise ValueError(
            f"Calibration needs (N, K) numbers and N labels, not {values.shape} and {labels.shape}."
        )
    if labels.dtype.kind not in "iu" or labels.min() < 0 or labels.max() >= values.shape[1]:
        raise ValueError(f"Labels must be whole numbers from 0 to {values.shape[1] - 1}.")
    if not np.isfinite(values).all():
        raise ValueError("A logit or probability is NaN or infinite: the network is broken, or its input is.")
    return values, labels
