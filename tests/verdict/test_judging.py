"""Claims about the verdict on pictures: known ones are typical, noise is not, and without a Reference nothing is claimed."""

import functools

import numpy as np
import pytest

from lib.network import Network
from lib.reference import build_reference
from lib.reference.features import vectors
from lib.verdict import LEVELS, judge, judge_trace
from lib.verdict.judging import memory_of
from lib.verdict.verdict import Statement, Verdict
from lib.verdict.witnesses import Measures, Witness
from tests.verdict.conftest import bars, contract, trained


def test_new_pictures_of_the_known_kind_are_mostly_typical_and_noise_is_like_nothing(network):
    known = judge(network, bars(200, 2)[0])
    assert np.mean([v.typical for v in known]) > 0.9
    assert np.mean([v.p <= 0.05 for v in known]) < 0.1
    noise = np.random.default_rng(5).random((20, 12, 12, 1)).astype(np.float32)
    assert {v.level for v in judge(network, noise)} == {LEVELS[2]}
    assert not any(v.typical for v in judge(network, noise))


def test_a_picture_in_another_value_range_is_like_nothing_however_familiar_its_strokes(network):
    images = bars(40, 8)[0]
    for wrong in (images * 255, images / 255, images * 2 - 1, 1 - images * 255):
        verdicts = judge(network, wrong.astype(np.float32))
        assert {v.level for v in verdicts} == {LEVELS[2]}
        assert {v.sentence.rsplit(". ", 1)[1] for v in verdicts} == {"Strangest: its value range."}
    # Four levels of gray beyond the training pictures' black are none of this.
    shifted = judge(network, images - 4 / 255)
    right = judge(network, images)
    assert np.mean([v.typical for v in shifted]) > np.mean([v.typical for v in right]) - 0.1


def test_every_witness_is_heard_and_the_refusing_class_is_one_of_them(network):
    verdict = judge(network, bars(1, 3)[0])[0]
    names = [said.witness.id for said in verdict.statements]
    assert names == [
        "logit", "features", "strokes", "prototype", "grain", "statistic", "range", "refusal"
    ]  # fmt: skip
    assert all(0 < said.p <= 1 for said in verdict.statements)
    assert verdict.held_out == 300


def test_what_the_reference_keeps_of_held_out_pictures_is_what_is_measured_of_new_ones(network):
    images = bars(300, 1)[0]
    trace = network.trace(images, layers=("hidden",))
    measures = Measures(network.reference)
    found = measures.of(images, trace.logits, vectors(trace.activations["hidden"]))
    np.testing.assert_allclose(found, measures.held_out(), rtol=1e-2, atol=2e-3)


def test_the_largest_logit_counts_only_over_classes_that_were_seen(network):
    logits = np.array([[1.0, 2.0, 9.0]], np.float32)
    images, features = bars(1, 3)[0], np.ones((1, 8), np.float32)
    found = Measures(network.reference).of(images, logits, features)[0]
    assert found[0] == -2
    assert found[-1] == pytest.approx(9 - np.log(np.exp(1) + np.exp(2)), abs=1e-6)


def test_the_top_k_is_the_networks_with_the_calibrated_probability_beside_the_raw_one(network):
    images = bars(4, 4)[0]
    trace = network.trace(images)
    for row, verdict in enumerate(judge(network, images, k=2)):
        assert [answer.index for answer in verdict.top] == list(trace.top(2, row))
        assert verdict.top[0].probability == trace.probabilities[row].max()
        scaled = np.exp(trace.logits[row].astype(float) / verdict.temperature)
        assert verdict.top[0].calibrated == pytest.approx(scaled.max() / scaled.sum())
        assert verdict.record is not None and verdict.record.n in (30, 50, 100)


def test_a_trace_without_the_feature_layer_gives_the_same_verdict(network):
    images = bars(5, 6)[0]
    short = network.trace(images, layers=())
    assert [v.p for v in judge_trace(network, images, short)] == [v.p for v in judge(network, images)]


def test_one_broken_picture_does_not_spoil_the_others(network):
    images = bars(3, 7)[0]
    before = judge(network, images)
    images[1, 0, 0] = np.nan
    after = judge(network, images)
    assert after[1].p is None and "not finite" in after[1].note and after[1].typical is None
    assert [after[i].p for i in (0, 2)] == [before[i].p for i in (0, 2)]
    assert judge(network, images[1:2])[0].level is None


def test_without_a_reference_nothing_is_claimed_and_something_is_offered(network):
    plain = Network(network.model, network.contract)
    verdict = judge(plain, bars(1, 3)[0])[0]
    assert verdict.p is None and verdict.typical is None and verdict.level is None
    assert "add a sample" in verdict.sentence
    assert verdict.top[0].calibrated is None and verdict.top[0].probability > 0


@pytest.mark.parametrize("count", [2, 18, 19, 198, 199])
def test_too_few_held_out_pictures_call_nothing_unusual_and_say_so(count):
    network = _holding_out(count)
    noise = np.random.default_rng(5).random((5, 12, 12, 1)).astype(np.float32)
    verdicts = judge(network, noise)
    if count < 19:
        assert {v.level for v in verdicts} == {None}
        assert {v.unknown for v in verdicts} == {"training sample too small"}
        assert (
            f"holds out {count} pictures" in verdicts[0].sentence and "larger sample" in verdicts[0].sentence
        )
    else:
        assert {v.level for v in verdicts} == {LEVELS[2 if count == 199 else 1]}
    # A probability is not called calibrated by a handful of answers either.
    assert (verdicts[0].temperature is None) == (count < 30)
    assert (verdicts[0].top[0].calibrated is None) == (count < 30)


@functools.cache
def _holding_out(count):
    model = trained()
    reference = build_reference(model, *bars(300, 0), *bars(count, 1), "0..1")
    return Network(model, contract(), reference)


def test_an_answer_that_no_held_out_picture_has_no_record(network):
    noise = np.random.default_rng(9).random((20, 12, 12, 1)).astype(np.float32)
    refused = [v for v in judge(network, noise) if v.top[0].name == "neither"]
    assert refused and all(v.record is None and v.top[0].calibrated is not None for v in refused)
    assert all(v.record is not None for v in judge(network, bars(5, 3)[0]))


def test_nothing_is_said_of_no_pictures(network):
    assert judge(network, np.zeros((0, 12, 12, 1), np.float32)) == ()


def test_what_was_prepared_is_prepared_again_for_another_reference(network):
    first = memory_of(network)
    assert memory_of(network) is first
    other = network.with_contract(network.contract, network.reference)
    assert memory_of(other) is not first


@pytest.mark.parametrize(
    ("p", "level", "typical"),
    [
        (1.0, 0, True),
        (0.051, 0, True),
        (0.05, 1, False),
        (0.0051, 1, False),
        (0.005, 2, False),
        (1 / 1001, 2, False),
    ],
)
def test_levels_of_a_p_value(p, level, typical):
    verdict = Verdict((), p, held_out=1000)
    assert verdict.level == LEVELS[level] and verdict.typical is typical


def test_what_is_not_typical_is_strange_by_the_witness_that_adds_most():
    said = (Statement(_named("Grain"), 0.2, 1.5), Statement(_named("Strokes"), 0.01, 9.0))
    assert Verdict((), 0.04, said, 1000).sentence.endswith("this one. Strangest: its strokes.")
    assert "Strangest" not in Verdict((), 0.06, said, 1000).sentence


def _named(title):
    return Witness(title.lower(), title, "", f"its {title.lower()}")


def test_the_sentence_counts_pictures():
    assert Verdict((), 1 / 1001, held_out=1000).sentence.startswith("None of 1,000 held-out pictures")
    assert Verdict((), 4 / 1001, held_out=1000).sentence.startswith("3 (0.3 %) of 1,000 held-out pictures")
    assert Verdict((), 0.5, held_out=999).sentence.startswith("50 % of 999 held-out pictures")
