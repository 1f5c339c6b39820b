"""What a fix consists of, judged part by part: what is no fault at all, and what is only another's consequence."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.examination import look
from lib.autopsy.explaining import idle, ruined
from lib.autopsy.judge import Judge
from lib.autopsy.naming import Difference
from lib.network import Network
from lib.samples import sample
from tests.autopsy.examination.pictures import file_of

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


@pytest.mark.parametrize(
    ("cause", "shown"), [("edge-softness", True), ("stroke-width", True), ("polarity", False)]
)
def test_what_strong_compression_does_to_edges_is_blamed_on_it(
    cause: str, shown: bool, network: Network
) -> None:
    part = Difference("softness", ("softness",), cause, "")
    own = network.contract.pipeline()
    gray = sample("r-clean").picture().pixels
    for quality, spoilt in ((5, shown), (90, False)):
        picture = file_of(gray, "JPEG", quality=quality)
        seen = look(picture, own.run(picture), network, network.reference)
        assert ruined(part, seen).cause == ("jpeg-artifacts" if spoilt else cause)
    assert ruined(part, None) is part


@pytest.mark.parametrize(
    ("cause", "sure", "then", "wanted"),
    [
        ("stroke-width", 0.99, 0, True),
        ("edge-softness", 0.99, 0, True),
        ("stroke-width", 0.99, 1, False),  # another answer
        ("stroke-width", 0.6, 0, False),  # not sure of it
        ("background-not-flat", 0.99, 0, False),  # no refinement
    ],
)
def test_strokes_that_stand_out_in_nothing_are_not_made_more_usual_for_the_same_sure_answer(
    cause: str, sure: float, then: int, wanted: bool, network: Network
) -> None:
    own = network.contract.pipeline()
    picture = sample("r-clean").picture()
    current = Judge(network, [picture], network.reference, "reference").pipeline(own)
    answers = np.array([[sure, 1 - sure]])
    now, best = (
        dataclasses.replace(current, probabilities=answers[:, ::order]) for order in (1, -1 if then else 1)
    )
    seen = look(picture, own.run(picture), network, network.reference)
    assert idle([Difference("part", (), cause, "")], now, best, seen) is wanted
