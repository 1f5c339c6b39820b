"""Numbers of an Autopsy as small drawings in HTML: a value beside its training band, and what each change contributes."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lib.autopsy.finding import Finding, Witness
from lib.autopsy.report.words import expected, outside, witness_words
from lib.html import text
from lib.wording import number, share

_MARGIN = 0.08  # of the axis, left free on both sides


def witnesses(shown: Sequence[Witness]) -> str:
    """Every number with its training band; empty without any."""
    if not shown:
        return ""
    banded = any(witness.low is not None or witness.high is not None for witness in shown)
    legend = '<div class="legend" aria-hidden="true"><i></i>as expected<b></b>here</div>' if banded else ""
    return "".join(_witness(witness) for witness in shown) + legend


def axis(witness: Witness) -> tuple[float, float, float] | None:
    """Where the band begins and ends and where the value stands, as shares (0..1) of the axis; None without a band.

    A band that is open on one side reaches to that end of the axis.
    """
    ends = [end for end in (witness.low, witness.high) if end is not None and math.isfinite(end)]
    if not ends or not math.isfinite(witness.value):
        return None
    low, high = min([*ends, witness.value]), max([*ends, witness.value])
    spread = (high - low) or max(abs(high), 1.0)
    low, high = low - _MARGIN * spread, high + _MARGIN * spread

    def place(value: float) -> float:
        return min(max((value - low) / (high - low), 0.0), 1.0)

    begin = place(witness.low) if witness.low is not None and math.isfinite(witness.low) else 0.0
    end = place(witness.high) if witness.high is not None and math.isfinite(witness.high) else 1.0
    return begin, max(begin, end), place(witness.value)


def waterfall(findings: Sequence[Finding], before: str, after: str) -> str:
    """The share of each change in the improvement, each bar beginning where the last one ended; empty for one change.

    Args:
        before, after: the answer without and with all of them.
    """
    parts = [found for found in findings if found.fix is not None]
    if len(parts) < 2:
        return ""
    total = sum(max(found.weight, 0.0) for found in parts) or 1.0
    rows = [_bar("Now", 0.0, 0.0, before)]
    reached = 0.0
    for found in parts:
        width = max(found.weight, 0.0) / total
        rows.append(_bar(found.entry.title, reached, width, share(width) if width else "only with others"))
        reached += width
    rows.append(_bar("All together", 0.0, 1.0, after, "end"))
    return (
        '<div class="au"><h4 class="head">What each change contributes<small>Shapley values</small></h4>'
        f'<div class="waterfall">{"".join(rows)}</div></div>'
    )


def _bar(title: str, begin: float, width: float, value: str, kind: str = "") -> str:
    drawn = f'<i style="left:{100 * begin:.1f}%;width:{100 * width:.1f}%"></i>' if width > 0 else ""
    return (
        f'<span>{text(title)}</span><span class="track {kind}" aria-hidden="true">{drawn}</span>'
        f'<span class="v">{text(value)}</span>'
    )


def _witness(witness: Witness) -> str:
    places = axis(witness)
    unit = f" {witness.unit}" if witness.unit else ""
    value = f"<b>{text(number(witness.value))}</b>{text(unit)}"
    known = expected(witness)
    said = f'<span class="said">{value}<span class="soft">{f"; {text(known)}" if known else ""}</span></span>'
    if places is None:
        return f'<div class="witness"><span>{text(witness.name)}</span>{said}</div>'
    begin, end, here = places
    return (
        f'<div class="witness{" out" if outside(witness) else ""}"><span>{text(witness.name)}</span>'
        f'<span class="axis" role="img" aria-label="{text(witness_words(witness))}">'
        f'<i style="left:{100 * begin:.1f}%;width:{100 * (end - begin):.1f}%"></i>'
        f'<b style="left:{100 * here:.1f}%"></b></span>'
        f"{said}</div>"
    )
