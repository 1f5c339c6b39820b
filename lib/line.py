"""A fair line for work that a server does for many visitors: so many at once, the others wait and know their place.

First come, first served among visitors, not among pieces of work: whoever asks for ten things waits for nine of them like
everybody else (start-time fair queueing, Goyal, Vin and Cheng 1996, with equal weights). What the work is, and in which
thread it waits, is the business of its callers; trainings have a line of their own in `lib/batchnorm`.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

_LOOK = 0.2  # seconds between two looks whether somebody has given up


class FullError(ValueError):
    """Too many are waiting; the message is a sentence for the visitor."""


class GivenUpError(ValueError):
    """The visitor stopped waiting."""


@dataclass(eq=False)
class _Ticket:
    """`turn`: in which round of one piece of work for each visitor it is served."""

    turn: int
    at_once: int


class Line:
    """Thread-safe.

    Args:
        at_once: how many work at the same time.
        waiting: how many may wait; more are refused.
    """

    def __init__(self, at_once: int, waiting: int = 1_000) -> None:
        self.at_once, self.waiting = at_once, waiting
        self._working: list[_Ticket] = []
        self._line: list[_Ticket] = []
        self._round = 0
        self._next_turn: dict[Hashable, int] = {}
        self._changed = threading.Condition()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._line)

    @property
    def working(self) -> int:
        return len(self._working)

    @contextmanager
    def place(
        self,
        owner: Hashable = None,
        say: Callable[[int], None] = lambda before: None,
        cancelled: Callable[[], bool] = lambda: False,
        at_once: int | None = None,
    ) -> Iterator[None]:
        """Waits for a place and holds it.

        Args:
            owner: the visitor; None is nobody in particular, and always the same nobody.
            say: told how many are before this one, whenever that changes; not called by who need not wait.
            cancelled: asked while waiting.
            at_once: instead of the line's own, for work that brings its limit.

        Raises:
            FullError: too many wait already.
            GivenUpError: `cancelled` said so.
        """
        with self._changed:
            ticket = self._enter(owner, at_once or self.at_once)
            self._wait(ticket, say, cancelled)
            self._working.append(ticket)
            self._round = max(self._round, ticket.turn)
            self._changed.notify_all()  # the next one may have a place too
        try:
            yield
        finally:
            with self._changed:
                self._working.remove(ticket)
                self._forget()
                self._changed.notify_all()

    # ---- with the lock held -------------------------------------------------------------------------------------------

    def _enter(self, owner: Hashable, at_once: int) -> _Ticket:
        must_wait = self._line or len(self._working) >= at_once
        if must_wait and len(self._line) >= self.waiting:
            raise FullError(
                f"{len(self._line):,} pieces of work are waiting on this server, the most that may. Try again in a minute."
            )
        turn = max(self._round, self._next_turn.get(owner, 0))
        self._next_turn[owner] = turn + 1
        # Sorted by turn; of one turn, who came first is first.
        place = sum(ticket.turn <= turn for ticket in self._line)
        self._line.insert(place, _Ticket(turn, at_once))
        return self._line[place]

    def _wait(self, ticket: _Ticket, say: Callable[[int], None], cancelled: Callable[[], bool]) -> None:
        """Returns when it is this one's turn."""
        told = 0
        try:
            while self._line[0] is not ticket or len(self._working) >= ticket.at_once:
                if cancelled():
                    raise GivenUpError("It was given up before its turn came.")
                before = self._line.index(ticket) + len(self._working)
                if before != told:
                    told = before
                    say(before)
                self._changed.wait(_LOOK)
        finally:
            self._line.remove(ticket)
            self._changed.notify_all()

    def _forget(self) -> None:
        """Who had how many turns matters only while somebody works or waits."""
        if not self._line and not self._working:
            self._round = 0
            self._next_turn.clear()


def place_in_words(before: int) -> str:
    """For a visitor who waits."""
    others = "one other is" if before == 1 else f"{before:,} others are"
    return f"waiting, {others} before you on this server"
