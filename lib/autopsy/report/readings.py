"""Readings as HTML: the path from the picture to the answer, several pictures beside each other, other ways that were tried.

Whatever came with a picture or a model goes through `lib.html.text`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.autopsy.finding import Autopsy, Pictured, Reading
from lib.autopsy.report import words
from lib.autopsy.report.subject import Subject, seen, shrunk
from lib.contract import Contract
from lib.html import picture as picture_tag
from lib.html import text
from lib.picture import Picture
from lib.wording import probability

_SHORT_NAME = 12
_TOP = 3
_FIRST_READINGS = 8
_SMALL = 96  # pixels: what is smaller is drawn as squares, not smoothed


def path(autopsy: Autopsy, subject: Subject) -> str:
    """The picture, what the network gets and answers, and what it should get and would answer."""
    first = (
        f"<figure>{image(shrunk(subject.picture.pixels), 'Your picture')}"
        f"<figcaption>Your picture{_size(subject)}</figcaption></figure>"
    )
    arrow = '<span class="arrow" aria-hidden="true">→</span>'
    if words.same_answer(autopsy):
        now = _stop(autopsy.current, subject.contract, "What the network gets", "now")
        return f'<div class="au"><div class="path short">{first}{arrow}{now}</div></div>'
    right = autopsy.verdict == "fixable" and not words.doubtful(autopsy)
    wrong = right and _first(autopsy.current) != _first(autopsy.best)
    now = _stop(autopsy.current, subject.contract, "What the network gets now", "now", wrong)
    title = "What it should get" if right else "The best that was found"
    then = _stop(autopsy.best, subject.contract, title, "then" if right else "now")
    return f'<div class="au"><div class="path">{first}{arrow}{now}{arrow}{then}</div></div>'


def waiting(subject: Subject, status: str) -> str:
    """The picture while it is being examined."""
    return (
        f'<div class="au"><div class="path short"><figure>{image(shrunk(subject.picture.pixels), "Your picture")}'
        f"<figcaption>Your picture{_size(subject)}</figcaption></figure>"
        f'<span class="arrow" aria-hidden="true">→</span><p class="busy" role="status">{text(status)}</p></div></div>'
    )


def together(autopsy: Autopsy, subject: Subject) -> str:
    """Each of several pictures with its answer now and with the fix that all of them share; empty for one picture."""
    pictures = (subject.picture, *subject.more)
    if len(autopsy.pictures) < 2 or len(pictures) != len(autopsy.pictures):
        return ""
    cells = "".join(
        _pictured(*pair, subject.contract) for pair in zip(pictures, autopsy.pictures, strict=True)
    )
    return (
        '<div class="au"><h4 class="head">The pictures<small>each with the fix that they share</small></h4>'
        f'<ul class="gallery pictures">{cells}</ul></div>'
    )


def gallery(readings: Sequence[Reading], contract: Contract, unfolded: bool = False) -> str:
    """Other ways to preprocess the picture, each as the network takes it, with its answer; beyond some, on demand."""
    if not readings:
        return ""
    cells = [_cell(reading, contract) for reading in readings]
    open_at_once = len(cells) if unfolded else _FIRST_READINGS
    rest = "".join(cells[open_at_once:])
    more = (
        f'<details class="more"><summary>{len(cells) - open_at_once} more</summary><ul class="gallery">{rest}</ul></details>'
        if rest
        else ""
    )
    return (
        '<div class="au"><h4 class="head">Other ways that were tried<small>the best first</small></h4>'
        f'<ul class="gallery">{"".join(cells[:open_at_once])}</ul>{more}</div>'
    )


def image(pixels: np.ndarray, alt: str) -> str:
    """A picture; small ones keep their squares."""
    return picture_tag(pixels, alt, "photo" if min(pixels.shape[:2]) >= _SMALL else "")


def top(reading: Reading, k: int = _TOP) -> str:
    """The first classes as bars."""
    rows = "".join(
        f'<li><i style="width:{_percent(p):.1f}%"></i><span class="n">{text(name, 80)}</span>'
        f'<span class="v">{text(probability(p))}</span></li>'
        for name, p in reading.top[:k]
    )
    return f'<ol class="top">{rows}</ol>'


def _pictured(picture: Picture, one: Pictured, contract: Contract) -> str:
    readings = [one.current] if one.best is one.current else [one.current, one.best]
    titles = ("now", "put right") if len(readings) > 1 else ("",)
    steps = [
        f"<figure>{image(shrunk(seen(reading.tensor, contract)), f'What the network gets {title}'.strip())}"
        f"<figcaption><b>{text(_first(reading), 60)}</b>{text(probability(reading.top[0][1])) if reading.top else ''}"
        f'<span class="soft">{f", {title}" if title else ""}</span></figcaption></figure>'
        for reading, title in zip(readings, titles, strict=True)
    ]
    arrow = '<span class="arrow" aria-hidden="true">→</span>'
    return (
        f"<li>{image(shrunk(picture.pixels), picture.name or 'Your picture')}"
        f'<div class="pair">{arrow.join(steps)}</div></li>'
    )


def _cell(reading: Reading, contract: Contract) -> str:
    typical = words.typical(reading)
    return (
        f"<li>{image(shrunk(seen(reading.tensor, contract)), f'As the network sees it: {reading.title}')}{top(reading)}"
        f'<div class="title" title="{text(reading.title)}">{text(reading.title)}</div>'
        + (f'<div class="typical">{text(typical)}</div>' if typical else "")
        + "</li>"
    )


def _stop(reading: Reading, contract: Contract, title: str, kind: str, wrong: bool = False) -> str:
    pixels = shrunk(seen(reading.tensor, contract))
    height, width = contract.size
    name, p = reading.top[0] if reading.top else ("–", float("nan"))
    long = " long" if len(name) > _SHORT_NAME else ""
    typical = words.typical(reading)
    return (
        f'<figure><div class="stop {kind}">{image(pixels, title)}<div class="reads">'
        f'<span class="name{long}{" wrong" if wrong else ""}">{text(name, 80)}</span>'
        f'<span class="p">{text(probability(p))}</span>'
        f"{top(reading)}</div></div>"
        f"<figcaption>{text(title)}, {height} × {width}{f': {text(typical)}' if typical else ''}</figcaption></figure>"
    )


def _size(subject: Subject) -> str:
    height, width = subject.picture.size
    return f", {height} × {width}"


def _first(reading: Reading) -> str:
    return reading.top[0][0] if reading.top else ""


def _percent(p: float) -> float:
    return 100 * min(max(p, 0.0), 1.0) if np.isfinite(p) else 0.0
