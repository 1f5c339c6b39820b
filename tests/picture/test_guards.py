"""Claims about file names, limits and the sentences for files that are not pictures."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.picture.guards import (
    Limits,
    PictureError,
    check_bytes,
    check_size,
    chunks_fit,
    shown_name,
    unreadable,
)


@given(st.one_of(st.none(), st.text(), st.text(min_size=50), st.binary()))
def test_a_shown_name_is_short_and_has_no_control_characters(name: object) -> None:
    shown = shown_name(name)
    assert len(shown) <= 60
    assert not any(unicodedata.category(sign).startswith("C") for sign in shown)
    assert "\n" not in shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (None, ""),
        ("letter.png", "letter.png"),
        ("C:\\fakepath\\letter.png", "letter.png"),
        ("../../etc/passwd", "passwd"),
        ("a\x00b\x1b[31m\u202egnp.png", "a b [31m gnp.png"),
        ("ünïcode Ж.png", "ünïcode Ж.png"),
    ],
)
def test_a_shown_name_is_the_last_part_of_the_path(name: str | None, shown: str) -> None:
    assert shown_name(name) == shown


def test_a_long_name_keeps_its_beginning_and_its_extension() -> None:
    shown = shown_name("a" * 300 + ".png")
    assert len(shown) == 60
    assert shown.startswith("aaa")
    assert shown.endswith(".png")


def test_a_file_may_have_exactly_the_limit_and_not_one_byte_more() -> None:
    limits = Limits(bytes=10)
    check_bytes(b"x" * 10, "a.png", limits)
    with pytest.raises(PictureError, match=r"“a\.png” has .* the limit is .* smaller"):
        check_bytes(b"x" * 11, "a.png", limits)


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [(0, 5, "nothing to show"), (201, 1, "longest side allowed is 200"), (101, 100, "0.01 megapixels")],
)
def test_a_size_outside_the_limits_is_refused_with_the_limit(width: int, height: int, words: str) -> None:
    limits = Limits(pixels=10_000, side=200)
    check_size(100, 100, "a.png", limits)
    with pytest.raises(PictureError, match=words) as caught:
        check_size(width, height, "a.png", limits)
    assert str(caught.value).startswith(f"“a.png” {'says it is' if not width else 'is'} {width} x {height}")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7\n", "is a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "is a PostScript (EPS) file"),
        (b'<?xml version="1.0"?>\n<svg xmlns="...">', "is an SVG drawing"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "is a web page"),
        (b"8BPS\x00\x01", "is a Photoshop document"),
        (b"PK\x03\x04....", "is a ZIP archive"),
        (b"\x00\x00\x00\x20ftypavif", "is an AVIF file"),
        (b"\x00\x00\x00\x20ftypmp42", "is a video"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "begins like a PNG file but is damaged"),
        (b"dear diary", "is text, not a picture"),
        (b"\x00\x01\x02", "is not a picture that can be read"),
    ],
)
def test_other_files_are_called_what_they_are(data: bytes, words: str) -> None:
    sentence = str(unreadable(data, "holiday.png"))
    assert sentence.startswith("“holiday.png” " + words)
    assert "export it as PNG or JPEG" in sentence


def test_a_png_whose_chunks_end_before_the_file_does_fits() -> None:
    end = b"\0\0\0\0IEND\xaeB`\x82"
    body = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\2tEXt" + b"ab" + b"crc."
    assert chunks_fit(body + end)
    assert chunks_fit(body + end + b"something behind the end")
    assert not chunks_fit(body)
    assert not chunks_fit(body + end[:-1])
    assert not chunks_fit(body + b"\x7f\xff\xff\xff" + end[4:])
    assert chunks_fit(b"II*\0 not a PNG")
