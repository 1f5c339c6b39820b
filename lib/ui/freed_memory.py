"""What sessions have freed goes back to the operating system. Nothing is freed here that anybody still uses.

Python's full collections are rare once everything that was loaded at the start is frozen (rerun_cost.py), and glibc keeps
the pages of freed arrays, in an arena for each of many threads: without this, memory would be what it was at the busiest
moment. On other systems only the collection is done.
"""

from __future__ import annotations

import ctypes
import gc
import sys

_M_ARENA_MAX = -8  # of glibc's malloc.h
_ARENAS = 2


def few_arenas() -> bool:
    """Lets all threads share two arenas; to be called early. Whether the system knows such a thing."""
    libc = _glibc()
    return libc is not None and bool(libc.mallopt(_M_ARENA_MAX, _ARENAS))


def give_back() -> bool:
    """Collects, and returns free pages; about 20 ms. Whether the system knows such a thing."""
    gc.collect()
    libc = _glibc()
    if libc is None:
        return False
    libc.malloc_trim(0)
    return True


def _glibc() -> ctypes.CDLL | None:
    if sys.platform != "linux":
        return None
    try:
        libc = ctypes.CDLL(None)
        return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "mallopt") else None
    except OSError:
        return None  # musl, or a static build
