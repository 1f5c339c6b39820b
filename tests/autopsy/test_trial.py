"""One picture under many pipelines: each tensor once, the eight orientations for nothing."""

from __future__ import annotations

import numpy as np
import pytest

from lib import zoo
from lib.autopsy.hypotheses import Hypothesis
from lib.autopsy.trial import Trial, on_small_copy
from lib.network import Network
from lib.picture import Picture
from lib.samples import sample

pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture(scope="module")
def network() -> Network:
    return zoo.load("letters-mlp")


def test_turning_the_tensor_is_turning_the_picture(network: Network) -> None:
    own = network.contract.pipeline()
    trial = Trial(network, sample("h-inverted").picture(), None)
    turned = own.with_step("orientation", turn="rotate 90°", on=True)
    upright, other = trial.rows([Hypothesis(own), Hypothesis(turned)])
    np.testing.assert_array_equal(
        trial.tensors[other].reshape(28, 28), np.rot90(trial.tensors[upright].reshape(28, 28), 1)
    )


def test_equal_tensors_share_a_row_and_what_does_not_fit_has_none(network: Network) -> None:
    own = network.contract.pipeline()
    trial = Trial(network, Picture.from_array(np.full((40, 40, 3), 255, np.uint8)), None)
    blurred = own.with_step("softness", on=True, sigma=2.0)
    larger = own.with_step("resize", height=32, width=32)
    assert trial.rows([Hypothesis(own), Hypothesis(blurred), Hypothesis(larger)]) == [0, 0, -1]
    assert len(trial.tensors) == 1


def test_rows_are_seen_in_whatever_order_they_are_asked_for(network: Network) -> None:
    own = network.contract.pipeline()
    trial = Trial(network, sample("r-clean").picture(), network.reference)
    first = trial.rows([Hypothesis(own)])
    before = trial.seen(first)
    more = trial.rows([Hypothesis(own.with_step("invert", on=False)), Hypothesis(own)])
    assert more == [1, 0]
    np.testing.assert_allclose(trial.seen(more)[1], before[0], atol=1e-6)
    np.testing.assert_array_equal(trial.seen(more)[::-1], trial.seen(more[::-1]))


def test_a_small_copy_is_enough_and_never_larger_than_asked_for() -> None:
    own = zoo.card("letters-mlp").contract.pipeline()
    assert on_small_copy(own, (28, 28))["working_size"].longest == 140  # type: ignore[attr-defined]
    assert on_small_copy(own, (224, 224))["working_size"].longest == 448  # type: ignore[attr-defined]
    small = own.with_step("working_size", longest=130, on=True)
    assert on_small_copy(small, (224, 224))["working_size"].longest == 130  # type: ignore[attr-defined]
