"""What can go wrong with an evaluation, and the two callbacks that every long piece of work here takes."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int], None]
"""Called with (done, total) now and then."""

Cancelled = Callable[[], bool]
"""Asked now and then; True ends the work with EvaluationCancelled."""


class EvaluationError(ValueError):
    """A data set that a network cannot be measured on; the message says which, why, and what to do."""


class EvaluationCancelled(EvaluationError):  # noqa: N818 - nothing is wrong: somebody pressed stop
    """The cancel check said stop."""


def check(cancelled: Cancelled | None, what: str) -> None:
    """Raise EvaluationCancelled if somebody wants `what` (a noun phrase) to stop."""
    if cancelled is not None and cancelled():
        raise EvaluationCancelled(f"{what} was stopped.")
