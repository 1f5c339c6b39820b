"""What is computed of an array once, for as long as the array lives. What that is, is the business of the callers."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

import numpy as np

T = TypeVar("T")


def once_per_array(compute: Callable[[np.ndarray], T]) -> Callable[[np.ndarray], T]:
    """`compute`, asked once for each array: a slider leaves most of a pipeline's images as they are. Thread-safe.

    For arrays that nobody changes. It keeps none of them alive, and forgets with the array what it knew of it.
    """
    # By identity, because an array has no hash; the number is free again only after the reference has been called back.
    known: dict[int, tuple[weakref.ref[np.ndarray], T]] = {}

    def ask(array: np.ndarray) -> T:
        key = id(array)
        found = known.get(key)
        if found is not None and found[0]() is array:
            return found[1]
        value = compute(array)
        known[key] = (weakref.ref(array, lambda _: known.pop(key, None)), value)
        return value

    return ask
