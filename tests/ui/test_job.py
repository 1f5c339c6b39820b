"""Work in the background: its status, its end, and giving it up."""

from __future__ import annotations

import gc
import threading
import time
import weakref

import pytest

from lib.line import Line
from lib.ui.job import Job

SECONDS = 30


def test_the_result_is_there_when_it_is_done_and_the_status_says_what_is_going_on() -> None:
    may_go_on, begun = threading.Event(), threading.Event()

    def work(say, cancelled) -> int:
        say("reading")
        begun.set()
        assert may_go_on.wait(SECONDS)
        return 7

    job = Job(work, "The work")
    assert begun.wait(SECONDS)
    assert job.status.startswith("reading … ") and job.result is None and not job.done.is_set()
    may_go_on.set()
    assert job.done.wait(SECONDS)
    assert (job.result, job.error) == (7, "")


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError("x.keras is no model. Save it again."), "x.keras is no model. Save it again."),
        (
            ZeroDivisionError("by zero"),
            "The check of x failed unexpectedly: ZeroDivisionError: by zero. Try again.",
        ),
        (MemoryError(), "The check of x failed unexpectedly: MemoryError: . Try again."),
    ],
)
def test_a_sentence_is_passed_on_and_a_surprise_is_said_to_be_one(error: Exception, message: str) -> None:
    def work(say, cancelled) -> None:
        raise error

    job: Job[None] = Job(work, "The check of x")
    assert job.done.wait(SECONDS)
    assert job.error == message and job.result is None


def test_what_was_given_up_gives_nothing_any_more() -> None:
    begun = threading.Event()

    def work(say, cancelled) -> str:
        begun.set()
        while not cancelled():
            pass
        return "too late"

    job = Job(work, "The work")
    assert begun.wait(SECONDS)
    job.cancel()
    assert job.done.wait(SECONDS)
    assert job.was_cancelled and job.result is None


def test_the_server_log_gets_the_traceback_of_a_surprise_and_not_of_a_sentence(
    caplog: pytest.LogCaptureFixture,
) -> None:
    for error in (ZeroDivisionError("by zero"), ValueError("No such model.")):

        def work(say, cancelled, error: Exception = error) -> None:
            raise error

        assert Job(work, "The check").done.wait(SECONDS)
    assert "ZeroDivisionError: by zero" in caplog.text and "No such model" not in caplog.text


def test_a_job_that_is_done_does_not_hold_what_it_worked_on() -> None:
    class Network:
        pass

    network = Network()
    kept = weakref.ref(network)

    def work(say, cancelled, network: Network = network) -> int:
        return 7 if network else 0

    job = Job(work, "The work")
    assert job.done.wait(SECONDS)
    for thread in threading.enumerate():
        if thread.name == "misread-job":
            thread.join(SECONDS)
    del work, network
    gc.collect()
    assert kept() is None and job.result == 7


def test_in_a_line_the_status_says_how_many_are_before_and_giving_up_ends_the_wait() -> None:
    line, may_end = Line(1), threading.Event()
    first = Job(lambda say, cancelled: may_end.wait(SECONDS), "The work", line=line, owner="a")
    waited = [Job(lambda say, cancelled: 7, "The work", line=line, owner=name) for name in "bc"]
    deadline = time.monotonic() + SECONDS
    while len(line) < 2 or "waiting, 2 others" not in "".join(job.status for job in waited):
        assert time.monotonic() < deadline
        time.sleep(0.001)
    assert not any(job.done.is_set() for job in (first, *waited))
    waited[0].cancel()
    assert waited[0].done.wait(SECONDS)
    assert (waited[0].result, waited[0].error) == (None, "")
    may_end.set()
    assert waited[1].done.wait(SECONDS) and waited[1].result == 7


def test_a_full_line_is_a_sentence_for_the_visitor() -> None:
    line, may_end = Line(1, waiting=0), threading.Event()
    first = Job(lambda say, cancelled: may_end.wait(SECONDS), "The work", line=line)
    while not line.working:
        time.sleep(0.001)
    refused = Job(lambda say, cancelled: 7, "The work", (KeyError,), line=line)
    assert refused.done.wait(SECONDS)
    assert refused.result is None and refused.error.endswith("Try again in a minute.")
    may_end.set()
    assert first.done.wait(SECONDS)
