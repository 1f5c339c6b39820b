"""Brings TensorFlow and the catalogue's networks in, in the background, so that no page ever waits for them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from lib.zoo import load

if TYPE_CHECKING:
    from lib.network import Network

_MOST_ON_DEMAND = 3


def _nothing() -> None:
    """Nobody wants to be called."""


class Engine:
    """Loads networks in a thread of its own and hands them out. One per server process.

    Args:
        names: the models that are loaded at start, in this order; they stay.
        on_demand: the models that are loaded when a visitor asks for them. The few that were asked for last stay: they
            are large.
        on_imported: called in the thread when TensorFlow is imported.
        on_loaded: called in the thread when all of `names` are loaded, once: what comes later may go again.
    """

    def __init__(
        self,
        names: Sequence[str],
        on_demand: Collection[str] = (),
        on_imported: Callable[[], None] = _nothing,
        on_loaded: Callable[[], None] = _nothing,
    ) -> None:
        self._queue, self._on_imported, self._on_loaded = list(names), on_imported, on_loaded
        self._on_demand = frozenset(on_demand)
        self._networks: dict[str, Network] = {}
        self._used: dict[str, float] = {}
        self._failures: dict[str, str] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._started: float | None = None
        self._asked_again = threading.Event()
        self._doing, self._loading = "TensorFlow", ""
        self.finished = threading.Event()
        """Set while there is nothing left to load."""

    def start(self, delay: float = 0.0) -> None:
        """Begins to load; further calls do nothing.

        Args:
            delay: seconds that it waits at most, so that the first page is painted first: importing TensorFlow leaves no
                time to send a browser what it still needs. A page that is there asks again for its network; that ends it.
        """
        with self._lock:
            if self._started is None:
                self._run_in_thread(delay)

    def network(self, name: str) -> Network | None:
        """The network, or None while it is not there yet; asking for it brings it to the front of the queue."""
        with self._lock:
            found = self._networks.get(name)
            if found is not None:
                self._used[name] = time.monotonic()
                if name in self._on_demand:  # at the end: the first is the one that was not used for longest
                    self._networks[name] = self._networks.pop(name)
                return found
            if self._started is not None:
                self._asked_again.set()
            if name in self._queue:
                self._queue.remove(name)
                self._queue.insert(0, name)
            elif name in self._on_demand and name not in self._failures and name != self._loading:
                self._queue.insert(0, name)
                if self._started is not None and self._thread is None:
                    self._run_in_thread()
            return None

    def __len__(self) -> int:
        """How many networks are there."""
        return len(self._networks)

    def put_away_idle(self, seconds: float) -> tuple[str, ...]:
        """Lets go of the networks on demand that nobody has asked for in so long, and names them; the next one to ask
        brings them back.
        """
        with self._lock:
            before = time.monotonic() - seconds
            idle = [n for n in self._networks if n in self._on_demand and self._used.get(n, 0.0) <= before]
            for name in idle:
                del self._networks[name]
            return tuple(idle)

    def failure(self, name: str) -> str:
        """Why a network could not be loaded, as a sentence; empty when nothing went wrong."""
        return self._failures.get(name, "")

    def try_again(self, name: str) -> None:
        """Forgets why a network could not be loaded: the next visitor who asks for it starts another attempt."""
        with self._lock:
            self._failures.pop(name, None)

    def status(self) -> str:
        """What is being done, for a visitor who waits."""
        seconds = 0.0 if self._started is None else time.monotonic() - self._started
        return f"Loading {self._doing} … {seconds:.0f} s"

    def _run_in_thread(self, delay: float = 0.0) -> None:
        """With the lock held."""
        self._started = time.monotonic()
        self.finished.clear()
        self._thread = threading.Thread(target=self._run, args=(delay,), name="misread-engine", daemon=True)
        self._thread.start()

    def _run(self, delay: float) -> None:
        if delay:
            self._asked_again.wait(delay)
        try:
            import lib.network  # noqa: F401  a few seconds; what is asked for meanwhile is loaded first

            self._on_imported()
        except (
            Exception
        ) as error:  # a broken installation raises anything; the visitors must not wait for ever
            reason = f"TensorFlow could not be imported: {error}. Install requirements.txt again."
            with self._lock:
                self._failures |= dict.fromkeys([*self._queue, *self._on_demand], reason)
                self._queue.clear()
        while name := self._next():
            self._load(name)

    def _load(self, name: str) -> None:
        def say(doing: str, share: float | None = None) -> None:
            self._doing = doing if share is None else f"{doing}, {share:.0%}"

        say(f"the model {name}")
        try:
            network = load(name, progress=say)
        except Exception as error:  # the thread must survive: the visitor is told, the other models go on
            self._failures[name] = f"The model {name} could not be loaded: {error}"
            return
        with self._lock:
            self._networks[name], self._used[name] = network, time.monotonic()
            large = [key for key in self._networks if key in self._on_demand]
            for key in large[:-_MOST_ON_DEMAND]:
                del self._networks[key]

    def _next(self) -> str | None:
        """What to load next; without anything, the thread ends."""
        with self._lock:
            self._loading = self._queue.pop(0) if self._queue else ""
            if self._loading:
                return self._loading
        try:
            on_loaded, self._on_loaded = self._on_loaded, _nothing
            on_loaded()
        finally:
            with self._lock:
                idle = not self._queue  # somebody may have asked in the meantime
                if idle:
                    self._thread = None
                    self.finished.set()
        return None if idle else self._next()
