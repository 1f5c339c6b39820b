"""The first question row by row: what was done to the picture is named, put right, and the letter is read again."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy import Autopsy, examine
from lib.network import Network
from lib.picture import Picture
from lib.pipeline import Pipeline
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def reads(network: Network, picture: Picture, pipeline: Pipeline) -> str:
    trace = network.trace(pipeline.run(picture).final, layers=())
    return network.contract.class_names[trace.top(1)[0]]


WRONG = {
    "range-too-small": ("value_range", {"mode": "0..1"}, "model card"),
    "row-normalised": ("value_range", {"mode": "standardise"}, "model card"),
    "polarity": ("invert", {"on": False}, "model card"),
    # These two are seen in the numbers themselves.
    "one-minus-float": ("invert", {"method": "1 - x as float"}, "proof"),
    "contrast-range": ("sigmoid", {"on": True, "output": "0..1"}, "proof"),
}


@pytest.mark.parametrize("cause", WRONG)
def test_the_mistake_is_named_put_right_and_the_letter_is_read_again(cause: str, network: Network) -> None:
    step, values, level = WRONG[cause]
    picture = sample("r-clean").picture()
    pipeline = network.contract.pipeline().with_step(step, **values)
    assert reads(network, picture, pipeline) != "R"
    found = examine(network, picture, pipeline)
    assert found.verdict == "fixable"
    first = found.findings[0]
    assert (first.cause, first.level) == (cause, level)
    assert found.fix is not None and reads(network, picture, found.fix) == "R"
    assert (
        found.best.top[0][0] == "R"
        and first.before is not None
        and first.before[0] == found.current.top[0][0]
    )
    assert first.fix is not None and {change.step for change in pipeline.diff(first.fix)} == {step}


def test_paper_is_named_and_the_wrap_is_not_where_it_happens_to_be_an_inversion(network: Network) -> None:
    # On paper of 150 to 225, 1 - x on bytes is 257 - x: the inversion is right and the paper is what is wrong.
    picture = sample("x-photo").picture()
    pipeline = network.contract.pipeline().with_step("invert", method="1 - x as uint8")
    found = examine(network, picture, pipeline)
    assert found.findings[0].cause == "background-not-flat"
    assert "uint8-wrap" not in [finding.cause for finding in found.findings]
    assert found.fix is not None and reads(network, picture, found.fix) == "X"


def test_two_mistakes_are_two_findings_whose_weights_share_the_whole(network: Network) -> None:
    picture = sample("r-clean").picture()
    pipeline = (
        network.contract.pipeline()
        .with_step("value_range", mode="0..1")
        .with_step("frame", mode="squash")
        .with_step("centre", on=False)
    )
    found = examine(network, picture, pipeline)
    assert {finding.cause for finding in found.findings} == {"range-too-small", "size-and-centring"}
    weights = [finding.weight for finding in found.findings]
    assert sum(weights) == pytest.approx(1.0) and weights == sorted(weights, reverse=True)
    assert found.fix is not None and reads(network, picture, found.fix) == "R"


@pytest.mark.parametrize("id", ["r-clean", "p-soft", "x-hard", "h-inverted", "s-thick", "k-corner"])
def test_nothing_is_blamed_where_nothing_is_wrong(id: str, network: Network) -> None:
    found = examine(network, sample(id).picture(), network.contract.pipeline())
    assert (found.verdict, found.findings, found.fix) == ("healthy", (), None)
    assert found.current is found.best or found.best.top == found.current.top


def test_a_setting_that_suits_the_photo_better_than_the_contract_is_not_blamed(network: Network) -> None:
    paper = (
        network.contract.pipeline()
        .with_step("grayscale", recipe="darkest channel")
        .with_step("background", on=True, window=30.0)
        .with_step("sigmoid", on=True, slope=20.0, b=100.0)
    )
    found = examine(network, sample("x-photo").picture(), paper)
    assert found.findings == () and found.current.top[0][0] == "X"


def test_noise_is_like_nothing_in_training_whatever_is_done_to_it(network: Network) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (120, 120, 3), np.uint8)
    found = examine(network, Picture.from_array(noise), network.contract.pipeline())
    assert found.verdict == "unlike training"


def test_it_says_what_it_tried_and_on_what_it_rests(network: Network) -> None:
    said: list[str] = []
    pipeline = network.contract.pipeline()
    found: Autopsy = examine(network, sample("r-clean").picture(), pipeline, progress=said.append)
    assert said and found.tried > 50 and found.witnesses == "training sample"
    assert found.current.pipeline == pipeline and 0 < (found.current.typicality or 0) <= 1
    first = [reading.top[0][0] for reading in found.others]
    assert first[0] == "R" and len(set(first)) == len(first) > 1, "the best reading of each class"
