"""The verdict of an Autopsy and its sentence, from the findings and from what the network reads before and after the fix."""

from __future__ import annotations

from collections.abc import Sequence

from lib.autopsy.finding import CERTAIN, Finding


def conclusion(
    findings: Sequence[Finding], now: str, then: str, doubt: Finding | None = None
) -> tuple[str, str]:
    """One of `finding.VERDICTS`, and the sentence that says it.

    Args:
        now, then: the class that the network reads as the picture is preprocessed, and with everything put right.
        doubt: whether the network knows the picture at all, of which nothing is certain.
    """
    fixable = [found for found in findings if found.fix is not None]
    strange = any(found.cause == "not-in-any-class" for found in findings)
    facts = [found for found in findings if found.fix is None and found.cause != "not-in-any-class"]
    if any(found.cause == "blank" for found in facts):
        return (
            "unlike training",
            "There is nothing in this picture. The network answers all the same, and its answer means nothing.",
        )
    if strange and facts and not fixable:
        return (
            "unlike training",
            f"{facts[0].entry.title}: as it is, the picture looks like nothing that the network was trained on, and its "
            f"answer “{then}” means nothing.",
        )
    if strange:
        return "unlike training", _strange(fixable, then)
    if fixable and doubt is not None:
        return (
            "fixable",
            f"{_named(fixable)}. Put right, it is still not clear that the network knows this picture.",
        )
    if fixable:
        return "fixable", _fixable(fixable, now, then)
    if facts:
        return "healthy", f"Nothing is wrong with the preprocessing, but: {facts[0].sentence}"
    if doubt is not None:
        return (
            "healthy",
            f"Nothing is wrong with the preprocessing. The network reads “{then}”, but hardly knows this picture: it may "
            "show none of the classes, or one that it cannot read.",
        )
    return (
        "healthy",
        f"Nothing is wrong with the preprocessing. The network reads “{then}”; if that is wrong, it is the network's own "
        "mistake, or the picture shows none of its classes.",
    )


def _strange(fixable: Sequence[Finding], then: str) -> str:
    """What is certainly wrong is said even where putting it right does not make a known picture of it."""
    certain = [found for found in fixable if found.level in CERTAIN]
    if certain and certain[0] is fixable[0]:
        return (
            f"{_named(certain)}. But put right, the picture still looks like nothing that the network was trained on: its "
            f"answer “{then}” means nothing."
        )
    return (
        "However it is preprocessed, this picture looks like nothing that the network was trained on: its answer means "
        "nothing."
    )


def _fixable(fixable: Sequence[Finding], now: str, then: str) -> str:
    if now != then:
        return f"{_named(fixable)}. Put right, the network reads “{then}”."
    return f"{_named(fixable)}. This picture survives it: put right, the network reads “{then}” as well. Others will not."


def _named(findings: Sequence[Finding]) -> str:
    """The causes as short sentences without the last full stop; of more than two the first, and how many there are."""
    titles = list(dict.fromkeys(found.entry.title for found in findings))
    return ". ".join(titles) if len(titles) <= 2 else f"{titles[0]}, and {len(titles) - 1} more"
