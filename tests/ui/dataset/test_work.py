"""Claims about work in the background that says how much of it is done."""

import threading

from lib.ui.dataset.work import Work

SECONDS = 30


def test_the_share_grows_and_the_result_comes_with_the_end() -> None:
    begun, may_go_on = threading.Event(), threading.Event()

    def do(report, cancelled) -> str:
        report(3, 4)
        begun.set()
        assert may_go_on.wait(SECONDS)
        return "there"

    work = Work(do, "Reading x.csv")
    assert begun.wait(SECONDS)
    assert (work.share, work.busy, work.result) == (0.75, True, None)
    assert work.status.startswith("Reading x.csv, 3 of 4 … ")
    may_go_on.set()
    assert work.done.wait(SECONDS)
    assert (work.result, work.error, work.busy) == ("there", "", False)


def test_a_sentence_is_passed_on_and_stopping_is_no_error() -> None:
    def fail(report, cancelled) -> None:
        raise ValueError("x.csv is empty. Save it again.")

    work = Work(fail, "Reading")
    assert work.done.wait(SECONDS)
    assert work.error == "x.csv is empty. Save it again." and not work.was_stopped

    def endless(report, cancelled) -> None:
        while not cancelled():
            pass
        raise ValueError("It was stopped.")

    stopped = Work(endless, "Reading")
    stopped.stop()
    assert stopped.done.wait(SECONDS)
    assert stopped.was_stopped and stopped.error == ""


def test_no_more_than_two_work_at_once() -> None:
    going, most, lock, may_end = [0], [0], threading.Lock(), threading.Event()
    two_are_in = threading.Event()

    def do(report, cancelled) -> None:
        with lock:
            going[0] += 1
            most[0] = max(most[0], going[0])
            if going[0] == 2:
                two_are_in.set()
        assert may_end.wait(SECONDS)
        with lock:
            going[0] -= 1

    works = [Work(do, "x") for _ in range(4)]
    assert two_are_in.wait(SECONDS)
    may_end.set()
    assert all(work.done.wait(SECONDS) for work in works)
    assert most[0] == 2


def test_a_total_of_nothing_is_no_division() -> None:
    work = Work(lambda report, cancelled: report(0, 0), "x")
    assert work.done.wait(SECONDS) and work.error == "" and work.share == 0
