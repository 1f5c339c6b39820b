"""The whole report as one HTML file that needs nothing else: styles inside, pictures inside, no script, fit for printing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lib.autopsy.finding import Autopsy
from lib.autopsy.report import pieces, readings, words
from lib.autopsy.report.behaviour import behaviour_html
from lib.autopsy.report.charts import waterfall
from lib.autopsy.report.subject import Subject, exhibits
from lib.html import points, text

if TYPE_CHECKING:
    from lib.autopsy.fingerprint import Behaviour

PIECES_CSS, _DOCUMENT_CSS = (Path(__file__).with_name(name) for name in ("pieces.css", "document.css"))


def to_html(autopsy: Autopsy, subject: Subject, behaviour: Behaviour | None = None) -> str:
    """The report, readable without a network connection and without scripts.

    Args:
        behaviour: of the model at large, where it was measured.
    """
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # No script and no request, whatever somebody managed to write into a name.
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src data:; '
        "style-src 'unsafe-inline'\">"
        f"<title>Misread: {text(words.symptom(autopsy, subject.model), 120)}</title>"
        f"<style>{_styles()}</style></head><body>"
        f"<h1>Misread · Autopsy of a picture in {text(subject.model, 120)}</h1>"
        f"{readings.path(autopsy, subject)}<section>{pieces.verdict(autopsy)}</section>"
        f"{_section(readings.together(autopsy, subject))}"
        f"{_findings(autopsy, subject)}{_also(autopsy)}{_others(autopsy, subject)}{_model(autopsy, behaviour)}"
        f"{_case(autopsy, subject)}{_code(autopsy, subject)}<footer>Made with Misread.</footer></body></html>\n"
    )


def _styles() -> str:
    return "".join(path.read_text(encoding="utf-8") for path in (PIECES_CSS, _DOCUMENT_CSS))


def _findings(autopsy: Autopsy, subject: Subject) -> str:
    if not autopsy.findings:
        return ""
    shown = exhibits(autopsy, subject)
    shares = words.shares(autopsy)
    told, guessed = words.told_and_guessed(autopsy)
    cards = []
    for number, place in enumerate([*told, *guessed], 1):
        found = autopsy.findings[place]
        card = pieces.finding(found, number, shown[place], shares, unfolded=True)
        cards.append(f'<div class="card">{card}{_pre(found.code)}</div>')
    before, after = words.answer(autopsy.current), words.answer(autopsy.best)
    chart = waterfall(autopsy.findings, before, after) if shares else ""
    first, rest = "".join(cards[: len(told)]), "".join(cards[len(told) :])
    return (f"<section><h2>Findings</h2>{first}{chart}</section>" if first else "") + (
        f"<section><h2>What comes closest to a cause</h2>{rest}</section>" if rest else ""
    )


def _others(autopsy: Autopsy, subject: Subject) -> str:
    return _section(
        pieces.ties(autopsy.ties) + readings.gallery(autopsy.others, subject.contract, unfolded=True)
    )


def _section(parts: str) -> str:
    return f"<section>{parts}</section>" if parts else ""


def _also(autopsy: Autopsy) -> str:
    if not autopsy.also:
        return ""
    cards = "".join(pieces.plain_finding(found, unfolded=True) for found in autopsy.also)
    return f"<section><h2>Also worth knowing about the picture</h2>{cards}</section>"


def _model(autopsy: Autopsy, behaviour: Behaviour | None) -> str:
    cards = "".join(pieces.plain_finding(found, unfolded=True) for found in autopsy.model_findings)
    cards += behaviour_html(behaviour) if behaviour else ""
    return f"<section><h2>About the model</h2>{cards}</section>" if cards else ""


def _code(autopsy: Autopsy, subject: Subject) -> str:
    if autopsy.fix is None or autopsy.verdict != "fixable":
        return ""
    source = autopsy.fix.to_python(subject.picture.background)
    return f"<section><h2>The right preprocessing as Python</h2>{_pre(source)}</section>"


def _case(autopsy: Autopsy, subject: Subject) -> str:
    entries = [
        ("Model", subject.model),
        ("Picture", f"{subject.picture.name or 'a drawing'}, {subject.picture.mode}"),
        ("Steps", str(subject.pipeline)),
    ]
    if words.level_of(autopsy) in words.LEVEL_MEANS:
        entries.append(("Levels of evidence", " ".join(f"{k}: {v}" for k, v in words.LEVEL_MEANS.items())))
    if subject.link:
        entries.append(("This case", subject.link))
    return f"<section><h2>The case</h2>{points(entries)}</section>"


def _pre(code: str) -> str:
    # `text` would put the whole source on one line.
    return (
        "<pre><code>" + "\n".join(text(line) for line in code.splitlines()) + "</code></pre>" if code else ""
    )
