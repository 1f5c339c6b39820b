"""Anybody's text inside Streamlit's Markdown, without becoming Markdown."""

from __future__ import annotations

import re

_MARKUP = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:^@&=/])")


def plain(text: str) -> str:
    """The text with everything escaped that Streamlit's Markdown could take for markup, links, formulas or icons."""
    return _MARKUP.sub(r"\\\1", text.replace("\n", " "))
