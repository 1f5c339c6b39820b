"""Claims about single witnesses: the worst statistic is the worst excess, and weights follow what strokes can tell."""

import dataclasses

import numpy as np

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
    assert names == ["logit", "features", "prototype", "statistic", "refusal"]
