"""Claims about reliability: closed forms, bins, and a temperature that is never fitted on what it is measured on."""

import dataclasses
import types

import numpy as np
import pytest

from lib.evaluate import Answers, EvaluationError
from lib.evaluate.reliability import calibrated, reliability


def logits_for(n: int, temperature: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Labels drawn from softmax(logits / temperature): calibrated at exactly that temperature."""
    random = np.random.default_rng(seed)
    logits = random.normal(0, 3, (n, 4))
    scaled = np.exp(logits / temperature)
    cumulative = (scaled / scaled.sum(1, keepdims=True)).cumsum(1)
    return logits.astype(np.float32), (random.random((n, 1)) > cumulative).sum(1)


def of(logits: np.ndarray, labels: np.ndarray, **changes: object) -> Answers:
    names = tuple("ABCDEFGH"[: logits.shape[1]])
    made = Answers(logits.astype(np.float32), labels.astype(np.int64), np.arange(len(labels)), names)
    return dataclasses.replace(made, **changes)  # type: ignore[arg-type]


def test_one_who_is_always_certain_has_an_error_of_one_minus_the_accuracy() -> None:
    logits = np.zeros((100, 3))
    logits[:, 0] = 1e6
    labels = np.where(np.arange(100) < 73, 0, 1)
    found = reliability(logits, labels)
    assert found.ece == pytest.approx(0.27, abs=1e-12) and found.adaptive_ece == pytest.approx(
        0.27, abs=1e-12
    )
    assert (found.bins[-1].right.count, found.bins[-1].right.n) == (73, 100)
    assert found.brier == pytest.approx(2 * 0.27) and (found.confidence, found.accuracy) == (1.0, 0.73)


def test_a_bin_holds_its_upper_end_and_not_its_lower_one() -> None:
    exact = reliability(np.zeros((4, 2)), np.array([0, 0, 1, 1]), bins=4)  # exactly one half each
    assert [entry.right.n for entry in exact.bins] == [0, 4, 0, 0]
    assert exact.bins[1].right.count == 2 and exact.ece == 0


def test_a_temperature_never_changes_an_answer() -> None:
    logits, labels = logits_for(500, 1.0)
    assert reliability(logits, labels, 7.0).accuracy == reliability(logits, labels).accuracy
    assert reliability(logits, labels, 7.0).confidence < reliability(logits, labels).confidence


def test_logits_that_are_twice_too_large_are_halved_and_well_calibrated_afterwards() -> None:
    logits, labels = logits_for(40_000, 2.0)
    found = calibrated(of(logits, labels))
    assert found.after.temperature == pytest.approx(2.0, rel=0.1)
    assert found.before.ece > 0.1 > 5 * found.after.ece
    assert found.after.nll < found.before.nll and found.after.brier < found.before.brier


def test_without_a_reference_one_half_is_fitted_and_the_other_measured() -> None:
    logits, labels = logits_for(101, 1.5)
    found = calibrated(of(logits, labels))
    assert found.before.n == 51 and "one half of these pictures (50)" in found.source


def test_a_reference_gives_the_temperature_and_all_pictures_are_measured() -> None:
    logits, labels = logits_for(3_000, 3.0, seed=1)
    reference = types.SimpleNamespace(held_out_logits=logits, held_out_labels=labels)
    mine, own = logits_for(60, 1.0)
    found = calibrated(of(mine, own), reference)  # type: ignore[arg-type]
    assert found.before.n == 60 and found.after.temperature == pytest.approx(3.0, rel=0.15)
    assert "3,000 held-out pictures" in found.source


def test_a_reference_of_other_classes_is_not_used() -> None:
    reference = types.SimpleNamespace(held_out_logits=np.zeros((500, 9)), held_out_labels=np.zeros(500, int))
    logits, labels = logits_for(100, 1.0)
    assert "one half" in calibrated(of(logits, labels), reference).source  # type: ignore[arg-type]


def test_what_has_no_such_figures_is_refused() -> None:
    logits, labels = logits_for(100, 1.0)
    with pytest.raises(EvaluationError, match="sigmoid of its own"):
        calibrated(of(logits, labels, independent=True))
    with pytest.raises(EvaluationError, match="too few"):
        calibrated(of(logits[:5], labels[:5]))
