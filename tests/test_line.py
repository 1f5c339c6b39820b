"""The line: bounded, fair between visitors, and everybody in it knows their place."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

import pytest

from lib.line import FullError, GivenUpError, Line, place_in_words

SECONDS = 20


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.001)


class Worker:
    """Somebody who waits for a place, works until told to end, and notes what was said."""

    def __init__(self, line: Line, name: str, owner: str, served: list[str]) -> None:
        self.said: list[int] = []
        self.error: Exception | None = None
        self.has_begun, self.may_end, self.gives_up = (threading.Event() for _ in range(3))

        def run() -> None:
            try:
                with line.place(owner, self.said.append, self.gives_up.is_set):
                    served.append(name)
                    self.has_begun.set()
                    assert self.may_end.wait(SECONDS)
            except (FullError, GivenUpError) as error:
                self.error = error

        self.thread = threading.Thread(target=run, daemon=True)
        self.thread.start()

    def end(self) -> None:
        self.may_end.set()
        self.thread.join(SECONDS)


class Office:
    """A line with its workers, who come one after the other."""

    def __init__(self, at_once: int, waiting: int = 100) -> None:
        self.line, self.served = Line(at_once, waiting), list[str]()
        self.workers: dict[str, Worker] = {}

    def comes(self, name: str, owner: str = "") -> Worker:
        counted = len(self.line) + self.line.working
        worker = self.workers[name] = Worker(self.line, name, owner or name, self.served)
        until(lambda: len(self.line) + self.line.working > counted or worker.error is not None)
        return worker

    def close(self) -> None:
        for worker in self.workers.values():
            worker.may_end.set()
        for worker in self.workers.values():
            worker.thread.join(SECONDS)


def test_so_many_work_at_once_and_the_others_are_served_in_the_order_of_coming() -> None:
    office = Office(at_once=2)
    for name in "abcd":
        office.comes(name)
    until(lambda: office.line.working == 2)
    assert office.served == ["a", "b"] and len(office.line) == 2
    office.workers["b"].end()
    until(lambda: office.served == ["a", "b", "c"])
    office.close()
    assert office.served == ["a", "b", "c", "d"] and office.line.working == len(office.line) == 0


def test_who_waits_is_told_how_many_are_before_and_who_need_not_wait_is_told_nothing() -> None:
    office = Office(at_once=1)
    first, second, third = (office.comes(name) for name in "abc")
    until(lambda: third.said == [2])
    first.end()
    until(lambda: third.said == [2, 1])
    second.end()
    assert third.has_begun.wait(SECONDS)
    office.close()
    assert (first.said, second.said, third.said) == ([], [1], [2, 1])


def test_nobodys_second_work_goes_before_anothers_first() -> None:
    office = Office(at_once=1)
    for name, owner in (("a1", "a"), ("a2", "a"), ("a3", "a"), ("b1", "b"), ("c1", "c")):
        office.comes(name, owner)
    for name in ("a1", "b1", "c1", "a2"):
        assert office.workers[name].has_begun.wait(SECONDS)
        office.workers[name].end()
    office.close()
    assert office.served == ["a1", "b1", "c1", "a2", "a3"]


def test_a_full_line_refuses_with_a_sentence_and_takes_no_harm() -> None:
    office = Office(at_once=1, waiting=1)
    office.comes("a")
    office.comes("b")
    refused = office.comes("c")
    until(lambda: refused.error is not None)
    assert isinstance(refused.error, FullError) and "1 pieces of work are waiting" in str(refused.error)
    office.close()
    assert office.served == ["a", "b"]


def test_who_gives_up_leaves_the_line_and_the_next_one_moves_up() -> None:
    office = Office(at_once=1)
    office.comes("a")
    second, third = office.comes("b"), office.comes("c")
    second.gives_up.set()
    until(lambda: third.said == [2, 1])
    assert isinstance(second.error, GivenUpError)
    office.close()
    assert office.served == ["a", "c"]


def test_work_that_fails_gives_its_place_back() -> None:
    line = Line(1)
    with pytest.raises(ZeroDivisionError), line.place():
        raise ZeroDivisionError
    with line.place():
        assert line.working == 1
    assert line.working == 0


def test_work_may_bring_its_own_limit() -> None:
    line = Line(1)
    with line.place(at_once=2), line.place(at_once=2):
        assert line.working == 2


def test_the_place_in_words() -> None:
    assert place_in_words(1) == "waiting, one other is before you on this server"
    assert place_in_words(1200) == "waiting, 1,200 others are before you on this server"
