"""The yardstick's figures as Markdown: one run's table, and totals over several runs. Nothing is measured here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.autopsy_tally import total, wilson
from benchmarks.skew import NOT_FIXABLE, NOTHING_WRONG, PAIR, SINGLE

WITNESSES = {
    "reference": "with the Reference",
    "batchnorm": "BatchNorm statistics only",
    "none": "neither",
}


def share(counts: Mapping[str, int], interval: bool = True) -> str:
    """A share in percent with its interval, such as "95 % (91-97)"; a dash where there is no case."""
    if not counts["n"]:
        return "–"
    percent = f"{100 * counts['k'] / counts['n']:.0f} %"
    if not interval:
        return percent
    low, high = wilson(counts["k"], counts["n"])
    return f"{percent} ({100 * low:.0f}–{100 * high:.0f})"


def run_table(run: Mapping[str, Any]) -> str:
    """Everything about one run: mistakes, healthy pictures, totals, time."""
    lines = [
        f"**{run['subject']}**, {WITNESSES[run['witnesses']]}: {run['pictures']} ({run['part']} part, seed {run['seed']}, "
        f"{run['cases']:,} cases).",
        "",
        "| what is wrong | n | right pipeline | as it is | after the fix | recovered | named first "
        "| named, of those misread | what was named |",
        "| " + "--- | " * 9,
    ]
    rows = run["rows"]
    lines += [_mistake(row) for row in rows if row["kind"] != NOTHING_WRONG]
    lines += [
        "",
        "| nothing is wrong | n | false alarms | spoilt by the fix | called unlike training | what was named |",
    ]
    lines.append("| " + "--- | " * 6)
    lines += [_healthy(row) for row in rows if row["kind"] == NOTHING_WRONG]
    lines += ["", totals_line(run)]
    return "\n".join(lines)


def totals_line(run: Mapping[str, Any]) -> str:
    """A sentence with the totals."""
    found = totals(run)
    seconds = run["seconds"]
    return (
        f"Single mistakes: recovered {share(found['recovered'])}, named first {share(found['named'])}, of those misread "
        f"{share(found['named_of_misread'])}. Pairs: recovered {share(found['pairs recovered'])}, one of the two named "
        f"first {share(found['pairs named'])}, both among the findings {share(found['pairs both'])}. To be named only: "
        f"{share(found['not fixable'])}. False alarms: {share(found['alarms'])}, where a healthy picture is misread "
        f"{share(found['misread alarms'])}. Seconds: p50 {seconds['p50']:.2f}, p95 {seconds['p95']:.2f}."
    )


def totals(run: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The shares that the targets are about."""
    rows: Sequence[dict[str, Any]] = run["rows"]
    misread = [row for row in rows if row["skew"] == MISREAD]
    healthy = [row for row in rows if row["skew"] != MISREAD]
    return {
        "recovered": total(rows, "recovered", [SINGLE]),
        "accuracy kept": _kept(rows, SINGLE),
        "pairs accuracy kept": _kept(rows, PAIR),
        "named": total(rows, "named", [SINGLE]),
        "named_of_misread": total(rows, "named_of_misread", [SINGLE]),
        "pairs recovered": total(rows, "recovered", [PAIR]),
        "pairs named": total(rows, "named", [PAIR]),
        "pairs both": total(rows, "both", [PAIR]),
        "not fixable": total(rows, "named", [NOT_FIXABLE]),
        "alarms": total(healthy, "alarms", [NOTHING_WRONG]),
        "disowned": total(healthy, "disowned", [NOTHING_WRONG]),
        "spoilt": total(healthy, "spoilt", [NOTHING_WRONG]),
        "misread alarms": total(misread, "alarms", [NOTHING_WRONG]),
    }


def _kept(rows: Sequence[dict[str, Any]], kind: str) -> dict[str, int]:
    """Pictures read rightly after the fix, of those that the right pipeline reads rightly: k can exceed n by luck."""
    return {"k": total(rows, "fixed", [kind])["k"], "n": total(rows, "right", [kind])["k"]}


MISREAD = "healthy, misread by the network"
"""The row of healthy pictures that were chosen because the network misreads them."""


def _mistake(row: Mapping[str, Any]) -> str:
    fixable = row["kind"] != NOT_FIXABLE
    cells = [
        row["skew"],
        str(row["n"]),
        share(row["right"], False) if fixable else "",
        share(row["skewed"], False) if fixable else "",
        share(row["fixed"], False) if fixable else "",
        share(row["recovered"]) if fixable else "",
        share(row["named"]),
        share(row["named_of_misread"], False) if fixable else "",
        _most(row["first"]),
    ]
    return f"| {' | '.join(cells)} |"


def _healthy(row: Mapping[str, Any]) -> str:
    cells = [
        row["skew"],
        str(row["n"]),
        share(row["alarms"]),
        share(row["spoilt"], False),
        share(row["disowned"], False),
        _most(row["first"]),
    ]
    return f"| {' | '.join(cells)} |"


def _most(counts: Mapping[str, int], most: int = 3) -> str:
    ordered = sorted(counts.items(), key=lambda item: -item[1])[:most]
    return ", ".join(f"{name} {count}" for name, count in ordered)
