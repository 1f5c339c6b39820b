"""A network's behaviour at large as HTML and as Markdown: what it takes noise for, and its sensitivity to scale."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from lib.html import table, text
from lib.wording import probability, share

if TYPE_CHECKING:
    from lib.autopsy.fingerprint import Behaviour

_HEAD = ("all numbers times", "answers that stay", "median probability", "most frequent answer")
_WHY = (
    "A division by 255 too many, or one forgotten, multiplies all numbers by 1/255 or by 255. What the answers to the same "
    "probes become:"
)


def behaviour_html(measured: Behaviour) -> str:
    """Both measurements."""
    kinds = table(
        ("kind of noise", "mostly read as", "share"),
        ((kind, name, share(part)) for kind, name, part in measured.noise.by_kind),
    )
    return (
        '<div class="au behaviour"><h4 class="head">What it takes noise for</h4>'
        f"<p>{text(measured.noise.sentence())}</p>{kinds}"
        f'<h4 class="head">Sensitivity to scale</h4><p>{text(_WHY)}</p>{table(_HEAD, _rows(measured))}</div>'
    )


def behaviour_sentences(measured: Behaviour) -> tuple[str, ...]:
    """The same in short, as plain sentences."""
    worst = min(measured.scales, key=lambda row: row.same)
    name, part = worst.frequent
    return (
        measured.noise.sentence(),
        f"Multiplied by {_factor(worst.alpha)}, {share(worst.same)} of the probes keep their answer; the most frequent one "
        f"is then “{name}” ({share(part)}), with a median probability of {probability(worst.probability)}.",
    )


def _rows(measured: Behaviour) -> Iterator[tuple[str, str, str, str]]:
    for row in measured.scales:
        name, part = row.frequent
        yield _factor(row.alpha), share(row.same), probability(row.probability), f"{name} ({share(part)})"


def _factor(alpha: float) -> str:
    return str(Fraction(alpha).limit_denominator(1000))
