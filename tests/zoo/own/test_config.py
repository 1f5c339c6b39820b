"""The list of allowed classes is complete, names exist, and Keras's own layers pass."""

from __future__ import annotations

import json
from typing import Any

import keras
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.zoo.own import allowed
from lib.zoo.own.config import check, parse, without_training
from lib.zoo.own.limits import DEFAULT_MODEL_LIMITS, ModelFileError
from tests.keras_models import BUILDS

L = keras.layers


def test_every_layer_of_the_installed_keras_is_decided_on() -> None:
    there = {name for name in dir(L) if name[0].isupper()} - {"Input", "InputSpec"}
    decided = (
        allowed.LAYERS
        | allowed.LAMBDAS
        | allowed.TEXT_LAYERS
        | allowed.FOREIGN_LAYERS
        | allowed.UNUSED_LAYERS
    )
    assert there <= decided


def test_nothing_is_both_allowed_and_refused() -> None:
    refused = allowed.LAMBDAS | allowed.TEXT_LAYERS | allowed.FOREIGN_LAYERS | allowed.UNUSED_LAYERS
    assert not allowed.LAYERS & refused
    assert not allowed.CORE_OPERATIONS & allowed.REFUSED_OPERATIONS


def test_activations_are_keras_own() -> None:
    assert all(callable(keras.activations.get(name)) for name in allowed.ACTIVATIONS)


@pytest.mark.parametrize("name", sorted(allowed.LAYERS & set(dir(L))))
def test_no_allowed_layer_takes_a_function_path_or_vocabulary(name: str) -> None:
    taken = set(getattr(L, name).__init__.__code__.co_varnames)
    assert not taken & {"vocabulary", "filepath", "function", "path", "url", "file"}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_models_of_every_build_pass(build: Any) -> None:
    model, _ = build()
    config = json.loads(json.dumps(keras.saving.serialize_keras_object(model)))
    check(
        without_training(parse(json.dumps(config), "m.keras", DEFAULT_MODEL_LIMITS)),
        "m.keras",
        DEFAULT_MODEL_LIMITS,
    )


def test_what_was_compiled_is_left_out_at_every_level() -> None:
    inner = {"class_name": "Dense", "config": {}, "compile_config": {"loss": "evil"}}
    given = {"class_name": "Sequential", "config": {"layers": [inner]}, "compile_config": {"optimizer": 1}}
    assert "compile_config" not in json.dumps(without_training(given))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(["class_name", "config", "module", "layers", "name", "units", "registered_name"]),
            inside,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=200)
@given(JSON, st.sampled_from(["Sequential", "Functional", "Lambda"]))
def test_any_description_passes_or_is_refused_with_a_sentence(inside: Any, kind: str) -> None:
    text = json.dumps({"class_name": kind, "config": inside, "module": "keras"})
    try:
        check(without_training(parse(text, "m.keras", DEFAULT_MODEL_LIMITS)), "m.keras", DEFAULT_MODEL_LIMITS)
    except ModelFileError as error:
        if "“m.keras”" not in str(error):
            raise AssertionError(str(error)) from error


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every (container, key) inside a JSON value."""
    inside = (
        list(value.items())
        if isinstance(value, dict)
        else list(enumerate(value))
        if isinstance(value, list)
        else []
    )
    return [place for key, item in inside for place in [(value, key), *places(item)]]


WRONG: tuple[Any, ...] = (
    None,
    [],
    {},
    "x",
    -1,
    True,
    1e300,
    [[1]],
    {"class_name": "Dense"},
    {"class_name": []},
)


def test_a_description_with_any_one_part_replaced_passes_or_is_refused_with_a_sentence() -> None:
    model, _ = BUILDS["functional_in_functional"]()
    whole = json.loads(json.dumps(keras.saving.serialize_keras_object(model)))
    tried = 0
    for container, key in places(whole):
        kept = container[key]
        for wrong in WRONG:
            container[key] = wrong
            try:
                text = json.dumps(whole)
                check(
                    without_training(parse(text, "m.keras", DEFAULT_MODEL_LIMITS)),
                    "m.keras",
                    DEFAULT_MODEL_LIMITS,
                )
            except ModelFileError as error:
                if "“m.keras”" not in str(error):
                    raise AssertionError(str(error)) from error
            tried += 1
        container[key] = kept
    assert tried > 2_000
