"""What somebody wrote into a link is shown as it is."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.ui.plain import plain

MARKUP = "\\`*_{}[]()<>#+-.!|~$:^@&=/"


@given(st.text())
def test_without_the_backslashes_it_is_the_text_again(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", plain(text), flags=re.DOTALL) == text.replace("\n", " ")


@given(st.text(alphabet=MARKUP + "ab "))
def test_no_markup_stands_by_itself(text: str) -> None:
    bare = re.sub(r"\\.", "", plain(text))
    assert not set(bare) & set(MARKUP)


@pytest.mark.parametrize(
    "text", ["![x](http://evil.example/x.png)", "$a$", ":material/home:", "<script>", "http://a.b"]
)
def test_pictures_formulas_icons_tags_and_addresses_stay_text(text: str) -> None:
    assert text not in plain(text)
