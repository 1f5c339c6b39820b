"""Several pictures decide together what one of them cannot: which way up they are."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy import examine, examine_several
from lib.network import Network
from lib.picture import Picture
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def turned(id: str, quarters: int) -> Picture:
    return Picture.from_array(np.ascontiguousarray(np.rot90(sample(id).picture().pixels, quarters)))


def test_one_picture_is_examined_as_by_itself(network: Network) -> None:
    picture = sample("r-clean").picture()
    pipeline = network.contract.pipeline().with_step("value_range", mode="0..1")
    one = examine(network, picture, pipeline, model_findings=())
    several = examine_several(network, [picture], pipeline, model_findings=())
    assert [f.cause for f in one.findings] == [f.cause for f in several.findings]
    assert one.fix == several.fix and one.verdict == several.verdict


def test_a_set_of_turned_letters_is_turned_back_together(network: Network) -> None:
    pictures = [turned(id, 1) for id in ("r-clean", "h-inverted", "p-soft")]
    found = examine_several(network, pictures, network.contract.pipeline(), model_findings=())
    assert found.verdict == "fixable" and found.findings[0].cause == "orientation"
    assert found.fix is not None and found.fix["orientation"].turn == "rotate 270°"  # type: ignore[attr-defined]
    assert [one.best.top[0][0] for one in found.pictures] == ["R", "H", "P"]


def test_the_sentence_is_about_the_picture_whose_answer_changes(network: Network) -> None:
    pictures = [sample(id).picture() for id in ("r-clean", "x-photo")]
    found = examine_several(network, pictures, network.contract.pipeline(), model_findings=())
    assert [one.best.top[0][0] for one in found.pictures] == ["R", "X"]
    assert found.sentence.endswith("Put right, the network reads “X”.")


def test_a_set_with_nothing_wrong_is_healthy(network: Network) -> None:
    pictures = [sample(id).picture() for id in ("r-clean", "h-inverted", "p-soft", "x-hard")]
    found = examine_several(network, pictures, network.contract.pipeline(), model_findings=())
    assert (found.verdict, found.findings, found.fix) == ("healthy", (), None)


@pytest.mark.parametrize("count", [0, 13])
def test_too_few_or_too_many_are_refused(count: int, network: Network) -> None:
    with pytest.raises(ValueError, match="1 to 12 pictures"):
        examine_several(network, [sample("r-clean").picture()] * count, network.contract.pipeline())
