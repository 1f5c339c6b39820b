"""Work of the Data set page in the background: a job that also says how much of it is done, a few at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

import streamlit as st

from lib.html import text
from lib.ui import lines
from lib.ui.job import Job
from lib.ui.session import visitor

T = TypeVar("T")
Report = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class Work(Generic[T]):
    """Runs `do(report, cancelled)` once, where `report(done, total)` says how far it is.

    Args:
        what: what is being done, with a capital: "Reading letters.csv".
    """

    def __init__(self, do: Callable[[Report, Cancelled], T], what: str) -> None:
        self.what, self.share = what, 0.0

        def run(say: Callable[[str], None], cancelled: Cancelled) -> T:
            def report(done: int, total: int) -> None:
                self.share = min(1.0, done / max(total, 1))
                say(f"{what}, {done:,} of {total:,}" if total < 1_000_000 else what)

            say(what)
            return do(report, cancelled)

        self._job: Job[T] = Job(run, what, line=lines.datasets(), owner=visitor())

    @property
    def done(self) -> threading.Event:
        return self._job.done

    @property
    def busy(self) -> bool:
        return not self._job.done.is_set()

    @property
    def result(self) -> T | None:
        return self._job.result

    @property
    def error(self) -> str:
        """A sentence when it failed; empty also when somebody stopped it."""
        return "" if self._job.was_cancelled else self._job.error

    @property
    def was_stopped(self) -> bool:
        return self._job.was_cancelled

    @property
    def status(self) -> str:
        return self._job.status

    def stop(self) -> None:
        self._job.cancel()


def progress_bar(work: Work, key: str) -> bool:
    """How far it is, and a button that stops it; True once, when somebody has pressed it."""
    bar, stop = st.columns([5, 1], vertical_alignment="center")
    bar.progress(work.share)
    bar.html(f'<div class="ds" role="status"><p class="soft">{text(work.status)}</p></div>')
    if stop.button("Stop", key=key, icon=":material/stop:"):
        work.stop()
        return True
    return False


def refusal(sentence: str, testid: str = "dataset-refusal") -> None:
    """Why something cannot be."""
    st.html(
        f'<div class="ds" role="alert" data-testid="{text(testid)}"><p class="hint">{text(sentence)}</p></div>'
    )
