"""How a view's settings (palette, rows shown, ..) get from the browser or a link to Python: validated, never trusted.

A view reports its settings as the event `view`; a link carries the same JSON. Both may have been edited by anybody.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

_LONGEST_TEXT = 20_000
_LONGEST_NAME = 200


def settings(value: object) -> Mapping[str, Any]:
    """The settings as a mapping; an empty one for anything that is not a JSON object of reasonable size."""
    if isinstance(value, str | bytes):
        if len(value) > _LONGEST_TEXT:
            return {}
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, Mapping) else {}


def unreadable(view: Mapping[str, str]) -> tuple[str, ...]:
    """A sentence about views whose options make no sense; they then show what they usually show."""
    names = sorted(name for name, text in view.items() if not settings(text))
    if not names:
        return ()
    said = ", ".join(f"{name!r:.20}" for name in names[:3])
    return (f"The link’s options for {said} could not be read; the usual ones are shown.",)


def one_of(value: object, allowed: Iterable[str], otherwise: str) -> str:
    """`value` if it is one of the allowed words."""
    return value if isinstance(value, str) and value in tuple(allowed) else otherwise


def whole_number(value: object, low: int, high: int, otherwise: int) -> int:
    """`value` held within low..high if it is a whole number."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return otherwise
    if isinstance(value, float) and not value.is_integer():  # neither are NaN and the infinities
        return otherwise
    return max(low, min(high, int(value)))


def names(value: object, most: int = 500) -> tuple[str, ...]:
    """The texts of a list, without doubles and sorted; anything else is left out."""
    if not isinstance(value, list | tuple):
        return ()
    return tuple(
        sorted({name for name in value[:most] if isinstance(name, str) and len(name) <= _LONGEST_NAME})
    )


def ranges(value: object, most: int = 500) -> tuple[tuple[str, float, float], ...]:
    """(name, low, high) for every entry of a mapping name -> [low, high] that is a finite range; sorted by name."""
    if not isinstance(value, Mapping):
        return ()
    found = []
    for name, pair in list(value.items())[:most]:
        if not isinstance(name, str) or len(name) > _LONGEST_NAME or not isinstance(pair, list | tuple):
            continue
        numbers = [float(n) for n in pair if isinstance(n, float | int) and abs(n) < 1e38]
        if len(numbers) == len(pair) == 2 and numbers[0] <= numbers[1]:
            found.append((name, numbers[0], numbers[1]))
    return tuple(sorted(found))


def sequence_number(report: Mapping[str, Any]) -> int:
    """The number under which a view sent its report, 0 if it has none."""
    return whole_number(report.get("seq"), 0, 2**53, 0)


def compact_json(changed: Mapping[str, Any]) -> str:
    """Short JSON for a link."""
    return json.dumps(changed, separators=(",", ":"), ensure_ascii=False)
