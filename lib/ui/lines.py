"""The server's lines: which kinds of visitors' work wait for each other. The line itself is `lib/line.py`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from lib import settings
from lib.line import Line

if TYPE_CHECKING:
    from lib.layer import Layer

_LARGE = 2_000_000  # weights: above, TensorFlow takes longer for a picture than Python for the whole page


@cache
def live(large: bool) -> Line:
    """What follows the pen and the sliders: milliseconds each, so nobody is told a place.

    One page at a time, unless the setting says otherwise: Python runs on one core, and two pages at once would take turns
    within it and both be ready when the second one is. Large networks have a line of their own: their time is TensorFlow's,
    beside Python, and who draws a letter does not wait for a photograph.
    """
    return Line(settings.whole("MISREAD_LIVE_CONCURRENCY"))


def is_large(layers: Sequence[Layer]) -> bool:
    """Whether a network of these layers belongs into the line of the large ones."""
    return sum(layer.parameters for layer in layers if not (layer.nested or layer.repeated)) > _LARGE


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
