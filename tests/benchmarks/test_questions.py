"""Claims about how the three questions are asked and shown."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from benchmarks import phone_photos, questions
from benchmarks.autopsy_tally import of
from lib import zoo
from lib.network import Network
from lib.picture import Picture

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def _bar() -> np.ndarray:
    return np.full((60, 9), 255, np.uint8)


def test_every_row_of_the_first_question_gives_the_networks_tensor(network: Network) -> None:
    finals = {}
    for row in questions.QUESTION_1:
        picture, pipeline = row.make(_bar(), network.contract, np.random.default_rng(0))
        finals[row.name] = pipeline.run(picture).final
    right, wrapped, floats, paper, paper_wrapped, _, small, unit = finals.values()
    assert right.max() == pytest.approx(255) and right.min() == 0
    # White paper becomes 2; ink 0 becomes 1.
    assert np.median(wrapped) == 2 and floats.min() == pytest.approx(-254)
    # On paper that is never white or black 1 - x on bytes is 257 - x: two levels more than 255 - x.
    assert np.abs(paper_wrapped - paper - 2).max() < 0.1
    assert small.max() <= 1 and unit.max() <= 1


def test_a_row_counts_what_was_said_before_and_after(
    monkeypatch: pytest.MonkeyPatch, network: Network
) -> None:
    contract = network.contract
    said = iter([("uint8-wrap",), ("stroke-width", "uint8-wrap"), ()])

    def autopsy(*_: object, **__: object) -> object:
        causes = next(said)
        fix = contract.pipeline() if causes else None
        return SimpleNamespace(
            findings=tuple(SimpleNamespace(cause=c) for c in causes), fix=fix, verdict="fixable"
        )

    monkeypatch.setattr(questions, "examine", autopsy)
    bar = frozenset({8})
    row = questions.ask(network, questions.QUESTION_1[1], [_bar()] * 3, [bar, bar, bar])
    assert row["asked"] == 3
    assert row["named"] == {"k": 1, "n": 3}
    assert row["first"] == {"uint8-wrap": 1, "stroke-width": 1, "nothing": 1}
    assert (
        questions.ask(network, questions.QUESTION_1[1], [_bar()] * 2, [bar, bar], asked=0)["named"]["n"] == 0
    )
    # A bar is an I, read so once the contract's pipeline is back.
    assert row["after"]["k"] >= 2 and row["n"] == 3


def test_pictures_without_a_digit_come_from_photos_and_from_paint_in_turn() -> None:
    found = questions.without_a_digit(6, 0)
    assert len(found) == 6 and all(p.shape == (64, 64, 3) and p.dtype == np.uint8 for p in found)
    assert len({p.tobytes() for p in found}) == 6 and all(p.std() > 1 for p in found)


def test_the_table_of_a_question_shows_shares() -> None:
    row = {
        "row": "wrong",
        "expected": ["polarity"],
        "n": 4,
        "asked": 4,
        "before": of([True, False, False, False]),
        "after": of([True] * 4),
        "named": of([True, True, False, True]),
        "median top probability": 0.5,
        "most frequent answer": {"name": "A", "k": 2},
        "first": {"polarity": 3, "nothing": 1},
        "verdicts": {"fixable": 4},
        "asked again": {},
    }
    text = questions.table("1", {"model": "m", "pictures": "letters", "rows": [row]})
    assert (
        "| wrong (4) | 25 % | 0.50 | A 50 % | 75 % (30–95) | polarity 75 %, nothing 25 % | 100 % (51–100) |"
        in text
    )


def test_phone_photos_are_tried_in_ways_around_the_preset(network: Network) -> None:
    ways = phone_photos.ways(network.contract)
    assert phone_photos.PAPER in ways and len(ways) >= 20
    assert len({pipeline.to_json() for pipeline in ways.values()}) >= len(ways) - 1, (
        "one variant is the preset"
    )
    photos = [Picture.from_array(np.repeat((255 - _bar_page())[..., None], 3, axis=2))] * 2
    counts = phone_photos.accuracy(
        network, network.contract.pipeline(), photos, [frozenset({8}), frozenset({0})]
    )
    assert counts == {"k": 1, "n": 2}


def _bar_page() -> np.ndarray:
    page = np.zeros((96, 96), np.uint8)
    page[15:80, 45:53] = 255
    return page
