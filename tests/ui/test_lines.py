"""The server's lines hold what the settings say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lib.ui import lines


@pytest.fixture(autouse=True)
def _lines_are_made_anew() -> Iterator[None]:
    made = (lines.live, lines.examinations, lines.datasets)
    for line in made:
        line.cache_clear()
    yield
    for line in made:
        line.cache_clear()


def test_each_kind_of_work_has_one_line_of_its_own() -> None:
    assert lines.examinations() is lines.examinations()
    assert len({id(line()) for line in (lines.live, lines.examinations, lines.datasets)}) == 3


def test_their_bounds_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISREAD_WORK_CONCURRENCY", "3")
    monkeypatch.setenv("MISREAD_WORK_WAITING", "5")
    monkeypatch.setenv("MISREAD_LIVE_CONCURRENCY", "7")
    assert (lines.datasets().at_once, lines.datasets().waiting, lines.live().at_once) == (3, 5, 7)
