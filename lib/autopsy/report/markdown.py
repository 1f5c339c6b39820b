"""The report as Markdown, ready to be pasted as an answer where the question was asked: symptom, cause, evidence, fix."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lib.architecture import one_line
from lib.autopsy.finding import Autopsy, Finding
from lib.autopsy.report import words
from lib.autopsy.report.behaviour import behaviour_sentences
from lib.autopsy.report.subject import Subject

if TYPE_CHECKING:
    from lib.autopsy.fingerprint import Behaviour

_MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~&$])")


def to_markdown(autopsy: Autopsy, subject: Subject, behaviour: Behaviour | None = None) -> str:
    """The report. Names and sentences are escaped: nothing in them becomes markup, a link or HTML.

    Args:
        behaviour: of the model at large, where it was measured.
    """
    parts = [f"**Symptom.** {escaped(words.symptom(autopsy, subject.model))}", _cause(autopsy)]
    parts += _findings(autopsy)
    parts.append(_pictures(autopsy))
    if autopsy.ties:
        parts.append("**Open.** " + " ".join(escaped(sentence) for sentence in autopsy.ties))
    parts += [_also(autopsy), _about_model(autopsy, behaviour), _fix(autopsy, subject)]
    if subject.link:
        parts.append(f"The case itself, to play with: <{_address(subject.link)}>")
    return "\n\n".join(part for part in parts if part) + "\n"


def escaped(text: object, longest: int = 2000) -> str:
    """Anybody's text inside Markdown, as it is."""
    plain = _MARKUP.sub(r"\\\1", one_line(str(text), longest))
    # Bare addresses become links in most dialects.
    plain = plain.replace("://", r":\//").replace("www.", r"www\.")
    # What begins like an entry of a list or a heading is none.
    return re.sub(r"^(\d+(?=[.)](?:\s|$))|(?=[-+=]))", r"\1\\", plain)


def _cause(autopsy: Autopsy) -> str:
    advice = words.advice(autopsy)
    rests = f"This rests on: {escaped(words.level_of(autopsy))}."
    said = " ".join(
        part for part in (escaped(autopsy.sentence), escaped(advice) if advice else "", rests) if part
    )
    return f"**{'Cause' if autopsy.verdict == 'fixable' else 'Verdict'}.** {said}"


def _findings(autopsy: Autopsy) -> list[str]:
    told, guessed = words.told_and_guessed(autopsy)
    parts = [
        _finding(autopsy.findings[place], number, autopsy)
        for number, place in enumerate([*told, *guessed], 1)
    ]
    lead = ["**What comes closest to a cause.** Nothing is certain about what follows."] if guessed else []
    return parts[: len(told)] + lead + parts[len(told) :]


def _finding(found: Finding, place: int, autopsy: Autopsy) -> str:
    weight = f", {words.contribution(found)}" if words.shares(autopsy) and found.fix is not None else ""
    lines = [
        f"### {place}. {escaped(found.entry.title)}",
        "",
        f"{escaped(found.sentence)} _(evidence: {escaped(found.level)}{weight})_",
    ]
    points = [f"- {escaped(sentence)}" for sentence in found.evidence]
    points += [
        f"- {escaped(_capital(words.witness_words(witness)))}"
        for witness in found.witnesses
        if not any(words.repeats(sentence, witness) for sentence in found.evidence)
    ]
    if words.alone(found):
        points.append(f"- {escaped(words.alone(found))}")
    lines += ["", *points] if points else []
    lines += ["", escaped(found.entry.remedy)]
    return "\n".join([*lines, "", _fenced(found.code)] if found.code else lines)


def _capital(said: str) -> str:
    return said[:1].upper() + said[1:]


def _pictures(autopsy: Autopsy) -> str:
    """Each of several pictures as a row of a table; empty for one."""
    if len(autopsy.pictures) < 2:
        return ""
    rows = [
        f"| {place} | {escaped(words.answer(one.current))} | {escaped(words.answer(one.best))} |"
        for place, one in enumerate(autopsy.pictures, 1)
    ]
    head = ["| picture | now | put right |", "| --- | --- | --- |"]
    return f"{escaped(words.several(autopsy))}\n\n" + "\n".join([*head, *rows])


def _also(autopsy: Autopsy) -> str:
    if not autopsy.also:
        return ""
    entries = [f"- **{escaped(found.entry.title)}:** {escaped(found.sentence)}" for found in autopsy.also]
    return "\n".join(["**Also worth knowing about the picture:**", "", *entries])


def _about_model(autopsy: Autopsy, behaviour: Behaviour | None) -> str:
    entries = [
        f"- **{escaped(found.entry.title)}** ({escaped(found.level)}): {escaped(found.sentence)} "
        f"{escaped(found.entry.remedy)}"
        for found in autopsy.model_findings
    ]
    entries += [f"- {escaped(said)}" for said in (behaviour_sentences(behaviour) if behaviour else ())]
    return "\n".join(["**About the model, whatever the picture:**", "", *entries]) if entries else ""


def _fix(autopsy: Autopsy, subject: Subject) -> str:
    if autopsy.fix is None or autopsy.verdict != "fixable":
        return ""
    typical = words.typical(autopsy.best)
    changes = "\n".join(f"- {escaped(change)}" for change in subject.pipeline.diff(autopsy.fix))
    return (
        f"**Fix.** With all of it put right the network reads {escaped(words.answer(autopsy.best))}"
        f"{f'; the input is then {escaped(typical)}' if typical else ''}.\n\n{changes}\n\n"
        f"The whole preprocessing as it should be:\n\n{_fenced(autopsy.fix.to_python(subject.picture.background))}"
    )


def _fenced(code: str) -> str:
    """A code block whose fence no line of the code can close."""
    longest = max((len(run) for run in re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{code.rstrip()}\n{fence}"


def _address(link: str) -> str:
    """An address between angle brackets."""
    return "".join(c for c in link if c.isprintable() and c not in "<> \\")
