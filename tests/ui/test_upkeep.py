"""Upkeep: what nobody looks at is let go, what somebody looks at stays, and the log's line holds numbers only."""

from __future__ import annotations

import gc
import json
import threading
from typing import Any

import pytest

from lib.analysis import Analysis
from lib.ui import upkeep
from lib.ui.counters import Counters
from lib.ui.here import Here
from lib.ui.lab_state import LabState
from lib.ui.visitor_models import Shelf
from lib.zoo.engine import Engine


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def here(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Here:
    found = Here(clock)
    monkeypatch.setattr(upkeep, "HERE", found)
    return found


def lab() -> LabState:
    state = LabState.from_link({})
    state.analyse(None)
    return state


def test_a_lab_that_nobody_looks_at_keeps_what_the_visitor_did_and_lets_go_of_what_can_be_computed(
    here: Here, clock: Clock
) -> None:
    left, looked_at = lab(), lab()
    here.seen(left)
    here.seen(looked_at)
    clock.now = 100
    here.seen(looked_at)
    case = left.case
    assert upkeep.put_away_idle(Engine([]), Shelf(1, 1), 100) == 1
    assert left.analysis is None and isinstance(looked_at.analysis, Analysis)
    assert left.case == case and isinstance(left.analyse(None), Analysis)


def test_who_is_here_is_counted_until_the_session_ends(here: Here, clock: Clock) -> None:
    first, second = lab(), lab()
    here.seen(first)
    clock.now = 50
    here.seen(second)
    here.seen(second)
    clock.now = 100
    assert (len(here), here.active(60), here.active(200)) == (2, 1, 2)
    del first
    gc.collect()
    assert (len(here), here.idle(0)) == (1, [second])


def test_a_line_of_the_log_is_json_with_numbers_only() -> None:
    counters = Counters()
    counters.add("answers", 3)
    counters.add("answers")
    found = json.loads(counters.line({"memory_mb": 812}))
    assert found.pop("seconds") >= 0
    assert found == {"event": "counters", "answers": 4, "memory_mb": 812}


@pytest.mark.parametrize("value", ["A.png", b"\x89PNG", [1, 2], None])
def test_the_log_takes_nothing_but_numbers(value: Any) -> None:
    with pytest.raises(TypeError, match="nothing else"):
        Counters().line({"picture": value})


def test_counting_from_many_threads_loses_nothing() -> None:
    counters = Counters()

    def count() -> None:
        for _ in range(500):
            counters.add("x")

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert json.loads(counters.line())["x"] == 4000


def test_a_turn_logs_when_it_is_time_also_after_a_failure(
    clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*given: Any) -> int:
        raise ZeroDivisionError

    monkeypatch.setenv("MISREAD_LOG_MINUTES", "5")
    monkeypatch.setattr(upkeep, "put_away_idle", fails)
    lines: list[str] = []
    kept = upkeep.Upkeep(Engine([]), Shelf(1, 1), lines.append, clock)
    for clock.now in range(0, 661, 60):
        kept.turn()
    assert len(lines) == 2 and json.loads(lines[0])["memory_mb"] > 10
