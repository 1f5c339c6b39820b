"""The pipeline as a value: running, reuse, writing, reading and comparing."""

import json
import warnings

import numpy as np
import pytest
from hypothesis import given, settings

import lib.pipeline
from lib.picture import Picture
from lib.pipeline import (
    Grayscale,
    Invert,
    Layout,
    Pipeline,
    PipelineError,
    Resize,
    SigmoidContrast,
    Tone,
    Transparency,
    ValueRange,
)
from tests.pipeline.strategies import pictures, standard_pipelines

PLAIN = Pipeline(
    (Transparency(), Grayscale(), Invert(), SigmoidContrast(on=False), Resize(), ValueRange(), Layout())
)


@given(pipeline=standard_pipelines(), picture=pictures())
@settings(max_examples=300, deadline=None)
def test_any_picture_goes_through_any_pipeline(pipeline: Pipeline, picture: np.ndarray) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        stages = pipeline.run(picture)
    resize = pipeline["resize"]
    assert len(stages.images) == len(pipeline)
    assert stages.final.dtype == np.float32 and np.isfinite(stages.final).all()
    if resize.on:
        assert stages.final.shape == (resize.height * resize.width,)


@given(pipeline=standard_pipelines())
@settings(max_examples=100, deadline=None)
def test_json_and_repr_give_the_same_pipeline_back(pipeline: Pipeline) -> None:
    assert Pipeline.from_json(pipeline.to_json()) == pipeline
    assert eval(repr(pipeline), vars(lib.pipeline)) == pipeline
    assert pipeline.diff(pipeline) == ()


def test_the_tensor_of_a_hand_computed_picture() -> None:
    picture = np.array([[0, 255], [51, 204]], np.uint8)
    pipeline = Pipeline((Grayscale(), Invert(), ValueRange(mode="0..1"), Layout(shape="vector")))
    np.testing.assert_allclose(pipeline.run(picture).final, [1, 0, 0.8, 0.2], rtol=1e-6)


def test_what_did_not_change_is_not_computed_again() -> None:
    picture = Picture.from_array(np.eye(30, dtype=np.uint8) * 255)
    first = PLAIN.run(picture)
    second = PLAIN.with_step("value_range", mode="0..1").run(picture, first)
    kept = [a is b for a, b in zip(first.images, second.images, strict=True)]
    assert kept == [True] * 5 + [False] * 2
    np.testing.assert_array_equal(
        second.final, PLAIN.with_step("value_range", mode="0..1").run(picture).final
    )


def test_another_picture_is_computed_afresh() -> None:
    first = PLAIN.run(np.zeros((30, 30), np.uint8))
    picture = np.eye(30, dtype=np.uint8) * 255
    np.testing.assert_array_equal(PLAIN.run(picture, first).final, PLAIN.run(picture).final)


def test_transparency_is_decided_by_the_step() -> None:
    picture = np.zeros((4, 4, 4), np.uint8)
    tail = (Grayscale(), Layout())
    for background, level in [("white", 255), ("black", 0), ("ignore", 0)]:
        final = Pipeline((Transparency(background=background), *tail)).run(picture).final
        assert np.unique(final).tolist() == [level]


def test_with_step_changes_one_step_and_keeps_the_original() -> None:
    changed = PLAIN.with_step("sigmoid", on=True, slope=10.0)
    assert changed["sigmoid"] == SigmoidContrast(slope=10.0)
    assert PLAIN["sigmoid"] == SigmoidContrast(on=False)


def test_diff_says_in_words_what_changes() -> None:
    changed = PLAIN.with_step("sigmoid", on=True, slope=10.0).with_step("invert", method="auto")
    words = [str(change) for change in PLAIN.diff(changed)]
    assert words == [
        "Invert: method 255 - x → auto",
        "Sigmoid contrast: off → on (slope s 10, b 50, output 0..255)",
    ]
    assert [str(c) for c in changed.diff(PLAIN)][1] == "Sigmoid contrast: on → off"


def test_diff_keeps_quiet_about_values_of_a_step_that_is_off_in_both() -> None:
    assert PLAIN.diff(PLAIN.with_step("sigmoid", slope=3.0)) == ()


def test_diff_sees_a_changed_order_and_repeated_steps() -> None:
    swapped = Pipeline((PLAIN.steps[1], PLAIN.steps[0], *PLAIN.steps[2:]))
    assert "order" in [change.parameter for change in PLAIN.diff(swapped)]
    twice = Pipeline((*PLAIN.steps[:-1], ValueRange(mode="0..1"), PLAIN.steps[-1]))
    assert [str(c) for c in PLAIN.diff(twice)] == ["Value range: off → on (range 0..1, applied once)"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not valid JSON"),
        ("[]", "list of 'steps'"),
        ('{"steps": 3}', "list of 'steps'"),
        ('{"version": 7, "steps": []}', "format 7"),
        (json.dumps({"version": 1, "steps": [{"step": "invert"}] * 65}), "at most 64"),
        ('{"version": 1, "steps": [{"step": "invert", "method": "x"}]}', "must be one of"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_hostile_json_is_answered_with_a_sentence(text: str, says: str) -> None:
    with pytest.raises(PipelineError, match=says):
        Pipeline.from_json(text)


def test_asking_for_a_step_or_parameter_that_is_not_there() -> None:
    with pytest.raises(PipelineError, match="no step 'resise'"):
        PLAIN["resise"]
    with pytest.raises(PipelineError, match="no such parameter"):
        PLAIN.with_step("invert", strength=1)
    with pytest.raises(PipelineError, match="consists of steps"):
        Pipeline((3,))


def test_str_names_only_the_steps_that_act() -> None:
    assert "Sigmoid" not in str(PLAIN) and "Invert" in str(PLAIN)
    assert Tone in {type(step) for step in Pipeline((Tone(),))}
