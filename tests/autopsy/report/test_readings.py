"""Readings as HTML: one picture's path, several pictures beside each other, and what else was tried."""

from __future__ import annotations

from dataclasses import replace

from lib.autopsy.finding import Autopsy, Finding, Pictured
from lib.autopsy.report import Subject, pieces, readings
from lib.samples import sample
from tests.autopsy.report.cases import (
    CONTRACT,
    HOSTILE,
    Tags,
    healthy,
    hopeless,
    hostile,
    subject,
    two_causes,
)


def three() -> tuple[Autopsy, Subject]:
    """Three pictures, of which the fix changes one."""
    found = two_causes()
    stays = Pictured(found.best, replace(found.best))
    pictures = (Pictured(found.current, found.best), stays, stays)
    more = tuple(sample(id).picture() for id in ("x-soft", "p-soft"))
    return replace(found, pictures=pictures), replace(subject(), more=more)


def test_a_fix_is_shown_as_a_path_from_the_picture_over_now_to_then() -> None:
    seen = Tags(readings.path(two_causes(), subject()))
    assert [a["alt"] for tag, a in seen.tags if tag == "img"] == [
        "Your picture",
        "What the network gets now",
        "What it should get",
    ]
    assert "99.9 %" in seen.text and "more typical than 87 % of the training pictures" in seen.text
    assert len(seen.named("wrong")) == 1, "the wrong answer is marked"


def test_without_a_change_there_is_one_reading_and_nothing_is_called_wrong() -> None:
    seen = Tags(readings.path(healthy(), subject()))
    assert [a["alt"] for tag, a in seen.tags if tag == "img"] == ["Your picture", "What the network gets"]
    assert not seen.named("wrong")


def test_the_best_of_a_hopeless_picture_is_not_called_right() -> None:
    seen = Tags(readings.path(hopeless(), subject()))
    assert "The best that was found" in seen.text and "should" not in seen.text
    assert not seen.named("then") and not seen.named("wrong")


def test_the_best_of_a_picture_that_the_network_hardly_knows_is_not_called_right() -> None:
    doubt = Finding("not-in-any-class", "97 % are more familiar.", "training sample", weight=0.0)
    seen = Tags(readings.path(replace(two_causes(), also=(doubt,)), subject()))
    assert "The best that was found" in seen.text and not seen.named("then") and not seen.named("wrong")


def test_the_gallery_shows_the_first_eight_and_folds_the_rest() -> None:
    one = two_causes().best
    assert readings.gallery([], CONTRACT) == ""
    assert "<details" not in readings.gallery([one] * 8, CONTRACT)
    many = readings.gallery([one] * 11, CONTRACT)
    folded = many[many.index("<details") :]
    assert "3 more" in folded and folded.count("<img") == 3
    assert "<details" not in readings.gallery([one] * 11, CONTRACT, unfolded=True)


def test_several_pictures_stand_beside_each_other_with_both_answers() -> None:
    autopsy, case = three()
    seen = Tags(readings.together(autopsy, case))
    assert sum(tag == "li" for tag, _ in seen.tags) == 3 and sum(tag == "img" for tag, _ in seen.tags) == 9
    assert "I8.0 %, now" in seen.text and "R99.9900 %, put right" in seen.text
    assert (
        "3 pictures were examined together; with the common fix 1 of them"
        in Tags(pieces.verdict(autopsy)).text
    )


def test_one_picture_is_not_shown_twice() -> None:
    assert readings.together(two_causes(), subject()) == ""
    assert "together" not in Tags(pieces.verdict(two_causes())).text


def test_of_pictures_that_were_right_all_along_one_answer_is_shown() -> None:
    now = healthy().current
    pair = replace(healthy(), pictures=(Pictured(now, now),) * 2)
    case = replace(subject(), more=(sample("x-soft").picture(),))
    assert sum(tag == "img" for tag, _ in Tags(readings.together(pair, case)).tags) == 4
    assert "2 pictures were examined together." in Tags(pieces.verdict(pair)).text


def test_nobodys_text_becomes_markup() -> None:
    autopsy, case = hostile()
    pair = Pictured(autopsy.current, autopsy.best)
    several = replace(autopsy, pictures=(pair, pair))
    source = "".join(
        (
            readings.path(autopsy, case),
            readings.waiting(case, HOSTILE),
            readings.gallery(autopsy.others, CONTRACT),
            readings.together(several, replace(case, more=(case.picture,))),
        )
    )
    seen = Tags(source)
    assert not {"script", "a"} & {tag for tag, _ in seen.tags}
    assert all(str(a["src"]).startswith("data:image/") for tag, a in seen.tags if tag == "img")
    assert not [name for _, a in seen.tags for name in a if name.startswith("on")]
