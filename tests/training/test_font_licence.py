"""Claims about the licence that a font file names."""

import struct

import pytest

from lib.training.font_licence import UNSTATED, licence_of


def font(*entries, platform=3, collection=False):
    """A file with nothing but a name table: (number, text) pairs."""
    encoded = [
        (number, text.encode("mac_roman" if platform == 1 else "utf-16-be")) for number, text in entries
    ]
    start = 16 if collection else 0
    offset = start + 12 + 16
    strings = 6 + 12 * len(encoded)
    head = b"ttcf" + struct.pack(">III", 0x10000, 1, start) if collection else b""
    head += b"\0\1\0\0" + struct.pack(">4H", 1, 0, 0, 0) + struct.pack(">4sIII", b"name", 0, offset, 0)
    table, text, position = struct.pack(">HHH", 0, len(encoded), strings), b"", 0
    for number, raw in encoded:
        table += struct.pack(">6H", platform, 1, 0, number, len(raw), position)
        text, position = text + raw, position + len(raw)
    return head + table + text


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        (
            "This Font Software is licensed under the SIL Open Font License, Version 1.1.",
            "SIL Open Font License",
        ),
        ("Licensed under the Apache License, Version 2.0", "Apache License"),
        ("GNU General Public License with font exception", "GNU (A)GPL, mostly with the font exception"),
        ("This work is in the Public Domain", "public domain"),
        ("All rights reserved", UNSTATED),
    ],
)
def test_the_licence_is_known_by_its_words(text, licence):
    assert licence_of(font((13, text))) == licence


def test_the_description_counts_before_the_address_and_that_before_the_copyright():
    entries = ((0, "Copyright, Bitstream"), (14, "http://scripts.sil.org/OFL"), (13, "Apache License"))
    assert licence_of(font(*entries)) == "Apache License"
    assert licence_of(font(*entries[:2])) == "SIL Open Font License"
    assert licence_of(font(entries[0])) == "Bitstream Vera licence"


def test_old_macintosh_names_and_collections_are_read():
    assert licence_of(font((13, "Apache License"), platform=1)) == "Apache License"
    assert licence_of(font((13, "Apache License"), collection=True)) == "Apache License"


@pytest.mark.parametrize("content", [b"", b"OTTO", font((13, "Apache"))[:30], b"\xff" * 200])
def test_a_broken_file_names_none(content):
    assert licence_of(content) == UNSTATED
