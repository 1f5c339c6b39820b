"""Puts what a script measured into its place in a document, so that no number there is written by hand."""

from __future__ import annotations

import re
from pathlib import Path


def into_document(path: Path, command: str, text: str) -> None:
    """Replaces what stands between `<!-- command -->` and `<!-- end -->`.

    Raises:
        ValueError: the document has no such place.
    """
    document = path.read_text(encoding="utf-8")
    place = re.compile(rf"<!-- {re.escape(command)} -->\n.*?<!-- end -->", re.DOTALL)
    if not place.search(document):
        raise ValueError(f"{path} has no place for the table: <!-- {command} --> ... <!-- end -->.")
    block = f"<!-- {command} -->\n\n{text}\n\n<!-- end -->"
    path.write_text(place.sub(lambda _: block, document), encoding="utf-8")
