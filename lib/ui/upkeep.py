"""What one server process does beside answering: every minute it lets go of what nobody looks at, and counts.

Sessions themselves are Streamlit's; it ends them some minutes after their page was closed.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from lib import settings
from lib.ui import lines
from lib.ui.counters import COUNTERS
from lib.ui.dataset.room import room
from lib.ui.freed_memory import few_arenas, give_back
from lib.ui.here import HERE
from lib.zoo.own.memory import resident_bytes

if TYPE_CHECKING:
    from lib.ui.visitor_models import Shelf
    from lib.zoo.engine import Engine

_EVERY = 60.0  # seconds
_ACTIVE = 60.0
_MB = 1e6
_LOG = logging.getLogger(__name__)


def put_away_idle(engine: Engine, shelf: Shelf, seconds: float) -> int:
    """Lets go of networks, data sets and analyses that nobody looked at for so long; returns how many."""
    gone = len(engine.put_away_idle(seconds)) + shelf.put_away_idle(seconds) + room().put_away_idle(seconds)
    for lab in HERE.idle(seconds):
        if lab.analysis is not None:
            # The next look computes it again. It held the network, and every intermediate image.
            lab.analysis = lab.pinned_analysis = None
            gone += 1
    return gone


def gauges(engine: Engine, shelf: Shelf) -> dict[str, int]:
    """What is held at this moment."""
    return {
        "visitors": len(HERE),
        "visitors_active": HERE.active(_ACTIVE),
        "networks": len(engine),
        "own_models": len(shelf),
        "data_sets_mb": round(room().memory_bytes() / _MB),
        "examinations_waiting": len(lines.examinations()),
        "data_sets_waiting": len(lines.datasets()),
        "memory_mb": round(resident_bytes(os.getpid()) / _MB),
    }


class Upkeep:
    """Its turns.

    Args:
        log: takes a line.
        clock: seconds; in tests it is not the machine's.
    """

    def __init__(
        self,
        engine: Engine,
        shelf: Shelf,
        log: Callable[[str], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine, self._shelf, self._log, self._clock = engine, shelf, log, clock
        self._idle = 60 * settings.number("MISREAD_IDLE_MINUTES")
        self._log_every = 60 * settings.number("MISREAD_LOG_MINUTES")
        self._logged = clock()

    def start(self) -> threading.Thread:
        """A turn every minute, for as long as the process lives."""
        few_arenas()
        thread = threading.Thread(target=self._run, name="misread-upkeep", daemon=True)
        thread.start()
        return thread

    def turn(self) -> None:
        """Lets go of what is idle, gives memory back, and logs when it is time."""
        try:
            COUNTERS.add("put_away", put_away_idle(self._engine, self._shelf, self._idle))
            give_back()
        except Exception:  # it is needed again in a minute, whatever went wrong in this one
            _LOG.exception("The upkeep failed")
        if self._clock() - self._logged >= self._log_every:
            self._logged = self._clock()
            self._log(COUNTERS.line(gauges(self._engine, self._shelf)))

    def _run(self) -> None:
        while True:
            time.sleep(_EVERY)
            self.turn()
