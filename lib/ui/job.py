"""Work of a visitor's that takes seconds: in a thread of its own, with a status, an end and a way to give it up.

Where it stands in a line of the server's (lines.py), the status says how many are before it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from lib.line import FullError, GivenUpError, Line, place_in_words
from lib.ui.counters import COUNTERS

T = TypeVar("T")
Say = Callable[[str], None]
_LOG = logging.getLogger(__name__)


class Job(Generic[T]):
    """Runs `work(say, cancelled)` once.

    Args:
        what: names the work in a message about a failure that nobody foresaw.
        expected: exceptions whose message is a sentence for the visitor.
        line: where it waits for its turn; without one it begins at once.
        owner: the visitor, for whom the line is fair.
    """

    def __init__(
        self,
        work: Callable[[Say, Callable[[], bool]], T],
        what: str,
        expected: tuple[type[BaseException], ...] = (ValueError,),
        line: Line | None = None,
        owner: Hashable = None,
    ) -> None:
        self._what = what
        self._expected: tuple[type[BaseException], ...] = (*expected, FullError)
        self._line, self._owner = line, owner
        self._cancelled, self.done = threading.Event(), threading.Event()
        self._status, self._started = "waiting", time.monotonic()
        self.result: T | None = None
        self.error = ""
        # Only the thread knows the work: what it holds, a network say, goes when it is done, though the job stays.
        threading.Thread(target=self._run, args=(work,), name="misread-job", daemon=True).start()

    @property
    def status(self) -> str:
        """What is being done, and for how long the visitor has been waiting."""
        return f"{self._status} … {time.monotonic() - self._started:.0f} s"

    @property
    def was_cancelled(self) -> bool:
        return self._cancelled.is_set()

    def cancel(self) -> None:
        """The work ends at its next chance; what it still gives is not wanted any more."""
        self._cancelled.set()

    def _run(self, work: Callable[[Say, Callable[[], bool]], T]) -> None:
        def say(text: Any) -> None:
            self._status = str(text)[:200]

        try:
            result = self._in_turn(work, say)
            if not self.was_cancelled:
                self.result = result
        except GivenUpError:
            pass  # by the visitor, who knows
        except self._expected as error:
            self.error = str(error)
        except Exception as error:  # a thread that dies in silence would let the visitor wait for ever
            _LOG.exception("%s failed unexpectedly", self._what)
            self.error = f"{self._what} failed unexpectedly: {type(error).__name__}: {error}. Try again."
        finally:
            COUNTERS.add("jobs_failed" if self.error else "jobs_done")
            self.done.set()

    def _in_turn(self, work: Callable[[Say, Callable[[], bool]], T], say: Say) -> T:
        if self._line is None:
            return work(say, self._cancelled.is_set)
        with self._line.place(
            self._owner, lambda before: say(place_in_words(before)), self._cancelled.is_set
        ):
            return work(say, self._cancelled.is_set)
