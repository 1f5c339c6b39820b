"""The large pieces of an Autopsy as HTML: the path from the picture to the answer, the verdict, a finding, the gallery.

Whatever came with a picture or a model goes through `lib.html.text`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lib.autopsy.finding import Autopsy, Finding, Reading
from lib.autopsy.report import words
from lib.autopsy.report.charts import witnesses
from lib.autopsy.report.subject import Exhibit, Subject, seen, shrunk
from lib.contract import Contract
from lib.html import bullets, picture, text
from lib.wording import probability, share

_SHORT_NAME = 12
_TOP = 3
_FIRST_READINGS = 8
_SMALL = 96  # pixels: what is smaller is drawn as squares, not smoothed
_CHIPS = {
    "proof": "proof",
    "training sample": "training",
    "BatchNorm statistics": "batchnorm",
    "model card": "card",
    "guess": "guess",
}


def chip(level: str) -> str:
    """A level of evidence, explained to who points at it or reaches it with the keyboard."""
    means = text(words.LEVEL_MEANS.get(level, ""))
    return (
        f'<span class="chip {_CHIPS.get(level, "guess")}" tabindex="0" role="note" aria-label="Rests on: {text(level)}. '
        f'{means}">{text(level)}<span aria-hidden="true">{means}</span></span>'
    )


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
    wrong = autopsy.verdict == "fixable" and _first(autopsy.current) != _first(autopsy.best)
    now = _stop(autopsy.current, subject.contract, "What the network gets now", "now", wrong)
    title = "What it should get" if autopsy.verdict == "fixable" else "The best that was found"
    then = _stop(autopsy.best, subject.contract, title, "then" if autopsy.verdict == "fixable" else "now")
    return f'<div class="au"><div class="path">{first}{arrow}{now}{arrow}{then}</div></div>'


def waiting(subject: Subject, status: str) -> str:
    """The picture while it is being examined."""
    return (
        f'<div class="au"><div class="path short"><figure>{image(shrunk(subject.picture.pixels), "Your picture")}'
        f"<figcaption>Your picture{_size(subject)}</figcaption></figure>"
        f'<span class="arrow" aria-hidden="true">→</span><p class="busy" role="status">{text(status)}</p></div></div>'
    )


def verdict(autopsy: Autopsy) -> str:
    """The verdict in one large sentence, with what it rests on."""
    kind = {"healthy": " healthy", "unlike training": " unlike"}.get(autopsy.verdict, "")
    advice = words.ADVICE.get(autopsy.verdict, "")
    more = f"<p>{text(advice)}</p>" if advice else ""
    tried = f"<span>{autopsy.tried:,} different inputs tried</span>" if autopsy.tried else ""
    took = f"<span>{autopsy.seconds:.1f} s</span>" if autopsy.seconds else ""
    return (
        f'<div class="au"><div class="verdict{kind}" role="status"><h2>{text(autopsy.sentence)}</h2>{more}'
        f'<p class="facts"><span>Rests on</span>{chip(words.level_of(autopsy))}{tried}{took}</p></div></div>'
    )


def finding(
    found: Finding,
    number: int,
    exhibit: Exhibit | None = None,
    one_of_several: bool = False,
    unfolded: bool = False,
) -> str:
    """One finding about the picture, without its code.

    Args:
        number: its place, from 1.
        one_of_several: whether the others share in the improvement.
        unfolded: with the evidence open, as on paper.
    """
    return (
        f'<div class="au"><article class="finding"><header><h3><span class="rank">{number}</span>'
        f"{text(found.entry.title)}</h3>{chip(found.level)}</header>"
        f'<div class="what"><div class="told"><p>{text(found.sentence)}</p>'
        f'<p class="remedy">{text(found.entry.remedy)}</p>'
        f"{_weight(found) if one_of_several and found.fix is not None else ''}</div>"
        f"{_before_and_after(found, exhibit)}</div>{evidence(found, unfolded)}</article></div>"
    )


def plain_finding(found: Finding, unfolded: bool = False) -> str:
    """One finding without pictures: about the model alone, or about what stands out in the picture."""
    return (
        f'<div class="au"><article class="finding plain"><header><h3>{text(found.entry.title)}</h3>'
        f"{chip(found.level)}</header><p>{text(found.sentence)}</p>{evidence(found, unfolded)}"
        f'<p class="remedy">{text(found.entry.remedy)}</p></article></div>'
    )


def evidence(found: Finding, unfolded: bool = False) -> str:
    """The sentences and numbers behind a finding, folded away. What is drawn is not said again."""
    if not found.evidence and not found.witnesses:
        return ""
    sentences = [s for s in found.evidence if not any(words.repeats(s, w) for w in found.witnesses)]
    said = bullets(sentences) if sentences else ""
    return (
        f"<details{' open' if unfolded else ''}><summary>The evidence</summary>{said}"
        f"{witnesses(found.witnesses)}</details>"
    )


def ties(sentences: Sequence[str]) -> str:
    """What cannot be told from this picture; empty when all can."""
    if not sentences:
        return ""
    items = "".join(f"<li>{text(sentence)}</li>" for sentence in sentences)
    return f'<div class="au"><h4 class="head">What one picture cannot tell</h4><ul class="ties">{items}</ul></div>'


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
    return picture(pixels, alt, "photo" if min(pixels.shape[:2]) >= _SMALL else "")


def top(reading: Reading, k: int = _TOP) -> str:
    """The first classes as bars."""
    rows = "".join(
        f'<li><i style="width:{_percent(p):.1f}%"></i><span class="n">{text(name, 80)}</span>'
        f'<span class="v">{text(probability(p))}</span></li>'
        for name, p in reading.top[:k]
    )
    return f'<ol class="top">{rows}</ol>'


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


def _before_and_after(found: Finding, exhibit: Exhibit | None) -> str:
    if exhibit is None:
        return ""
    sides = (("now", exhibit.before, found.before), ("with this alone put right", exhibit.after, found.after))
    figures = [
        f"<figure>{image(pixels, f'{exhibit.step}, {when}')}"
        f'<figcaption>{_said(said)}<span class="soft">{text(when)}</span></figcaption></figure>'
        for when, pixels, said in sides
    ]
    return f'<div class="pair">{figures[0]}<span class="arrow" aria-hidden="true">→</span>{figures[1]}</div>'


def _said(said: tuple[str, float] | None) -> str:
    return f"<b>{text(said[0], 60)}</b>{text(probability(said[1]))}, " if said else ""


def _weight(found: Finding) -> str:
    return (
        f'<div class="share"><span class="track" aria-hidden="true"><i style="width:{_percent(found.weight):.0f}%"></i>'
        f"</span>{text(share(found.weight))} of the improvement</div>"
    )


def _size(subject: Subject) -> str:
    height, width = subject.picture.size
    return f", {height} × {width}"


def _first(reading: Reading) -> str:
    return reading.top[0][0] if reading.top else ""


def _percent(p: float) -> float:
    return 100 * min(max(p, 0.0), 1.0) if np.isfinite(p) else 0.0
