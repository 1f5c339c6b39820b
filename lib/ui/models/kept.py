"""Work that is done once per network and forgotten with it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

Result = TypeVar("Result")


def kept_per_network(work: Callable[..., Result]) -> Callable[..., Result]:
    """`work(network, *arguments)` computed once for each network and arguments, shared by all sessions.

    The results live as long as the network: what the engine or a session puts away takes its results with it. They must
    not refer to the network themselves.
    """
    known: WeakKeyDictionary[Any, dict[tuple[Any, ...], Result]] = WeakKeyDictionary()
    lock = threading.Lock()

    @wraps(work)
    def kept(network: Any, *arguments: Any) -> Result:
        with lock:  # two visitors who ask at once wait for one computation
            results = known.setdefault(network, {})
            if arguments not in results:
                results[arguments] = work(network, *arguments)
            return results[arguments]

    return kept
