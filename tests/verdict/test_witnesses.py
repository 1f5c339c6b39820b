"""Claims about single witnesses: the worst statistic is the worst excess, and weights follow what strokes can tell."""

import dataclasses

import numpy as np

from lib.reference.stroke_probe import StrokeProbe
from lib.reference.strokes import WIDTH, stroke_vectors
from lib.statistics import statistics
from lib.verdict.witnesses import Measures
from tests.verdict.conftest import bars


def column(measures, witness):
    return [said.id for said in measures.witnesses].index(witness)


def test_the_statistics_witness_is_the_worst_excess_that_the_reference_says(network):
    reference = network.reference
    images = np.concatenate([bars(20, 4)[0], np.random.default_rng(0).random((20, 12, 12, 1))]).astype(
        np.float32
    )
    measures = Measures(reference)
    found = measures.of(images, np.zeros((40, 3), np.float32), np.zeros((40, 8), np.float32))
    table = statistics(images, "0..1")
    expected = np.max([reference.excess(name, table[name]) for name in reference.statistic_names], axis=0)
    np.testing.assert_allclose(found[:, column(measures, "statistic")], expected, rtol=1e-4, atol=1e-6)
    assert expected[:20].max() < expected[20:].min()


def test_the_range_witness_counts_ranges_beyond_the_outermost_training_quantiles(network):
    reference, measures = network.reference, Measures(network.reference)
    images = np.stack([bars(1, 4)[0][0], np.full((12, 12, 1), 3.0), np.full((12, 12, 1), -2.0)])
    found = measures.of(images.astype(np.float32), np.zeros((3, 3), np.float32), np.zeros((3, 8), np.float32))
    darkest, brightest = reference.band("min", 0, 1)[1], reference.band("max", 0, 1)[0]
    half_a_level = 0.5 / 255
    # All at 3: its darkest value lies farthest out. All at -2: its brightest, which is above 0.7 in every bar.
    expected = [0, 3 - darkest - half_a_level - 0.1, brightest - half_a_level + 2 - 0.1]
    np.testing.assert_allclose(found[:, column(measures, "range")], expected, atol=1e-6)
    assert darkest < 0.05 and brightest > 0.7
    weights = {said.id: (said.weight, said.per_unit) for said in measures.witnesses}
    assert weights["range"] == (0, 6 * sum(weight for weight, _ in weights.values()))
    assert all(per_unit == 0 for name, (_, per_unit) in weights.items() if name != "range")


def test_which_classes_are_known_does_not_depend_on_the_held_out_pictures_where_there_is_a_bank(network):
    labels = np.arange(len(network.reference.held_out_labels)) % 3
    other = dataclasses.replace(network.reference, held_out_labels=labels.astype(np.int16))
    assert Measures(other).refusing == Measures(network.reference).refusing == (2,)
    none, no_labels = np.zeros((0, 0), np.float16), np.zeros(0, np.int16)
    older = dataclasses.replace(
        other,
        features=none,
        feature_labels=no_labels,
        held_out_feature_distances=np.zeros(0, np.float32),
    )
    assert Measures(older).refusing == ()


def test_the_largest_numbers_are_strange_and_nothing_overflows(network):
    measures = Measures(network.reference)
    for value in (3.4e38, -3.4e38, 1e30, 1e-40):
        with np.errstate(over="raise", invalid="raise"):
            batch = np.full((1, 12, 12, 1), value, np.float32)
            batch[0, 3:5] = 0
            found = measures.of(batch, np.zeros((1, 3), np.float32), np.ones((1, 8), np.float32))
        assert np.isfinite(found).all()
        assert found[0, column(measures, "range")] > 0.5


def test_where_classes_share_their_strokes_these_weigh_most_and_elsewhere_grain_does(network):
    reference = network.reference
    strokes = reference.likeness.strokes

    def weights(leftover):
        likeness = dataclasses.replace(
            reference.likeness, strokes=dataclasses.replace(strokes, leftover=leftover)
        )
        found = Measures(dataclasses.replace(reference, likeness=likeness)).witnesses
        return {said.id: said.weight for said in found}

    drawn, pictured = weights(0.03), weights(0.12)
    assert max(drawn, key=drawn.get) == "strokes"
    assert pictured["grain"] > pictured["strokes"]


def test_a_reference_of_an_older_version_has_neither(network):
    older = dataclasses.replace(network.reference, likeness=None)
    names = [said.id for said in Measures(older).witnesses]
    assert names == ["logit", "features", "prototype", "statistic", "range", "refusal"]


def test_a_stroke_probe_is_heard_and_beside_a_refusal_it_shares_one_voice(network):
    images = bars(300, 1)[0]
    hidden = np.random.default_rng(0).normal(0, 1, (WIDTH, 4)).astype(np.float16)
    none = np.zeros(4, np.float16)
    probe = StrokeProbe(hidden, none, hidden[:4, :4][:, :3], none[:3], np.zeros(300, np.float32))
    scores = probe.scores(stroke_vectors(images, "0..1")).astype(np.float32)
    probe = dataclasses.replace(probe, held_out=scores)
    known = dataclasses.replace(network.reference, stroke_probe=probe)
    measures = Measures(known)
    place = column(measures, "outsiders")
    np.testing.assert_array_equal(measures.held_out()[:, place], scores)
    found = measures.of(images, np.zeros((300, 3), np.float32), np.zeros((300, 8), np.float32))
    np.testing.assert_allclose(found[:, place], scores, rtol=1e-5)
    # All three classes are known now: nothing refuses.
    labels = np.arange(len(known.feature_labels)) % 3
    without = Measures(dataclasses.replace(known, feature_labels=labels.astype(np.int16)))
    assert measures.refusing and not without.refusing
    weights = [found.witnesses[column(found, "outsiders")].weight for found in (measures, without)]
    assert weights[0] == weights[1] / 2
