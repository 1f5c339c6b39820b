from __future__ import annotations

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from lib.ui.view_options import names, one_of, settings, unreadable, whole_number

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(_JSON.filter(lambda value: not isinstance(value, str | dict)))
def test_what_is_no_object_is_nothing(value: object) -> None:
    assert settings(value) == {}


@given(st.text() | st.binary())
def test_any_text_gives_a_mapping(value: str | bytes) -> None:
    assert isinstance(settings(value), Mapping)


def test_text_is_read_as_json_and_nonsense_is_nothing() -> None:
    assert settings('{"k": 3}') == {"k": 3}
    assert settings("{") == {}
    assert settings("[1]") == {}
    assert settings("[" * 100_000) == {}
    assert settings('{"k": "' + "x" * 30_000 + '"}') == {}


@given(_JSON)
def test_a_word_is_one_of_those_allowed(value: object) -> None:
    assert one_of(value, ("a", "b"), "a") in ("a", "b")


@given(_JSON)
def test_a_number_stays_in_its_range(value: object) -> None:
    assert 1 <= whole_number(value, 1, 9, 5) <= 9


def test_a_number_that_is_none_falls_back_and_a_large_one_is_held() -> None:
    assert whole_number(True, 1, 9, 5) == 5
    assert whole_number(2.5, 1, 9, 5) == 5
    assert whole_number(float("inf"), 1, 9, 5) == 5
    assert whole_number("3", 1, 9, 5) == 5
    assert whole_number(400, 1, 9, 5) == 9
    assert whole_number(3.0, 1, 9, 5) == 3


def test_names_are_texts_of_reasonable_length_each_once() -> None:
    assert names(["b", "a", 3, None, "a", "x" * 500]) == ("a", "b")
    assert names("abc") == ()
    assert len(names([str(i) for i in range(9000)])) == 500


def test_views_that_make_no_sense_are_named() -> None:
    assert unreadable({"layers": '{"palette":"gray"}'}) == ()
    (note,) = unreadable({"steps": "[1]", "layers": "{{{", "k": '{"k":1}', "<b>": "x"})
    assert "'<b>', 'layers', 'steps'" in note
