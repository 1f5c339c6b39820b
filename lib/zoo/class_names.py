"""Class names from what people have: a text, JSON or CSV file, pasted lines, or none (numbers)."""

from __future__ import annotations


def numbered(count: int) -> tuple[str, ...]:
    """ "0", "1", ... for classes without names."""
    return tuple(str(index) for index in range(count))
