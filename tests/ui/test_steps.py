"""The step list: what the browser is told about every step, and what it may change."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.contract import Contract
from lib.pipeline import STEPS, Choice, Number, Pipeline, ValueRange
from lib.presets import presets
from lib.ui import wire
from lib.ui.steps import StepsOptions, changed_pipeline, histogram, moved, steps_message, thumbnail
from tests.pipeline.strategies import steps_of

CONTRACT = Contract((784,), (28, 28), ("A",), polarity="white on black", frame="crop to ink")
DEFAULT = CONTRACT.pipeline()
LETTER = np.full((90, 120, 3), 255, np.uint8)
LETTER[30:60, 40:50] = 0


def packed(pipeline: Pipeline, picture: np.ndarray = LETTER, locked: frozenset[str] = frozenset()) -> tuple:
    """The message's header and arrays."""
    return wire.unpack(steps_message(pipeline.run(picture), DEFAULT, presets(CONTRACT), 3, locked))


# ---- what the browser changes --------------------------------------------------------------------------------------------


def as_sent(pipeline: Pipeline) -> dict[str, dict[str, Any]]:
    """What the browser sends for a pipeline."""
    return {step.name: {"on": step.on, **step.values()} for step in pipeline}


pipelines = st.tuples(*(steps_of(type(step)) for step in DEFAULT)).map(Pipeline)


@given(before=pipelines, after=pipelines)
@settings(max_examples=40, deadline=None)
def test_the_browsers_values_become_the_pipeline(before: Pipeline, after: Pipeline) -> None:
    assert changed_pipeline(before, as_sent(after)) == after


def test_a_step_that_was_not_sent_stays() -> None:
    changed = changed_pipeline(DEFAULT, {"sigmoid": {"on": True, "slope": 9}})
    assert changed == DEFAULT.with_step("sigmoid", on=True, slope=9.0)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=5,
)
step_values = st.dictionaries(
    st.sampled_from(["on", "slope", "method", "name", "self", "kernel", "height", "channels", "__class__"]),
    json_values,
    max_size=4,
)


@given(
    values=json_values
    | st.dictionaries(st.sampled_from([step.name for step in DEFAULT]), step_values | json_values)
)
@settings(max_examples=300, deadline=None)
def test_hostile_values_never_make_an_impossible_step(values: object) -> None:
    changed = changed_pipeline(DEFAULT, values)
    assert [type(step) for step in changed] == [type(step) for step in DEFAULT]
    for step in changed:
        assert isinstance(step.on, bool)
        for name, parameter in step.parameters().items():
            parameter.check(name, getattr(step, name))


@pytest.mark.parametrize(
    "value", [61, 0, -1, float("nan"), float("inf"), 10**400, "25", None, True, [25], {"slope": 25}]
)
def test_a_step_with_one_impossible_value_stays_as_it_was_and_the_others_change(value: object) -> None:
    sent = {"sigmoid": {"on": True, "slope": value}, "tone": {"on": True}}
    assert changed_pipeline(DEFAULT, sent) == DEFAULT.with_step("tone", on=True)


# ---- what the browser is told --------------------------------------------------------------------------------------------


def test_every_step_is_described_with_its_values_defaults_and_ranges() -> None:
    pipeline = DEFAULT.with_step("sigmoid", on=True, slope=9.0)
    header, _ = packed(pipeline, locked=frozenset({"grayscale"}))
    locked = {"transparency", "grayscale", "resize", "value_range", "layout"}
    assert [spec["name"] for spec in header["steps"]] == [step.name for step in DEFAULT]
    for spec, step, usual in zip(header["steps"], pipeline, DEFAULT, strict=True):
        assert (spec["title"], spec["why"]) == (step.title, step.why)
        assert (spec["on"], spec["defaultOn"]) == (step.on, usual.on)
        assert spec["locked"] == (step.name in locked)
        assert [entry["name"] for entry in spec["parameters"]] == list(step.parameters())
        for entry, parameter in zip(spec["parameters"], step.parameters().values(), strict=True):
            assert entry["value"] == getattr(step, entry["name"])
            assert entry["default"] == getattr(usual, entry["name"])
            assert entry["label"] == parameter.label
            if isinstance(parameter, Choice):
                assert entry["options"] == list(parameter.options) and "low" not in entry
            else:
                assert isinstance(parameter, Number)
                for key in ("low", "high", "step", "unit", "whole"):
                    assert entry[key] == getattr(parameter, key)


def test_the_header_has_the_revision_and_the_presets_with_their_reasons() -> None:
    header, _ = packed(DEFAULT)
    assert header["revision"] == 3
    assert header["presets"] == [[preset.name, preset.why] for preset in presets(CONTRACT)]


def test_a_step_that_changed_nothing_sends_no_picture() -> None:
    pipeline = DEFAULT.with_step("invert", on=False)
    stages = pipeline.run(LETTER)
    _, arrays = packed(pipeline)
    changed = {step.name for i, step in enumerate(pipeline) if stages.images[i] is not stages.before(i)}
    assert set(arrays) == {"source", *changed}
    assert changed == {"grayscale", "frame", "resize", "layout"}


def test_the_pictures_are_those_of_the_stages() -> None:
    stages = DEFAULT.run(LETTER)
    _, arrays = packed(DEFAULT)
    by_name = {step.name: image for step, image in zip(DEFAULT, stages.images, strict=True)}
    np.testing.assert_array_equal(arrays["source"], thumbnail(stages.source))
    np.testing.assert_array_equal(arrays["invert"], thumbnail(by_name["invert"]))
    np.testing.assert_array_equal(arrays["resize"], np.rint(by_name["resize"]))
    np.testing.assert_array_equal(
        arrays["layout"], arrays["resize"], "a vector is shown as what was flattened"
    )


@pytest.mark.parametrize("mode", ValueRange.parameters()["mode"].options)
def test_another_value_range_looks_as_it_did_in_0_to_255(mode: str) -> None:
    image = np.zeros((28, 28, 3), np.uint8)
    image[:, 14:] = 255  # both ends of the range, so that stretching gives the same
    pipeline = DEFAULT.with_step("frame", mode="squash").with_step("invert", on=False)
    _, arrays = packed(pipeline.with_step("value_range", mode=mode), image)
    for name in ("value_range", "layout"):
        if name in arrays:
            np.testing.assert_array_equal(arrays[name], image[..., 0])
    assert "layout" in arrays


def test_numbers_that_arrive_in_0_to_1_by_mistake_look_black() -> None:
    _, arrays = packed(DEFAULT.with_step("sigmoid", on=True, output="0..1"))
    assert arrays["sigmoid"].max() == 1 and arrays["layout"].max() <= 1


def test_the_histogram_counts_what_goes_into_the_sigmoid() -> None:
    _, without = packed(DEFAULT)
    assert "histogram" not in without
    pipeline = DEFAULT.with_step("sigmoid", on=True).with_step("invert", on=False)
    _, arrays = packed(pipeline)
    counts = arrays["histogram"]
    assert counts.dtype == np.int32 and counts.shape == (64,)
    # Black ink in the first bin, white paper in the last.
    assert (counts[0], counts[-1], counts.sum()) == (30 * 10, 90 * 120 - 30 * 10, 90 * 120)


@given(numbers=st.sampled_from(["whole", "between", "outside"]), seed=st.integers(0, 999))
@settings(max_examples=30, deadline=None)
def test_the_histogram_is_numpys_whatever_the_numbers(numbers: str, seed: int) -> None:
    low, high = (-20, 300) if numbers == "outside" else (0, 255)
    image = np.random.default_rng(seed).uniform(low, high, (20, 30)).astype(np.float32)
    if numbers == "whole":
        image = np.rint(image)
        image.flat[:2] = 0, 255
    expected, _ = np.histogram(image, 64, (0, 255))
    np.testing.assert_array_equal(histogram(image), expected)


def test_shape_and_range_are_given_as_numbers() -> None:
    header, _ = packed(DEFAULT.with_step("value_range", mode="0..1"))
    ranges = {spec["name"]: spec["range"] for spec in header["steps"]}
    assert ranges["grayscale"] == "90 x 120, 0 … 255"
    assert ranges["resize"] == "28 x 28, 0 … 255"
    assert ranges["layout"] == "784, 0 … 1"


# ---- thumbnails ----------------------------------------------------------------------------------------------------------


def test_a_small_picture_is_its_own_thumbnail_rounded_and_clipped() -> None:
    image = np.array([[-5, 0.4, 0.6], [254.5, 255, 300]], np.float32)
    assert thumbnail(image).tolist() == [[0, 0, 1], [254, 255, 255]]
    assert thumbnail(image).dtype == np.uint8


def test_a_large_picture_is_averaged_down_to_64_px() -> None:
    image = np.random.default_rng(0).uniform(0, 255, (128, 64, 3)).astype(np.float32)
    blocks = image.reshape(64, 2, 32, 2, 3).mean(axis=(1, 3))
    np.testing.assert_allclose(thumbnail(image), blocks, atol=0.51)
    assert thumbnail(np.zeros((2000, 3), np.float32)).shape == (64, 1)


def test_of_a_larger_picture_every_part_has_its_mean_in_its_place() -> None:
    quarters = np.kron(np.array([[10, 200], [90, 30]], np.float32), np.ones((281, 320), np.float32))
    small = thumbnail(quarters + np.tile(np.float32([-3, 3]), 320))  # stripes of one pixel
    assert small.shape == (56, 64)
    for rows, columns, level in (
        (slice(27), 0, 10),
        (slice(27), 63, 200),
        (slice(29, 56), 0, 90),
        (slice(29, 56), 63, 30),
    ):
        assert (small[rows, columns] == level).all()


def test_channels_that_say_nothing_do_not_travel() -> None:
    gray = np.random.default_rng(0).integers(0, 255, (9, 7)).astype(np.float32)
    for image in (gray, gray[..., None], np.dstack([gray] * 3)):
        np.testing.assert_array_equal(thumbnail(image), gray)
    colour = np.dstack([gray, gray, gray + 1])
    np.testing.assert_array_equal(thumbnail(colour), colour)
    np.testing.assert_array_equal(thumbnail(np.dstack([colour, gray])), colour, "alpha is left out")


# ---- what the list reports -----------------------------------------------------------------------------------------------


def test_a_moved_slider_is_reported_with_its_number() -> None:
    wanted = DEFAULT.with_step("sigmoid", on=True)
    report = {"steps": as_sent(wanted), "final": False, "revision": 3, "seq": 8}
    assert moved(report, DEFAULT, 3) == (wanted, False, 8)
    assert moved({**report, "final": True, "seq": "9"}, DEFAULT, 3) == (wanted, True, 0)


@pytest.mark.parametrize("revision", [2, 4, None, "3"])
def test_what_was_sent_before_the_server_replaced_the_pipeline_is_ignored(revision: object) -> None:
    report = {"steps": as_sent(DEFAULT), "final": True, "revision": revision, "seq": 8}
    assert moved(report, DEFAULT, 3) is None


@pytest.mark.parametrize("report", [None, 3, "text", [], {}, {"steps": {}}])
def test_what_the_list_never_sends_is_ignored(report: object) -> None:
    assert moved(report, DEFAULT, 3) is None


def test_whatever_has_a_switch_can_be_switched_and_the_network_still_takes_the_tensor() -> None:
    header, _ = packed(DEFAULT, locked=frozenset({"grayscale"}))
    for spec in header["steps"]:
        switched = DEFAULT.with_step(spec["name"], on=not spec["on"])
        if spec["locked"]:
            assert spec["name"] in {"transparency", "grayscale", "resize", "value_range", "layout"}
        else:
            assert switched.run(LETTER).final.shape == CONTRACT.input_shape
    assert sum(spec["locked"] for spec in header["steps"]) == 5


# ---- which steps are unfolded --------------------------------------------------------------------------------------------

some_steps = st.lists(st.sampled_from(sorted(STEPS)), unique=True, max_size=4).map(sorted).map(tuple)


@given(st.builds(StepsOptions, some_steps, some_steps))
def test_unfolded_steps_come_back_from_a_link(options: StepsOptions) -> None:
    assert StepsOptions.from_json(options.to_json()) == options


def test_an_unknown_step_is_not_unfolded() -> None:
    assert StepsOptions.from_json({"open": ["centre", "<b>", 3], "closed": "sigmoid"}) == StepsOptions(
        ("centre",)
    )
    assert StepsOptions().to_json() == "{}"


def test_the_browser_is_told_what_to_unfold() -> None:
    message = steps_message(
        DEFAULT.run(LETTER), DEFAULT, presets(CONTRACT), 3, options=StepsOptions(("centre",))
    )
    assert wire.unpack(message)[0]["options"] == {"open": ["centre"], "closed": []}
