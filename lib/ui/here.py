"""Which visitors' Labs live in this process, and when each was last looked at. It keeps none of them alive."""

from __future__ import annotations

import threading
import time
import weakref
from collections.abc import Callable

from lib.ui.lab_state import LabState


class Here:
    """Thread-safe.

    Args:
        clock: seconds; in tests it is not the machine's.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[int, tuple[weakref.ref[LabState], float]] = {}
        self._lock = threading.Lock()

    def seen(self, lab: LabState) -> None:
        """Its visitor looks at a page now."""
        with self._lock:
            self._seen[id(lab)] = (weakref.ref(lab), self._clock())

    def idle(self, seconds: float) -> list[LabState]:
        """The Labs that nobody has looked at for so long."""
        now = self._clock()
        return [lab for lab, at in self._alive() if now - at >= seconds]

    def active(self, seconds: float) -> int:
        """How many were looked at since then."""
        now = self._clock()
        return sum(now - at < seconds for _, at in self._alive())

    def __len__(self) -> int:
        return len(self._alive())

    def _alive(self) -> list[tuple[LabState, float]]:
        with self._lock:
            for gone in [key for key, (ref, _) in self._seen.items() if ref() is None]:
                del self._seen[gone]
            return [(lab, at) for ref, at in self._seen.values() if (lab := ref()) is not None]


HERE = Here()
"""This process's."""
