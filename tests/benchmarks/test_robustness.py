"""Claims about the table of how the letter networks hold up."""

import json

import pytest

from benchmarks import robustness
from lib.training.conditions import CONDITIONS

FIGURES = {
    "letters": [
        {
            "row": "clean",
            "words": "as they are",
            "n": 1000,
            "accuracy": {"a": 0.9, "b": 0.975},
            "called no letter": 0.01,
        },
        {"row": "set", "words": "clean", "n": 10, "accuracy": {"a": 0.5, "b": 1.0}, "called no letter": 0.0},
    ],
    "outsiders": [{"row": "noise", "n": 300, "rejected": 1.0}, {"row": "marks", "n": 100, "rejected": 0.8}],
}


def test_the_tables_show_every_row_and_two_ways_to_average_the_rejections():
    text = robustness.tables(FIGURES)
    assert "| clean (1,000) | 90.0 % | 97.5 % | 1.0 % |" in text
    assert "| set (10) | 50.0 % | 100.0 % | 0.0 % |" in text
    assert "| marks (100) | 80.0 % |" in text
    assert "| all (400); mean of the kinds | 95.0 %; 90.0 % |" in text
    assert "*clean*: as they are." in text
    assert "*set*" not in text


def test_the_committed_figures_cover_all_networks_and_all_conditions():
    figures = json.loads(robustness.FIGURES.read_text(encoding="utf-8"))
    rows = {entry["row"]: entry for entry in figures["letters"]}
    assert {"clean", *(condition.name for condition in CONDITIONS)} <= set(rows)
    assert all(tuple(entry["accuracy"]) == robustness.MODELS for entry in rows.values())
    assert {entry["words"] for entry in rows.values()} >= {condition.words for condition in CONDITIONS}


def test_the_robust_network_forgives_what_it_was_made_to_forgive_and_knows_most_of_what_is_no_letter():
    figures = json.loads(robustness.FIGURES.read_text(encoding="utf-8"))
    robust = {entry["row"]: entry["accuracy"]["letters-robust"] for entry in figures["letters"]}
    assert robust["clean"] >= 0.965
    assert robust["Kaggle format, uniform part"] >= 0.974
    assert robust["chars74k capitals (external)"] >= 0.99
    for condition in CONDITIONS:
        assert robust[condition.name] >= robust["clean"] - 0.02, condition.name
    # MNIST's digits are of a kind that was trained on, by other writers.
    unknown = [entry for entry in figures["outsiders"] if not entry["row"].startswith("MNIST")]
    rejected = sum(entry["n"] * entry["rejected"] for entry in unknown)
    assert rejected / sum(entry["n"] for entry in unknown) >= 0.95
    assert next(entry for entry in figures["letters"] if entry["row"] == "clean")["called no letter"] <= 0.02


def test_without_data_the_committed_figures_are_printed(capsys):
    robustness.main([])
    printed = capsys.readouterr().out.strip()
    assert printed == robustness.tables(json.loads(robustness.FIGURES.read_text(encoding="utf-8")))


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        robustness.measure(tmp_path / "nowhere", None)
