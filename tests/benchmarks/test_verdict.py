"""Claims about the table of what the verdict is worth."""

import json

import numpy as np
import pytest

from benchmarks import verdict
from benchmarks.verdict_pictures import READERS, noise

FIGURES = json.loads(verdict.FIGURES.read_text(encoding="utf-8"))


def test_the_committed_figures_cover_every_bundled_network_and_enough_kinds_of_outsiders():
    assert set(FIGURES) == set(READERS)
    for entry in FIGURES.values():
        assert len(entry["outside"]) >= 4
        assert {"noise", "scribbles", "textures", "photographs"} <= set(entry["outside"])


@pytest.mark.parametrize("name", FIGURES)
def test_the_combination_is_never_worse_than_max_softmax_by_more_than_a_thousandth(name):
    for kind, row in FIGURES[name]["outside"].items():
        assert row["auroc"][verdict.COMBINED] >= row["auroc"][verdict.MAX_SOFTMAX] - 0.001, kind


@pytest.mark.parametrize("name", FIGURES)
def test_of_a_networks_own_test_pictures_hardly_any_is_called_like_nothing_in_training(name):
    rows = FIGURES[name]["inside"].values()
    assert sum(row["n"] * row["like nothing"] for row in rows) / sum(row["n"] for row in rows) <= 0.01


@pytest.mark.parametrize("name", FIGURES)
def test_after_the_temperature_the_calibration_error_is_at_most_one_percent(name):
    own = FIGURES[name]["own"]
    assert set(own["sets"]) <= set(FIGURES[name]["inside"])
    assert own["n"] == sum(FIGURES[name]["inside"][title]["n"] for title in own["sets"]) >= 7_000
    assert own["ece after"] <= 0.01 and own["ece after"] < own["ece"]


@pytest.mark.parametrize("name", FIGURES)
def test_a_picture_on_a_wrong_scale_is_hardly_ever_called_typical(name):
    rows = FIGURES[name]["misfed"]
    assert len(rows) == 5
    for mistake, row in rows.items():
        assert row["unusual"] >= 0.85, mistake


def test_the_committed_table_is_that_of_the_committed_figures():
    written = verdict.FIGURES.with_suffix(".md").read_text(encoding="utf-8")
    assert written == verdict.tables(FIGURES) + "\n"


def test_the_tables_show_every_figure():
    row = {"n": 10, "named sure": 0.5, "like nothing": 0.25, "auroc": {"a": 0.75}, "fpr95": {"a": 0.125}}
    inside = {
        "n": 1000,
        "accuracy": 0.9,
        "ece": 0.02,
        "ece after": 0.001,
        "ece by chance": 0.0004,
        "as much by chance": 0.125,
        "unusual": 0.05,
        "like nothing": 0.0025,
    }
    wrong = {"as 0..1": {"n": 1000, "unusual": 0.75, "like nothing": 0.5}}
    entry = {
        "temperature": 1.5,
        "own": {"sets": ["set", "other"], **inside, "n": 3000},
        "inside": {"set": inside},
        "misfed": wrong,
        "outside": {"noise": row},
    }
    text = verdict.tables({"net": entry})
    assert "| `net`: set + other | 3,000 | 90.0 % | 2.00 % | 0.10 % |" in text
    assert "| `net` | as 0..1 | 1,000 | 75.0 % | 50.0 % |" in text
    assert "| `net`: set | 1,000 | 90.0 % | 2.00 % | 0.10 % | 0.04 % | 12 % | 1.50 | 5.0 % | 0.25 % |" in text
    assert "| noise | 10 | 50.0 % | 0.750 / 0.12 | 25.0 % |" in text


def test_right_probabilities_have_the_error_of_chance_and_certainty_none():
    np.testing.assert_array_equal(verdict.ece_by_chance(np.ones(50), 3), np.zeros(3))
    # One picture, half sure: it is half a unit away whichever way the coin falls.
    np.testing.assert_array_equal(verdict.ece_by_chance(np.array([0.5]), 3), np.full(3, 0.5))
    few, many = (verdict.ece_by_chance(np.full(n, 0.8), 100).mean() for n in (100, 10_000))
    assert 8 < few / many < 12  # as one over the root of their number


def test_noise_is_the_same_every_time_and_half_of_it_is_even():
    one, other = noise((8, 8)), noise((8, 8))
    np.testing.assert_array_equal(one, other)
    assert one.shape == (300, 8, 8) and one.dtype == np.uint8
    assert abs(one[:150].mean() - 127.5) < 3
