"""How often the browsers may report while many people draw at once, so that everybody's answers stay quick.

One visitor alone reports as often as the page answers. Several together could keep the server busier than it can be, and
every report would wait in line; a hand that moves on meanwhile gains nothing from it. The pace is therefore what the server
can answer: active visitors times the processor time of an answer, by the share of one core that is to be used (Python runs
on one at a time).
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Hashable

SLOWEST = 400  # milliseconds: a picture that changes less often is no longer live
_WINDOW = 1.0  # seconds
_SHARE = 0.7
_FEWEST = 5  # answers in the window before anything can be said about them


class Pace:
    """The server's pace. Thread-safe.

    Args:
        clock, processor: seconds; in tests they are not the machine's.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        processor: Callable[[], float] = time.process_time,
    ) -> None:
        self._clock, self._processor = clock, processor
        self._answers: deque[tuple[float, float, Hashable]] = deque()
        self._lock = threading.Lock()

    def answered(self, visitor: Hashable) -> int:
        """To be called with every answer: the least milliseconds between two reports of a browser, 0 for its own least."""
        now, used = self._clock(), self._processor()
        with self._lock:
            self._answers.append((now, used, visitor))
            while self._answers[0][0] < now - _WINDOW:
                self._answers.popleft()
            visitors = len({who for _, _, who in self._answers})
            between = len(self._answers) - 1
            since = self._answers[0][1]
        if visitors < 2 or between < _FEWEST:
            return 0
        return min(SLOWEST, round(1000 * visitors * (used - since) / between / _SHARE))


PACE = Pace()
"""This process's."""
