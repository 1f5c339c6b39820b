"""Question 1 row by row, as its benchmark asks it: the thread's mistakes are named first, and the fix reads the letter."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from benchmarks.ink_pictures import tight
from benchmarks.questions import QUESTION_1, Row
from benchmarks.skew import Case
from lib import zoo
from lib.autopsy import examine
from lib.drawing import Drawing, Stroke
from lib.network import Network
from lib.picture import Picture
from lib.pipeline import Pipeline

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")

LETTERS = {
    "R": (
        ((300, 850), (300, 150)),
        ((300, 150), (560, 160), (680, 250), (680, 370), (560, 470), (300, 480)),
        ((450, 480), (720, 850)),
    ),
    "Z": (((250, 180), (750, 180), (250, 830), (760, 830)),),
}
ROWS = {row.name: row for row in QUESTION_1}
WRONG = [name for name, row in ROWS.items() if row.expected]


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


@cache
def glyph(letter: str) -> np.ndarray:
    """The letter as the Lab's pen draws it: uint8 (H, W), white on black, cut to its ink."""
    strokes = tuple(Stroke("pen", 70, tuple((x, y, 255) for x, y in line)) for line in LETTERS[letter])
    return tight(255 - Drawing(strokes).picture().pixels[..., 0])


def case(row: Row, letter: str) -> Case:
    return row.make(glyph(letter), zoo.card("letters-mlp").contract, np.random.default_rng(1))


def reads(network: Network, picture: Picture, pipeline: Pipeline) -> str:
    trace = network.trace(pipeline.run(picture).final, layers=())
    return network.contract.class_names[trace.top(1)[0]]


@pytest.mark.parametrize("letter", LETTERS)
@pytest.mark.parametrize("name", WRONG)
def test_what_the_thread_does_wrong_is_named_first_and_the_fix_brings_the_letter_back(
    network: Network, name: str, letter: str
) -> None:
    picture, pipeline = case(ROWS[name], letter)
    found = examine(network, picture, pipeline, model_findings=())
    causes = [finding.cause for finding in found.findings]
    assert found.verdict == "fixable" and causes[0] in ROWS[name].expected, causes
    assert found.fix is not None and reads(network, picture, found.fix) == letter
    # On paper the wrap is an inversion and is not to be blamed.
    assert "phone photo" not in name or "uint8-wrap" not in causes


@pytest.mark.parametrize("letter", LETTERS)
def test_nothing_is_wrong_with_what_the_thread_does_right(network: Network, letter: str) -> None:
    picture, pipeline = case(ROWS["drawn black on white, `255 - x` (right)"], letter)
    found = examine(network, picture, pipeline, model_findings=())
    assert reads(network, picture, pipeline) == letter
    assert found.verdict == "healthy" and found.findings == ()


@pytest.mark.parametrize("name", WRONG)
def test_before_the_fix_at_least_one_letter_is_lost(network: Network, name: str) -> None:
    """Otherwise the fix would prove nothing."""
    assert [letter for letter in LETTERS if reads(network, *case(ROWS[name], letter)) == letter] != list(
        LETTERS
    )
