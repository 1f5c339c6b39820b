"""Memory that was freed goes back to the system where the system can take it."""

from __future__ import annotations

import gc
import sys
import weakref

import pytest

from lib.ui import freed_memory
from lib.ui.freed_memory import few_arenas, give_back


class Node:
    """Part of a cycle, which only a collection finds."""


def test_cycles_are_collected_on_every_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(freed_memory, "_glibc", lambda: None)
    node = Node()
    node.itself = node  # type: ignore[attr-defined]
    gone = weakref.ref(node)
    gc.disable()
    try:
        del node
        assert give_back() is False and gone() is None
    finally:
        gc.enable()
    assert few_arenas() is False


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's own calls")
def test_linux_is_asked_to_take_it_back() -> None:
    assert give_back() is (freed_memory._glibc() is not None)
