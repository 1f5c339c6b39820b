"""The memory that all visitors' data sets share: with too much in it, the one not looked at for longest gives way."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache

from lib import settings
from lib.ui.dataset.state import FILE, DatasetState

_GONE = (
    "Your data set was put away, because other visitors needed the memory or nobody looked at it for long: "
    "load the file again."
)


class Room:
    """Holds no data set alive: the session does, until it ends. Thread-safe.

    Args:
        most_bytes: of the images of all data sets that visitors brought.
        clock: seconds; in tests it is not the machine's.
    """

    def __init__(self, most_bytes: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.most_bytes, self._clock = most_bytes, clock
        self._known: list[tuple[weakref.ref[DatasetState], float]] = []
        self._lock = threading.Lock()

    def looked_at(self, state: DatasetState) -> None:
        """This session's page is drawn now. Others give way if its data set leaves them no room; it stays itself."""
        with self._known_states() as known:
            known[:] = [(other, at) for other, at in known if other is not state]
            if size(state):
                known.append((state, self._clock()))
            while len(known) > 1 and sum(size(other) for other, _ in known) > self.most_bytes:
                known.pop(0)[0].put_away(_GONE)

    def put_away_idle(self, seconds: float) -> int:
        """Lets go of what nobody looked at in so long; returns how many."""
        with self._known_states() as known:
            idle = [other for other, at in known if self._clock() - at >= seconds and not other.is_busy]
            for state in idle:
                state.put_away(_GONE)
            return len(idle)

    def memory_bytes(self) -> int:
        with self._known_states() as known:
            return sum(size(state) for state, _ in known)

    @contextmanager
    def _known_states(self) -> Iterator[list[tuple[DatasetState, float]]]:
        """Those that are alive, the one not looked at for longest first; kept as the block leaves them."""
        with self._lock:
            known = [(state, at) for ref, at in self._known if (state := ref()) is not None]
            yield known
            self._known = [(weakref.ref(state), at) for state, at in known if size(state)]


def size(state: DatasetState) -> int:
    """Bytes of what this session brought; the sets that come with the app are everybody's."""
    own = state.dataset if state.source == FILE else None
    sets = {id(found): found for found in (own, state.others.get("second")) if found is not None}
    return sum(found.memory_bytes for found in sets.values())


@cache
def room() -> Room:
    """This process's."""
    return Room(1e6 * settings.number("MISREAD_DATASET_MEMORY_MB"))
