"""Making the next thing while the last one is still being used: images are prepared while the network reads others."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

S = TypeVar("S")
T = TypeVar("T")


def ahead(make: Callable[[S], T], of: Iterable[S]) -> Iterator[T]:
    """`make(entry)` of every entry, in order, each begun as soon as the one before is handed over.

    `make` runs in one thread, never twice at a time. Its exceptions come up where its result would; whoever stops asking
    waits for at most one more.
    """
    with ThreadPoolExecutor(1, "misread-ahead") as thread:
        upcoming: Future[T] | None = None
        for entry in of:
            following = thread.submit(make, entry)
            if upcoming is not None:
                yield upcoming.result()
            upcoming = following
        if upcoming is not None:
            yield upcoming.result()
