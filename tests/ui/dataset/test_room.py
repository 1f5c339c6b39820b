"""Claims about the memory that visitors' data sets share."""

from __future__ import annotations

import gc
from dataclasses import replace

import numpy as np

from lib.dataset import Dataset
from lib.ui.dataset.room import Room, size
from lib.ui.dataset.state import FILE, DatasetState

MB = 1_000_000


def state(megabytes: int = 1, source: str = FILE) -> DatasetState:
    images = np.zeros((megabytes, 1000, 1000), np.uint8)
    return DatasetState(
        source=source, dataset=Dataset(images, np.zeros(megabytes, np.int64), ("a",), total=megabytes)
    )


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_with_too_much_memory_the_one_not_looked_at_for_longest_gives_way_and_is_told() -> None:
    room, states = Room(2 * MB), [state() for _ in range(3)]
    room.looked_at(states[0])
    room.looked_at(states[1])
    room.looked_at(states[0])
    room.looked_at(states[2])
    assert [s.dataset is None for s in states] == [False, True, False]
    assert "load the file again" in states[1].gone and states[0].gone == ""
    assert room.memory_bytes() == 2 * MB


def test_the_set_that_is_looked_at_stays_even_if_it_alone_is_too_large() -> None:
    room, small, huge = Room(2 * MB), state(1), state(5)
    room.looked_at(small)
    room.looked_at(huge)
    assert small.dataset is None and huge.dataset is not None


def test_a_second_set_counts_and_the_sets_of_the_app_do_not() -> None:
    own, builtin = state(1), state(3, "capitals")
    own.others["second"] = state(2).dataset
    assert (size(own), size(builtin)) == (3 * MB, 0)
    own.others["second"] = own.dataset
    assert size(own) == MB


def test_what_nobody_looked_at_for_long_goes_unless_it_is_being_worked_on() -> None:
    clock = Clock()
    room, idle, busy, new = Room(100 * MB, clock), state(), state(), state()
    room.looked_at(idle)
    room.looked_at(busy)
    busy.reading = type("Reading", (), {"busy": True})()
    clock.now = 100
    room.looked_at(new)
    assert room.put_away_idle(100) == 1
    assert [s.dataset is None for s in (idle, busy, new)] == [True, False, False]


def test_a_session_that_ends_takes_its_data_along() -> None:
    room, left = Room(100 * MB), state()
    room.looked_at(left)
    del left
    gc.collect()
    assert room.memory_bytes() == 0


def test_another_file_after_it_was_put_away_is_as_good_as_the_first() -> None:
    room, visitor = Room(MB), state()
    room.looked_at(visitor)
    room.looked_at(state())
    again = replace(state().dataset, name="again")  # type: ignore[type-var]
    visitor.take(again, FILE)
    assert visitor.gone == "" and visitor.dataset is again
