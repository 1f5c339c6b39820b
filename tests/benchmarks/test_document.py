"""A measured table takes the place of the one before, and nothing else is touched."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.document import into_document


def test_the_block_of_the_command_is_replaced_and_no_other(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "a\n<!-- one -->\nold\n<!-- end -->\nb\n<!-- two -->\nkept\n<!-- end -->\nc\n", encoding="utf-8"
    )
    into_document(page, "one", r"| \1 | new |")
    into_document(page, "one", r"| \1 | newer |")
    assert page.read_text(encoding="utf-8") == (
        "a\n<!-- one -->\n\n| \\1 | newer |\n\n<!-- end -->\nb\n<!-- two -->\nkept\n<!-- end -->\nc\n"
    )


def test_without_a_place_for_it_the_document_stays_as_it_is(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("words\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no place"):
        into_document(page, "one", "new")
    assert page.read_text(encoding="utf-8") == "words\n"
