"""What is computed once per array: the same array is not asked about twice, another one always is, and nothing is kept."""

from __future__ import annotations

import gc
import weakref

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.ui.per_array import once_per_array


def test_an_array_is_asked_about_once_and_an_equal_one_again() -> None:
    asked = []
    total = once_per_array(lambda array: asked.append(array) or float(array.sum()))  # type: ignore[func-returns-value]
    first, equal = np.arange(4.0), np.arange(4.0)
    assert [total(first), total(first), total(equal), total(first)] == [6.0] * 4
    assert [array is first for array in asked] == [True, False]


def test_neither_the_array_nor_what_was_known_of_it_outlives_it() -> None:
    class Found:
        pass

    find = once_per_array(lambda array: Found())
    array = np.zeros(9)
    of_array, of_found = weakref.ref(array), weakref.ref(find(array))
    assert of_found() is not None
    del array
    gc.collect()
    assert of_array() is None and of_found() is None


@given(values=st.lists(st.integers(0, 99), min_size=1, max_size=60))
@settings(max_examples=30, deadline=None)
def test_a_new_array_in_the_place_of_an_old_one_is_not_taken_for_it(values: list[int]) -> None:
    first = once_per_array(lambda array: int(array[0]))
    for value in values:  # each dies at once, so that the next one often gets its address
        assert first(np.array([value])) == value
