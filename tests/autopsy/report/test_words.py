"""The words around an Autopsy: what it rests on, how typical something is, and a number beside its band."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib.autopsy.finding import LEVELS, VERDICTS, Finding, Pictured, Witness
from lib.autopsy.report import pieces, words
from lib.autopsy.unvouched import unvouched
from tests.autopsy.report.cases import healthy, hopeless, two_causes


def test_every_level_and_every_verdict_is_explained() -> None:
    assert set(words.LEVEL_MEANS) == set(LEVELS)
    assert set(words.ADVICE) == set(VERDICTS)


def test_a_verdict_with_a_fix_rests_on_its_first_finding_and_another_on_what_the_search_knew() -> None:
    proven = replace(two_causes(), findings=two_causes().findings[::-1])
    assert words.level_of(proven) == "proof"
    assert words.level_of(replace(proven, verdict="undecided")) == "training sample"
    assert words.level_of(healthy()) == "training sample"
    assert words.level_of(replace(healthy(), witnesses="tea leaves")) == "guess"


@pytest.mark.parametrize(
    ("typicality", "said"),
    [
        (None, ""),
        (0.0, "less typical than 99.9 % of the training pictures"),
        (0.0018, "less typical than over 99 % of the training pictures"),
        (0.2, "less typical than 80 % of the training pictures"),
        (0.87, "more typical than 87 % of the training pictures"),
        (1.0, "more typical than 99.9 % of the training pictures"),
    ],
)
def test_typicality_is_said_from_the_side_that_reads_well(typicality: float | None, said: str) -> None:
    assert words.typical(replace(healthy().current, typicality=typicality)) == said


@pytest.mark.parametrize(
    ("witness", "said"),
    [
        (Witness("sum", 0.5), "sum: 0.5"),
        (Witness("largest", 2.0, 0.0, 1.0), "largest: 2, expected 0 to 1"),
        (
            Witness("mean", 3.0, 10.0, 90.0, "gray levels", 0.0, -12.34),
            "mean: 3 gray levels, training 10 to 90, below all training pictures, 12.3 deviations below their median",
        ),
        (
            Witness("mean", 50.0, 10.0, 90.0, percentile=0.42, z=0.1),
            "mean: 50, training 10 to 90, above 42 % of the training pictures",
        ),
        (
            Witness("wrapped", 0.7, 0.0, 0.0, z=-510.0),
            "wrapped: 0.7, training 0, over 20 deviations below their median",
        ),
        (Witness("steps", 30.0, low=500.0), "steps: 30, expected at least 500"),
        (Witness("top", 0.2, high=0.1), "top: 0.2, expected at most 0.1"),
    ],
)
def test_a_number_is_said_beside_its_band(witness: Witness, said: str) -> None:
    assert words.witness_words(witness) == said


@pytest.mark.parametrize(
    ("value", "low", "high", "outside"),
    [(5, 0, 10, False), (0, 0, 10, False), (-1, 0, 10, True), (11, None, 10, True), (11, 0, None, False)],
)
def test_outside_means_beyond_an_end_that_exists(value, low, high, outside: bool) -> None:
    assert words.outside(Witness("x", value, low, high)) is outside


def test_no_number_lies_outside_of_every_band() -> None:
    assert words.outside(Witness("x", float("nan"), 0.0, 1.0))


def test_a_sentence_repeats_a_number_when_it_has_its_name_and_value() -> None:
    witness = Witness("largest value", 0.226, 252.0, 255.0)
    assert words.repeats("The largest value is 0.226; usual is 252 to 255.", witness)
    assert not words.repeats("The largest value is far too small.", witness)
    assert not words.repeats("The smallest is 0.226.", witness)


def test_of_several_pictures_it_is_counted_how_many_change() -> None:
    found = two_causes()
    changes, stays = Pictured(found.current, found.best), Pictured(found.best, replace(found.best))
    assert words.several(found) == ""
    assert "with the common fix 1 of them gets another answer" in words.several(
        replace(found, pictures=(changes, stays))
    )
    assert "all of them keep their answers" in words.several(replace(found, pictures=(stays, stays)))
    assert words.several(replace(healthy(), pictures=(stays, stays))) == "2 pictures were examined together."


def test_a_doubt_is_advised_about_in_both_directions_and_a_fix_needs_no_advice() -> None:
    doubt = Finding("not-in-any-class", "97 % are more familiar to it.", "training sample", weight=0.0)
    said = words.advice(replace(healthy(), also=(doubt,)))
    assert (
        said.startswith("97 % are more familiar to it.")
        and "more training pictures" in said
        and "reject" in said
    )
    assert words.advice(healthy()) == words.ADVICE["healthy"]
    assert words.advice(replace(healthy(), verdict="fixable")) == ""
    assert words.advice(replace(two_causes(), also=(doubt,))) == said


def test_what_was_only_assumed_is_to_be_checked_and_is_not_green() -> None:
    found = unvouched(replace(healthy(), witnesses="model card"), ("value_range",))
    assert "its value range could only be assumed" in words.advice(found)
    assert words.level_of(found) == "guess" and words.doubtful(found) and not words.doubtful(healthy())
    assert "verdict healthy" not in pieces.verdict(found) and "verdict healthy" in pieces.verdict(healthy())


def test_a_change_that_does_nothing_alone_has_no_share_of_its_own() -> None:
    large, small = two_causes().findings
    assert words.contribution(large) == "75 % of the improvement"
    assert words.contribution(replace(small, weight=0.0)) == "helps only together with the others"


def test_changes_share_in_an_improvement_only_where_there_is_one() -> None:
    assert words.shares(two_causes())
    assert not words.shares(hopeless()) and not words.shares(healthy())


def test_of_a_hopeless_picture_what_only_the_search_says_is_a_guess() -> None:
    assert words.told_and_guessed(two_causes()) == ([0, 1], [])
    assert words.told_and_guessed(hopeless()) == ([1], [0]), "the second is proven"


def test_the_best_of_many_tries_is_said_to_be_just_that() -> None:
    assert "the best of 139 inputs looks less strange says little" in words.advice(hopeless())
    alone = replace(hopeless(), fix=None)
    assert words.advice(alone) == words.ADVICE["unlike training"]
