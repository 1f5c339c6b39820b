"""Brings TensorFlow and the bundled networks in, in the background, so that the first page never waits for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lib.zoo import load

if TYPE_CHECKING:
    from lib.network import Network


class Engine:
    """Loads networks in a thread of its own and hands them out. One per server process.

    Args:
        names: the bundled models, in the order in which they are loaded.
        on_imported: called in the thread when TensorFlow is imported.
        on_loaded: called in the thread when all networks are loaded.
    """

    def __init__(
        self,
        names: Sequence[str],
        on_imported: Callable[[], None] = lambda: None,
        on_loaded: Callable[[], None] = lambda: None,
    ) -> None:
        self._queue, self._on_imported, self._on_loaded = list(names), on_imported, on_loaded
        self._networks: dict[str, Network] = {}
        self._failures: dict[str, str] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._started: float | None = None
        self._doing = "TensorFlow"
        self.finished = threading.Event()

    def start(self, delay: float = 0.0) -> None:
        """Begins to load; further calls do nothing. `delay` in seconds lets the first page be painted first."""
        with self._lock:
            if self._thread is None:
                self._started = time.monotonic()
                self._thread = threading.Thread(
                    target=self._run, args=(delay,), name="misread-engine", daemon=True
                )
                self._thread.start()

    def network(self, name: str) -> Network | None:
        """The network, or None while it is not there yet; asking for it brings it to the front of the queue."""
        found = self._networks.get(name)
        if found is None:
            with self._lock:
                if name in self._queue:
                    self._queue.remove(name)
                    self._queue.insert(0, name)
        return found

    def failure(self, name: str) -> str:
        """Why a network could not be loaded, as a sentence; empty when nothing went wrong."""
        return self._failures.get(name, "")

    def status(self) -> str:
        """What is being done, for a visitor who waits."""
        seconds = 0.0 if self._started is None else time.monotonic() - self._started
        return f"Loading {self._doing} … {seconds:.0f} s"

    def _run(self, delay: float) -> None:
        time.sleep(delay)
        try:
            import lib.network  # noqa: F401  a few seconds; what is asked for meanwhile is loaded first

            self._on_imported()
        except (
            Exception
        ) as error:  # a broken installation raises anything; the visitors must not wait for ever
            reason = f"TensorFlow could not be imported: {error}. Install requirements.txt again."
            self._failures = dict.fromkeys(self._queue, reason)
            self._queue.clear()
        while name := self._next():
            self._doing = f"the model {name}"
            try:
                self._networks[name] = load(name)
            except Exception as error:  # the thread must survive: the visitor is told, the other models go on
                self._failures[name] = f"The model {name} could not be loaded: {error}"
        try:
            self._on_loaded()
        finally:
            self.finished.set()

    def _next(self) -> str | None:
        with self._lock:
            return self._queue.pop(0) if self._queue else None
