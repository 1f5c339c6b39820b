"""From single cases to the figures of a row: shares with their 95 % Wilson intervals. Nothing is measured or drawn here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.skew import NOTHING_WRONG, Skew
from lib.evaluate.counts import share

# What may be said of a healthy picture: that the network itself is mistaken.
_NO_ALARM = frozenset({"healthy-misread"})


@dataclass(frozen=True)
class Outcome:
    """What came of one case.

    Attributes:
        right, skewed, fixed: whether the network reads the picture rightly through the right pipeline, through the wrong
            one, and after the Autopsy's fix (the wrong one again where it has none).
        causes: of the findings, the first one first; empty where nothing was found.
        verdict: of the Autopsy.
        seconds: that it took.
    """

    right: bool
    skewed: bool
    fixed: bool
    causes: tuple[str, ...]
    verdict: str
    seconds: float


def wilson(successes: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927); 0 to 1 where there is no case."""
    found = share(successes, n)
    return found.low, found.high


def of(flags: Iterable[bool]) -> dict[str, int]:
    """{"k": how many are true, "n": of how many}."""
    listed = list(flags)
    return {"k": sum(listed), "n": len(listed)}


def summary(skew: Skew, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """The figures of a row, as JSON.

    `recovered` is the share read rightly after the fix among the pictures that the right pipeline reads rightly, so that
    lucky gains do not count. `named_of_misread` leaves out what the network read rightly in spite of the mistake.
    """
    found: dict[str, Any] = {
        "skew": skew.name,
        "kind": skew.kind,
        "causes": list(skew.causes),
        "n": len(outcomes),
        "right": of(o.right for o in outcomes),
        "skewed": of(o.skewed for o in outcomes),
        "fixed": of(o.fixed for o in outcomes),
        "first": dict(Counter(o.causes[0] if o.causes else "nothing" for o in outcomes).most_common()),
        "verdicts": dict(Counter(o.verdict for o in outcomes).most_common()),
    }
    if skew.kind == NOTHING_WRONG:
        found["alarms"] = of(bool(set(o.causes) - _NO_ALARM) for o in outcomes)
        found["spoilt"] = of(not o.fixed for o in outcomes if o.skewed)
        found["disowned"] = of(
            o.verdict == "unlike training" or "not-in-any-class" in o.causes for o in outcomes
        )
        return found
    named = [bool(o.causes) and o.causes[0] in skew.causes for o in outcomes]
    found["recovered"] = of(o.fixed for o in outcomes if o.right)
    found["named"] = of(named)
    found["named_of_misread"] = of(n for n, o in zip(named, outcomes, strict=True) if not o.skewed)
    found["silent_read_right"] = of(not o.causes and o.skewed for o in outcomes)
    if skew.both:
        found["both"] = of(all(set(half) & set(o.causes) for half in skew.both) for o in outcomes)
    return found


def total(rows: Sequence[dict[str, Any]], key: str, kinds: Iterable[str]) -> dict[str, int]:
    """The sum of a share over the rows of some kinds that have it."""
    chosen = [row[key] for row in rows if row["kind"] in set(kinds) and key in row]
    return {"k": sum(c["k"] for c in chosen), "n": sum(c["n"] for c in chosen)}
