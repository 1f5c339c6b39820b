from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.predictions import PredictionOptions, predictions_message
from lib.ui.wire import unpack

_NAMES = ["A", "B", "C"]


def _sent(probabilities, options: PredictionOptions | None = None, names=_NAMES, **more):
    return unpack(
        predictions_message(
            names, np.array(probabilities, np.float32), options or PredictionOptions(), **more
        )
    )


@given(st.builds(PredictionOptions, st.integers(1, 1000), st.booleans()))
def test_options_survive_the_link(options: PredictionOptions) -> None:
    assert PredictionOptions.from_json(options.to_json()) == options


@pytest.mark.parametrize(
    "hostile", [None, "x", {"k": "many", "full": "yes"}, {"k": float("nan")}, [1], {"k": True}]
)
def test_hostile_options_are_the_defaults(hostile: object) -> None:
    assert PredictionOptions.from_json(hostile) == PredictionOptions()


def test_rows_are_ranked_and_worded() -> None:
    header, arrays = _sent([0.25, 0.7, 0.05], PredictionOptions(k=2), logits=np.array([1, 2, -3.0]))
    assert header["rows"] == [
        {"class": 1, "words": "70.0 %", "logit": "2"},
        {"class": 0, "words": "25.0 %", "logit": "1"},
    ]
    assert arrays["now"].tolist() == pytest.approx([0.25, 0.7, 0.05])


def test_ties_keep_the_networks_order_and_broken_numbers_come_last() -> None:
    header, _ = _sent([0.5, np.nan, 0.5])
    assert [row["class"] for row in header["rows"]] == [0, 2, 1]
    assert header["rows"][2]["words"] == "not a number"


def test_a_softmax_that_rounds_to_one_still_shows_what_the_others_leave() -> None:
    header, _ = _sent([1.0, 2e-10, 1e-10])
    assert header["rows"][0]["words"] == "99.999999970 %"


def test_sigmoids_are_not_complements_of_each_other() -> None:
    header, _ = _sent([1.0, 2e-10, 1e-10], output="sigmoid")
    assert header["rows"][0]["words"] == "100 % (rounded)"
    assert "need not add up" in header["meaning"]


def test_previous_and_pinned_travel_as_given() -> None:
    header, arrays = _sent(
        [0.5, 0.3, 0.2], previous=np.array([0.1, 0.2, 0.7]), pinned=np.array([0.9, 0.1, 0.0])
    )
    assert arrays["previous"].tolist() == pytest.approx([0.1, 0.2, 0.7])
    assert header["rows"][2]["pinned"] == "0 % (rounded)"
    assert header["pinned"] == "A"


def test_every_class_is_worded_only_when_the_chart_is_open() -> None:
    assert _sent([0.5, 0.3, 0.2])[0]["words"] is None
    assert _sent([0.5, 0.3, 0.2], PredictionOptions(full=True))[0]["words"].split("\n") == [
        "50.0 %",
        "30.0 %",
        "20.0 %",
    ]


def test_hostile_class_names_arrive_as_they_are() -> None:
    names = ["<img src=x onerror=alert(1)>", "\n", "ß" * 500]
    assert json.loads(_sent([0.5, 0.3, 0.2], names=names)[0]["names"]) == names


def test_one_class_and_a_thousand_work() -> None:
    assert _sent([0.3], names=["only"])[0]["rows"] == [{"class": 0, "words": "30.0 %"}]
    header, arrays = _sent(
        np.full(1000, 0.001), PredictionOptions(k=5, full=True), names=[str(i) for i in range(1000)]
    )
    assert len(header["rows"]) == 5
    assert len(header["words"].split("\n")) == arrays["now"].size == 1000


def test_before_the_first_answer_there_is_only_the_message() -> None:
    header, _ = _sent([], message="The network is loading.")
    assert (header["rows"], header["classes"], header["message"]) == ([], 0, "The network is loading.")


def test_arrays_that_do_not_fit_the_names_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match="probabilities has 2 values for 3 class names"):
        _sent([0.5, 0.5])
    with pytest.raises(ValueError, match="pinned has 2 values for 3"):
        _sent([0.5, 0.3, 0.2], pinned=np.zeros(2))
    with pytest.raises(ValueError, match="no network gives 'relu'"):
        _sent([0.5, 0.3, 0.2], output="relu")
    with pytest.raises(ValueError, match="'softmax' for the task 'multi-label'"):
        _sent([0.5, 0.3, 0.2], output="softmax", task="multi-label")


def test_what_the_numbers_mean_follows_from_the_task() -> None:
    def meaning(output: str, task: str) -> str:
        return _sent([0.25, 0.75], names=["cat", "dog"], output=output, task=task)[0]["meaning"]

    assert "what is left" in meaning("sigmoid", "binary") and "one sigmoid unit" in meaning(
        "sigmoid", "binary"
    )
    assert "sigmoid of the one logit" in meaning("logits", "binary")
    assert "question of its own" in meaning("sigmoid", "multi-label") and "logit" in meaning(
        "logits", "multi-label"
    )
    assert "softmax" in meaning("logits", "single label")
