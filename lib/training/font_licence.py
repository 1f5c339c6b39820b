"""Which licence a font file names, read from its `name` table (OpenType specification), to be written into a card.

It is what the file says of itself, not legal advice.
"""

from __future__ import annotations

import re
import struct

UNSTATED = "not named in the file"
# Tried in this order on the licence's text, its address and the copyright notice.
_KNOWN = (
    ("SIL Open Font License", r"open font licen[sc]e|\bofl\b|scripts\.sil\.org"),
    ("Apache License", r"apache"),
    ("Ubuntu Font Licence", r"ubuntu font"),
    ("GNU (A)GPL, mostly with the font exception", r"gnu (affero )?(general )?public|\ba?gpl\b|gnu\.org"),
    ("GUST Font License or LPPL", r"gust font|latex project|lppl"),
    ("Bitstream Vera licence", r"bitstream"),
    ("Creative Commons", r"creative ?commons|\bcc[- ](by|0)"),
    ("IPA Font License", r"ipa font"),
    ("BSD or MIT licence", r"\bbsd\b|\bmit\b|redistribution and use"),
    ("public domain", r"public domain"),
)
_DESCRIPTION, _ADDRESS, _COPYRIGHT = 13, 14, 0


def licence_of(font: bytes) -> str:
    """The name of a font file's licence, or `UNSTATED` where the file names none that is known here.

    Args:
        font: the content of a TrueType or OpenType file, or of a collection, whose first font counts.
    """
    try:
        names = _names(font)
    except (struct.error, UnicodeDecodeError, IndexError):
        return UNSTATED
    for entry in (_DESCRIPTION, _ADDRESS, _COPYRIGHT):
        text = names.get(entry, "").lower()
        for licence, pattern in _KNOWN:
            if re.search(pattern, text):
                return licence
    return UNSTATED


def _names(font: bytes) -> dict[int, str]:
    """The entries of the name table by their number; of several languages the longest."""
    start = struct.unpack_from(">I", font, 12)[0] if font[:4] == b"ttcf" else 0
    tables = struct.unpack_from(">H", font, start + 4)[0]
    found: dict[int, str] = {}
    for index in range(tables):
        tag, _, offset, _ = struct.unpack_from(">4sIII", font, start + 12 + 16 * index)
        if tag != b"name":
            continue
        _, count, strings = struct.unpack_from(">HHH", font, offset)
        for record in range(count):
            platform, _, _, entry, length, position = struct.unpack_from(
                ">6H", font, offset + 6 + 12 * record
            )
            raw = font[offset + strings + position : offset + strings + position + length]
            # Platform 1 is the old Macintosh with one byte a character, the others are Unicode.
            text = raw.decode("mac_roman" if platform == 1 else "utf-16-be", errors="replace")
            if len(text) > len(found.get(entry, "")):
                found[entry] = text
    return found
