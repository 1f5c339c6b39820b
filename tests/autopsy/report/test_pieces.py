"""The pieces of an Autopsy as HTML: what they say, what is folded away, and that nobody's text becomes markup."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.autopsy.finding import LEVELS, Witness
from lib.autopsy.report import exhibits, pieces
from tests.autopsy.report.cases import (
    HOSTILE,
    Tags,
    healthy,
    hostile,
    subject,
    two_causes,
)


@pytest.mark.parametrize(
    ("verdict", "advice"),
    [
        ("healthy", "no preprocessing helps"),
        ("unlike training", "Do not trust any of its answers"),
        ("undecided", "One more picture of the same kind"),
    ],
)
def test_a_verdict_without_a_fix_says_what_to_do(verdict: str, advice: str) -> None:
    seen = Tags(pieces.verdict(replace(healthy(), verdict=verdict)))
    assert advice in seen.text and "138 different inputs tried" in seen.text


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_of_evidence_is_explained_to_the_pointer_the_keyboard_and_the_screen_reader(
    level: str,
) -> None:
    seen = Tags(pieces.chip(level))
    chip = seen.tags[0][1]
    assert chip["tabindex"] == "0" and str(chip["aria-label"]).startswith(f"Rests on: {level}. ")
    assert len(seen.texts[1]) > 30 and seen.texts[1] in str(chip["aria-label"])


def test_a_finding_says_cause_sentence_remedy_and_both_answers() -> None:
    found, shown = two_causes().findings[0], exhibits(two_causes(), subject())[0]
    seen = Tags(pieces.finding(found, 1, shown, one_of_several=True))
    for part in (
        "Values too small",
        "The largest value is 0.98.",
        "Do not divide by 255",
        "75 % of the improvement",
    ):
        assert part in seen.text
    assert "I8.0 %, now" in seen.text and "T40.0 %, with this alone put right" in seen.text
    assert "75 %" not in Tags(pieces.finding(found, 1, shown)).text, "of one cause there is nothing to share"


def test_evidence_is_folded_on_the_screen_and_open_on_paper() -> None:
    found = two_causes().findings[0]
    for unfolded in (False, True):
        details = [a for tag, a in Tags(pieces.finding(found, 1, unfolded=unfolded)).tags if tag == "details"]
        assert [("open" in a) for a in details] == [unfolded]
    assert "<details" not in pieces.finding(two_causes().findings[1], 2)


def test_the_strongest_evidence_is_said_at_once_and_the_rest_when_asked_for() -> None:
    found = replace(two_causes().findings[0], evidence=("It lies 45 levels off.", "It varies by 60."))
    source = pieces.finding(found, 1)
    shown, folded = source.split("<details")
    assert "45 levels" in shown and "45 levels" not in folded and "varies by 60" in folded


def test_an_answer_that_does_not_change_alone_is_said_to_stay() -> None:
    found = two_causes().findings[1]
    shown = exhibits(two_causes(), subject())[1]
    assert shown is not None
    for exhibit in (shown, None):
        assert "the answer stays “I” (8.0 % → 7.0 %)" in Tags(pieces.finding(found, 2, exhibit)).text
    changes = two_causes().findings[0]
    assert "from “I” (8.0 %) to “T” (40.0 %)" in Tags(pieces.finding(changes, 1)).text


def test_what_is_drawn_is_not_said_again() -> None:
    found = replace(two_causes().findings[0], evidence=("The largest value is 0.98.", "All is dark."))
    seen = Tags(pieces.evidence(found))
    assert "The largest value is" not in seen.text and "All is dark." in seen.text
    assert len(seen.named("witness")) == 1


def test_ties_are_listed_and_none_take_no_place() -> None:
    assert pieces.ties(()) == ""
    assert "add another picture" in pieces.ties(("It cannot be told from an O: add another picture.",))


def test_nobodys_text_becomes_markup() -> None:
    autopsy, _ = hostile()
    source = "".join(
        (
            pieces.verdict(autopsy),
            pieces.finding(autopsy.findings[0], 1, None, True),
            pieces.plain_finding(autopsy.model_findings[0]),
            pieces.ties(autopsy.ties),
            pieces.evidence(replace(autopsy.findings[0], witnesses=(Witness(HOSTILE, 1.0),))),
        )
    )
    seen = Tags(source)
    assert not {"script", "a"} & {tag for tag, _ in seen.tags}
    assert all(str(a["src"]).startswith("data:image/") for tag, a in seen.tags if tag == "img")
    assert not [name for _, a in seen.tags for name in a if name.startswith("on")]
    assert HOSTILE in seen.text
