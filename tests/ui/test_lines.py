"""The server's lines hold what the settings say."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from lib.layer import Layer
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
    assert lines.live(True) is lines.live(True)
    made = (lines.live(False), lines.live(True), lines.examinations(), lines.datasets())
    assert len({id(line) for line in made}) == 4


def test_a_network_is_large_by_its_weights_each_counted_once() -> None:
    def layer(parameters: int, **kind: bool) -> Layer:
        return Layer("", "Dense", "", (1,), parameters, **kind)

    small = [layer(1_000_000), layer(1_000_000)]
    assert not lines.is_large(small)
    assert not lines.is_large([*small, layer(2_000_000, nested=True), layer(1_000_000, repeated=True)])
    assert lines.is_large([*small, layer(1)])


def test_their_bounds_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISREAD_WORK_CONCURRENCY", "3")
    monkeypatch.setenv("MISREAD_WORK_WAITING", "5")
    monkeypatch.setenv("MISREAD_LIVE_CONCURRENCY", "7")
    assert (lines.datasets().at_once, lines.datasets().waiting, lines.live(False).at_once) == (3, 5, 7)
