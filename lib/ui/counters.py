"""What this server did since it started, as numbers: one line of JSON in its log every few minutes.

Only numbers go in, so that no picture, drawing, name or address of a visitor can be in the log.
"""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Mapping


class Counters:
    """Numbers by name. Thread-safe."""

    def __init__(self) -> None:
        self._numbers: Counter[str] = Counter()
        self._lock, self._began = threading.Lock(), time.monotonic()

    def add(self, name: str, number: int = 1) -> None:
        with self._lock:
            self._numbers[name] += number

    def line(self, gauges: Mapping[str, int | float] | None = None) -> str:
        """One JSON object: `event`, `seconds` since the start, every counter, and `gauges`: numbers of this moment.

        Raises:
            TypeError: a gauge is no number.
        """
        for name, value in (gauges or {}).items():
            if not isinstance(value, int | float):
                raise TypeError(f"{name} is no number, and the log takes nothing else.")
        with self._lock:
            numbers = dict(sorted(self._numbers.items()))
        seconds = round(time.monotonic() - self._began)
        return json.dumps({"event": "counters", "seconds": seconds, **numbers, **(gauges or {})})


COUNTERS = Counters()
"""This process's."""
