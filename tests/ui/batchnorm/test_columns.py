"""The two columns: who is right, whose bar is which, and that labels are text."""

from __future__ import annotations

import numpy as np

from lib.samples import sample
from lib.ui.batchnorm.columns import accuracy, bars, columns, inference_column, training_column

PICTURES = [sample("cat").picture(), sample("rocket").picture()]
WRONG = np.array([[0.9, 0.1], [0.8, 0.2]])
RIGHT = np.array([[0.9, 0.1], [0.2, 0.8]])


def test_both_columns_have_their_own_score() -> None:
    html = columns([inference_column(WRONG), training_column(RIGHT)], PICTURES, [0, 1], ["cat", "rocket"])
    stored, batch = html.split("</section>")[:2]
    assert "50 %</b>" in stored and "1 of 2 right" in stored and stored.count("✗ wrong") == 1
    assert "100 %</b>" in batch and "wrong</span>" not in batch


def test_pictures_without_a_label_are_not_counted() -> None:
    assert accuracy(WRONG, [None, 1]) == (0, 1)
    html = columns([inference_column(WRONG)], PICTURES, [None, None], ["cat", "rocket"])
    assert "bn-score" not in html and "right" not in html.replace('class="answer"', "")


def test_the_truth_is_shown_even_when_it_is_not_among_the_most_probable() -> None:
    row = np.array([0.5, 0.3, 0.15, 0.04, 0.01])
    html = bars(row, list("abcde"), target=4)
    assert [part.split("<")[0] for part in html.split('class="name">')[1:]] == ["a", "b", "e"]
    assert 'class="bar truth"' in html and 'class="bar mistake"' in html


def test_a_few_classes_keep_their_places() -> None:
    names = [
        part.split("<")[0] for part in bars(np.array([0.1, 0.9]), ["x", "y"], 0).split('class="name">')[1:]
    ]
    assert names == ["x", "y"]


def test_labels_are_text() -> None:
    html = columns([inference_column(WRONG)], PICTURES, [0, 1], ["<script>", "b"])
    assert "<script>" not in html and "&lt;script&gt;" in html
