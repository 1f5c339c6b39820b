"""What every step promises, over all steps and all their parameters."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.pipeline import STEPS, Choice, Invert, Number, PipelineError, SigmoidContrast, Step
from tests.pipeline.strategies import any_step

# Steps that leave 0..255 on purpose, with what they may reach.
LEAVING = {"value_range", "invert"}


@st.composite
def step_inputs(draw: st.DrawFn) -> np.ndarray:
    height, width = draw(st.integers(1, 40)), draw(st.integers(1, 40))
    shape = (height, width) if draw(st.booleans()) else (height, width, 3)
    kind = draw(st.sampled_from(["blank", "noise", "ink on every border"]))
    level = draw(st.sampled_from([0.0, 0.5, 127.5, 255.0]))
    image = np.full(shape, level, np.float32)
    if kind == "noise":
        image = np.random.default_rng(draw(st.integers(0, 999))).uniform(0, 255, shape).astype(np.float32)
    elif kind == "ink on every border":
        image[[0, -1]] = image[:, [0, -1]] = 255 - level
    return image


@given(step=any_step(), image=step_inputs())
@settings(max_examples=600, deadline=None)
def test_every_step_gives_finite_float32_images_without_a_warning(step: Step, image: np.ndarray) -> None:
    if step.name == "layout" and image.ndim == 3 and step.channels == 1 and step.on:
        with pytest.raises(PipelineError):
            step.apply(image)
        return
    kept = image.copy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = step.apply(image)
    np.testing.assert_array_equal(image, kept, "a step must not write into its input")
    assert result.dtype == np.float32
    assert np.isfinite(result).all()
    if step.name not in LEAVING:
        assert result.min() >= -1e-3 and result.max() <= 255.001
    if not step.on:
        assert result is image


@given(step=any_step())
@settings(max_examples=200, deadline=None)
def test_a_step_survives_its_own_dictionary_and_its_own_repr(step: Step) -> None:
    assert Step.from_dict(step.to_dict()) == step
    assert eval(repr(step), {kind.__name__: kind for kind in STEPS.values()}) == step


def test_every_step_says_what_it_is_and_why_in_one_line() -> None:
    for kind in STEPS.values():
        assert kind.title and "\n" not in kind.why
        assert 20 < len(kind.why) < 130, kind.name


def test_defaults_lie_on_the_sliders() -> None:
    for kind in STEPS.values():
        for name, parameter in kind.parameters().items():
            default = kind.default(name)
            if isinstance(parameter, Number):
                assert parameter.low <= default <= parameter.high
            else:
                assert isinstance(parameter, Choice) and default in parameter.options


@pytest.mark.parametrize("value", [0, 61, float("nan"), float("inf"), "25", None, True])
def test_a_parameter_outside_its_range_is_refused_by_name(value: object) -> None:
    with pytest.raises(PipelineError, match="Sigmoid contrast: slope s"):
        SigmoidContrast(slope=value)


def test_an_unknown_option_is_answered_with_the_known_ones() -> None:
    with pytest.raises(PipelineError, match="255 - x, auto"):
        Invert(method="1/x")


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ({"step": "no such"}, "There is no step"),
        ({"step": "invert", "strength": 3}, "Invert has no parameter 'strength'"),
        ({"on": True}, "with a 'step' name"),
        ("invert", "with a 'step' name"),
        ({"step": "invert", "on": "yes"}, "must be true or false"),
    ],
)
def test_hostile_dictionaries_are_answered_with_a_sentence(entry: object, says: str) -> None:
    with pytest.raises(PipelineError, match=says):
        Step.from_dict(entry)
