"""Another model for the same picture: what the visitor changed stays where it means the same, the rest follows the model."""

from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from lib.carry_over import carry_over
from lib.contract import Contract
from lib.pipeline import Pipeline
from tests.pipeline.strategies import steps_of

LETTERS = Contract(
    (784,),
    (28, 28),
    ("A", "B"),
    polarity="white on black",
    frame="crop to ink",
    margin=0.1,
    centre="centre of mass",
)
SIBLING = dataclasses.replace(LETTERS, input_shape=(28, 28, 1), value_range="0..1")
PHOTOS = Contract(
    (224, 224, 3), (224, 224), ("cat", "dog"), channels=3, value_range="-1..1", output="softmax"
)


def test_an_untouched_pipeline_becomes_the_other_models_own() -> None:
    for before in (LETTERS, SIBLING, PHOTOS):
        for after in (LETTERS, SIBLING, PHOTOS):
            carried = carry_over(before.pipeline(), before, after)
            assert carried.pipeline == after.pipeline()
            assert carried.kept == carried.dropped == ()
            assert (carried.changes == ()) == (before == after)


def test_what_both_models_have_off_stays_as_the_visitor_set_it() -> None:
    mine = (
        LETTERS.pipeline().with_step("sigmoid", on=True, slope=12.0).with_step("softness", on=True, sigma=2.0)
    )
    for after in (SIBLING, PHOTOS):
        carried = carry_over(mine, LETTERS, after)
        assert (
            carried.pipeline["sigmoid"] == mine["sigmoid"]
            and carried.pipeline["softness"] == mine["softness"]
        )
        assert carried.kept == ("Sigmoid contrast", "Edge softness")


def test_the_new_models_value_range_wins_over_a_range_that_was_set_by_hand() -> None:
    mine = LETTERS.pipeline().with_step("value_range", mode="-1..1")
    carried = carry_over(mine, LETTERS, SIBLING)
    assert carried.pipeline["value_range"].mode == "0..1"
    assert carried.dropped == ("Value range",)
    assert "Value range: range -1..1 → 0..1" in carried.changes


def test_a_mistake_goes_along_to_a_model_with_the_same_contract_to_be_compared() -> None:
    other = dataclasses.replace(LETTERS, class_names=("A", "B", "not a letter"))
    mine = (
        LETTERS.pipeline().with_step("invert", method="1 - x as uint8").with_step("value_range", mode="0..1")
    )
    carried = carry_over(mine, LETTERS, other)
    assert carried.pipeline == mine and carried.changes == ()


def test_the_sentence_names_what_was_kept_dropped_and_changed() -> None:
    mine = (
        LETTERS.pipeline()
        .with_step("sigmoid", on=True)
        .with_step("tone", on=True)
        .with_step("value_range", mode="-1..1")
    )
    text = carry_over(mine, LETTERS, SIBLING).sentence("Small CNN")
    assert text.startswith("Now Small CNN, with the same picture. Your settings of Sigmoid contrast and ")
    assert "Yours of Value range were not" in text
    assert "What changed: Value range: range -1..1 → 0..1" in text
    assert carry_over(LETTERS.pipeline(), LETTERS, LETTERS).sentence("x") == "Now x, with the same picture."


@given(st.data())
def test_a_picture_of_any_pipeline_fits_the_new_model(data: st.DataObject) -> None:
    before, after = (data.draw(st.sampled_from([LETTERS, SIBLING, PHOTOS])) for _ in range(2))
    mine = Pipeline(tuple(data.draw(steps_of(type(step))) for step in before.pipeline()))
    carried = carry_over(mine, before, after).pipeline
    if before.size != after.size or before.channels != after.channels:
        for name in ("resize", "layout"):
            assert carried[name] == after.pipeline()[name]
    assert [step.name for step in carried] == [step.name for step in after.pipeline()]
