"""Shapley values against games whose values are known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.autopsy.shapley import shapley


def test_the_glove_game_gives_the_rare_glove_two_thirds() -> None:
    # One left glove and two right ones; a pair is worth 1.
    values = shapley(["left", "r1", "r2"], lambda s: float("left" in s and bool(s & {"r1", "r2"})))
    assert values == pytest.approx({"left": 2 / 3, "r1": 1 / 6, "r2": 1 / 6})


def test_what_changes_nothing_is_worth_nothing_and_equals_share_equally() -> None:
    values = shapley(["a", "b", "idle"], lambda s: float({"a", "b"} <= s))
    assert values == pytest.approx({"a": 0.5, "b": 0.5, "idle": 0.0})


@given(st.lists(st.floats(-10, 10), min_size=64, max_size=64), st.integers(1, 6))
def test_the_values_add_up_to_the_whole(worths: list[float], n: int) -> None:
    players = [f"p{i}" for i in range(n)]

    def value(subset: frozenset[str]) -> float:
        return worths[sum(1 << i for i, player in enumerate(players) if player in subset)]

    values = shapley(players, value)
    assert sum(values.values()) == pytest.approx(value(frozenset(players)) - value(frozenset()), abs=1e-9)


def test_every_subset_is_asked_once_and_seven_are_too_many() -> None:
    asked: list[frozenset[str]] = []
    shapley(list("abcd"), lambda s: asked.append(s) or 0.0)
    assert len(asked) == len(set(asked)) == 16
    with pytest.raises(ValueError, match="128 subsets"):
        shapley(list("abcdefg"), lambda s: 0.0)
