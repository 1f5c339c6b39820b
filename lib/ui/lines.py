"""The server's lines: which kinds of visitors' work wait for each other. The line itself is `lib/line.py`."""

from __future__ import annotations

from functools import cache

from lib import settings
from lib.line import Line


@cache
def live() -> Line:
    """What follows the pen and the sliders: milliseconds each, so nobody is told a place."""
    return Line(settings.whole("MISREAD_LIVE_CONCURRENCY"))


@cache
def examinations() -> Line:
    """Seconds each: the Autopsy, and the look at both modes of BatchNorm."""
    return _of_visitors()


@cache
def datasets() -> Line:
    """Up to minutes each: reading and measuring many pictures. Each keeps the cores busy."""
    return _of_visitors()


def _of_visitors() -> Line:
    return Line(settings.whole("MISREAD_WORK_CONCURRENCY"), settings.whole("MISREAD_WORK_WAITING"))
