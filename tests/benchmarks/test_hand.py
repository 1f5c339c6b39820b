"""The hand of the load test: it moves on while the page answers, and its last state always arrives."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from benchmarks.hand import EVENT, Hand, Reported, Timings


class Visitor:
    """A page that takes so long for every answer."""

    def __init__(self, seconds: float, pace: float = 0.0) -> None:
        self.seconds, self.pace = seconds, pace
        self.views = {"steps": ({"revision": 1}, {})}

    async def report(self, view: str, event: str, value: dict[str, Any]) -> float:
        await asyncio.sleep(self.seconds)
        return 1000 * self.seconds


def gesture(visitor: Visitor, states: int) -> tuple[list[int], Timings]:
    """Which of so many states were reported, and the timings."""
    reported: list[int] = []
    timings = Timings()

    def heard(_: Any, report: Reported) -> None:
        reported.append(report.value["number"])

    hand = Hand(visitor, 0, timings, heard)  # type: ignore[arg-type]
    asyncio.run(hand.gesture("steps", "values", [{"number": n} for n in range(states)]))
    return reported, timings


@pytest.mark.parametrize("visitor", [Visitor(0.001), Visitor(0.08), Visitor(0.001, pace=0.12)])
def test_the_newest_state_wins_and_the_last_one_arrives(visitor: Visitor) -> None:
    reported, timings = gesture(visitor, 12)
    assert reported == sorted(set(reported)) and reported[-1] == 11
    assert len(timings.answers) == len(reported)
    assert len(timings.repaints) == 12, "every movement of the hand was seen"


def test_a_slow_page_and_a_slow_pace_are_asked_less_often() -> None:
    slow, paced = gesture(Visitor(4 * EVENT), 12)[0], gesture(Visitor(0.0, pace=4 * EVENT), 12)[0]
    assert len(slow) <= 5 and len(paced) <= 5


def test_a_wait_for_the_answer_before_counts_as_seen() -> None:
    _, timings = gesture(Visitor(3 * EVENT), 9)
    assert max(timings.repaints) >= 1000 * 4 * EVENT > 1000 * 3 * EVENT


def test_a_letter_and_a_drag_end_with_a_final_report() -> None:
    reports: list[Reported] = []
    hand = Hand(Visitor(0.0), 3, Timings(), lambda _, report: reports.append(report))  # type: ignore[arg-type]
    asyncio.run(hand._drag())
    assert [r.value["final"] for r in reports][-1] is True
    assert {r.value["revision"] for r in reports} == {1}
