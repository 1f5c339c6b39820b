"""What an Autopsy says as HTML: the verdict, a finding with its evidence, ties. Pictures of readings live in `readings`.

Whatever came with a picture or a model goes through `lib.html.text`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib.autopsy.finding import Autopsy, Finding
from lib.autopsy.report import readings, words
from lib.autopsy.report.charts import witnesses
from lib.autopsy.report.subject import Exhibit
from lib.html import bullets, text
from lib.wording import probability

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


def verdict(autopsy: Autopsy) -> str:
    """The verdict in one large sentence, with what it rests on."""
    kind = {"healthy": " healthy", "unlike training": " unlike"}.get(autopsy.verdict, "")
    kind = "" if autopsy.verdict == "healthy" and words.doubtful(autopsy) else kind
    advice = words.advice(autopsy)
    together = words.several(autopsy)
    more = "".join(f"<p>{text(said)}</p>" for said in (together, advice) if said)
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
        f'<div class="what"><div class="told"><p>{text(found.sentence)}</p>{_numbers(found)}'
        f'<p class="remedy">{text(found.entry.remedy)}</p>'
        f"{_weight(found) if one_of_several and found.fix is not None else ''}</div>"
        f"{_before_and_after(found, exhibit)}</div>{_rest(found, unfolded)}</article></div>"
    )


def plain_finding(found: Finding, unfolded: bool = False) -> str:
    """One finding without pictures: about the model alone, or about what stands out in the picture."""
    return (
        f'<div class="au"><article class="finding plain"><header><h3>{text(found.entry.title)}</h3>'
        f"{chip(found.level)}</header><p>{text(found.sentence)}</p>{evidence(found, unfolded)}"
        f'<p class="remedy">{text(found.entry.remedy)}</p></article></div>'
    )


def _numbers(found: Finding) -> str:
    """The strongest evidence, which need not be asked for."""
    return f'<p class="numbers">{text(found.evidence[0])}</p>' if found.evidence else ""


def _rest(found: Finding, unfolded: bool) -> str:
    return evidence(replace(found, evidence=found.evidence[1:]), unfolded)


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


def _before_and_after(found: Finding, exhibit: Exhibit | None) -> str:
    if exhibit is None:
        said = words.alone(found)
        return f'<p class="soft">{text(said)}</p>' if said else ""
    sides = (("now", exhibit.before, found.before), ("with this alone put right", exhibit.after, found.after))
    figures = [
        f"<figure>{readings.image(pixels, f'{exhibit.step}, {when}')}"
        f'<figcaption>{_said(said)}<span class="soft">{text(when)}</span></figcaption></figure>'
        for when, pixels, said in sides
    ]
    pair = f'<div class="pair">{figures[0]}<span class="arrow" aria-hidden="true">→</span>{figures[1]}</div>'
    if found.before and found.after and found.before[0] == found.after[0]:
        return f'<div class="both">{pair}<p class="soft small">{text(words.alone(found))}</p></div>'
    return pair


def _said(said: tuple[str, float] | None) -> str:
    return f"<b>{text(said[0], 60)}</b>{text(probability(said[1]))}, " if said else ""


def _weight(found: Finding) -> str:
    width = 100 * min(max(found.weight, 0.0), 1.0)
    return (
        f'<div class="share"><span class="track" aria-hidden="true"><i style="width:{width:.0f}%"></i></span>'
        f"{text(words.contribution(found))}</div>"
    )
