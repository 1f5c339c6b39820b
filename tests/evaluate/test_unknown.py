"""Claims about scores against outsiders and the cost of a threshold, with numbers worked out by hand."""

import numpy as np
import pytest

from lib.evaluate import EvaluationCancelled, EvaluationError
from lib.evaluate.outsiders import unlabelled
from lib.evaluate.running import as_stored
from lib.evaluate.unknown import OF_REFERENCE, SOFTMAX, Comparison, Separation, compare, cost, scores
from tests.evaluate.tiny import halves, pictures

PIPELINE = as_stored(pictures(2), halves().contract)


def by_hand() -> Comparison:
    inside = np.array([1.0, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    outside = np.array([0.0, 0.5, 2.5, 9.5])
    right = np.array([False, True, True, True, False, True, True, True, True, True])
    entry = Separation("hand", "", inside, outside, 0.0, 0.0)
    return Comparison("some", (entry,), right, ())


@pytest.mark.parametrize(
    ("keep", "threshold", "kept", "passed", "caught", "accuracy"),
    [(1.0, 1, 1.0, 0.5, 0.0, 0.8), (0.9, 2, 0.9, 0.5, 0.5, 8 / 9), (0.5, 6, 0.5, 0.25, 1.0, 1.0)],
)
def test_a_threshold_keeps_what_it_promises_and_says_what_it_costs(
    keep: float, threshold: float, kept: float, passed: float, caught: float, accuracy: float
) -> None:
    price = cost(by_hand(), "hand", keep)
    assert (price.threshold, price.kept, price.passed) == (threshold, kept, passed)
    assert (price.errors_caught, price.accuracy) == pytest.approx((caught, accuracy))


def test_the_scores_of_a_batch_are_those_of_its_logits() -> None:
    found = scores(halves(), pictures(6), np.arange(6), PIPELINE)
    logits = pictures(6).images.reshape(6, 8, 2, 4).mean((1, 3)) / 255 * 8
    np.testing.assert_allclose(found.by_name["largest logit"], logits.max(1), rtol=1e-5)
    np.testing.assert_allclose(found.by_name["energy"], np.log(np.exp(logits).sum(1)), rtol=1e-5)
    np.testing.assert_allclose(
        found.by_name[SOFTMAX], np.exp(logits.max(1)) / np.exp(logits).sum(1), rtol=1e-5
    )
    assert set(found.by_name) == {SOFTMAX, "largest logit", "energy"}, "no Reference, no likeness"


def test_gray_pictures_are_told_from_half_bright_ones_by_the_probability() -> None:
    gray = unlabelled(np.full((20, 8, 8), 100, np.uint8), "gray sheets")
    found = compare(halves(), pictures(40, wrong=4), gray, PIPELINE, PIPELINE)
    softmax = found.separations[0]
    assert (softmax.name, softmax.auroc, softmax.fpr95) == (SOFTMAX, 1.0, 0.0)
    assert found.named == (("left", 1.0),), "a tie goes to the first class"
    assert found.outsiders == "gray sheets" and int((~found.right).sum()) == 4


def test_a_networks_reference_gives_more_scores() -> None:
    from lib import zoo
    from lib.evaluate.builtin import drawn_capitals
    from lib.evaluate.outsiders import noise

    network, dataset = zoo.load("letters-mlp"), drawn_capitals()
    strange = noise(dataset, network.contract, 100)
    found = compare(
        network, dataset, strange, as_stored(dataset, network.contract), as_stored(strange, network.contract)
    )
    by_name = {entry.name: entry.auroc for entry in found.separations}
    assert by_name["likeness to a prototype"] > 0.99 and by_name["likeness in the network"] > 0.95
    assert by_name["strokes"] > 0.99 and by_name["grain"] > 0.99
    assert by_name["the Lab’s verdict"] > 0.99 > by_name[SOFTMAX]
    assert set(OF_REFERENCE) <= set(by_name)


def test_progress_counts_both_sets_and_cancelling_ends_it() -> None:
    seen: list[tuple[int, int]] = []
    gray = unlabelled(np.full((300, 8, 8), 100, np.uint8), "gray")
    compare(halves(), pictures(300), gray, PIPELINE, PIPELINE, lambda done, total: seen.append((done, total)))
    assert seen == [(256, 600), (300, 600), (556, 600), (600, 600)]
    with pytest.raises(EvaluationCancelled):
        compare(halves(), pictures(300), gray, PIPELINE, PIPELINE, cancelled=lambda: True)


def test_no_outsiders_are_refused() -> None:
    with pytest.raises(EvaluationError, match="no outsiders"):
        compare(halves(), pictures(4), unlabelled(np.zeros((0, 8, 8), np.uint8), "none"), PIPELINE, PIPELINE)
