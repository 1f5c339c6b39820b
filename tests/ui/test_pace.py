"""The pace: what one server can answer, shared among those who draw at the moment."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.pace import SLOWEST, Pace


class Machine:
    """A clock and a processor that go as the test says."""

    def __init__(self) -> None:
        self.now, self.used = 100.0, 7.0
        self.pace = Pace(lambda: self.now, lambda: self.used)

    def answers(self, visitors: int, rounds: int, every: float, cost: float) -> list[int]:
        """The paces that were told while every visitor reports `rounds` times, one answer each `every` seconds."""
        told = []
        for number in range(visitors * rounds):
            self.now, self.used = self.now + every, self.used + cost
            told.append(self.pace.answered(number % visitors))
        return told


def test_one_visitor_alone_is_never_slowed_down() -> None:
    assert set(Machine().answers(1, 50, 0.033, 0.030)) == {0}


def test_seven_visitors_share_what_one_core_can_answer() -> None:
    # 7 answers of 10 ms each are to take 70 % of the time until everybody's next one: 100 ms.
    assert Machine().answers(7, 10, 0.01, 0.010)[-1] == 100


def test_a_visitor_who_rests_is_not_counted_after_a_second() -> None:
    machine = Machine()
    machine.answers(7, 10, 0.01, 0.010)
    machine.now += 1.1
    assert machine.answers(2, 10, 0.01, 0.010)[-1] == pytest.approx(2 * 10 / 0.7, abs=1)


@given(st.integers(1, 60), st.integers(1, 8), st.floats(0.001, 0.5), st.floats(0, 2))
def test_the_pace_is_never_slower_than_live(visitors: int, rounds: int, every: float, cost: float) -> None:
    assert all(0 <= told <= SLOWEST for told in Machine().answers(visitors, rounds, every, cost))
