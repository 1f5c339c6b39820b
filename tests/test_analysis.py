"""The one path of the data: nothing is computed twice, and nothing that a visitor sets breaks the page."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pytest

from lib.analysis import Analysis, analyse
from lib.contract import Contract
from lib.network import Trace
from lib.picture import Picture
from lib.pipeline import Pipeline, PipelineError

CONTRACT = Contract((784,), (28, 28), ("A", "B"), polarity="white on black")
DEFAULT = CONTRACT.pipeline()
WHITE, BLACK = (Picture.from_array(np.full((40, 40, 3), level, np.uint8)) for level in (255, 0))
LETTER = Picture.from_array(np.kron(np.eye(2, dtype=np.uint8) * 255, np.ones((20, 20), np.uint8)))


@dataclass
class CountingNetwork:
    """Stands in for a Network: remembers the batches that it was asked about."""

    contract: Contract = CONTRACT
    name: str = "counting"
    batches: list[np.ndarray] = field(default_factory=list)

    def trace(self, batch: np.ndarray, layers: tuple[str, ...] | None = None) -> Trace:
        self.batches.append(batch)
        activations = {name: np.zeros((1, 3), np.float32) for name in layers or ("a", "b")}
        return Trace(np.zeros((1, 2), np.float32), np.full((1, 2), 0.5), activations)


def test_the_network_gets_the_tensor_that_is_shown() -> None:
    network = CountingNetwork()
    found = analyse(LETTER, DEFAULT, network, DEFAULT)
    (batch,) = network.batches
    assert batch.shape == (1, 784)
    np.testing.assert_array_equal(batch[0], found.stages.final)
    np.testing.assert_array_equal(found.stages.final, DEFAULT.run(LETTER).final)
    assert found.picture is LETTER and found.network is network and found.problem == ""


def test_asking_again_computes_nothing() -> None:
    network = CountingNetwork()
    first = analyse(LETTER, DEFAULT, network, DEFAULT)
    second = analyse(LETTER, DEFAULT, network, DEFAULT, first)
    assert second.trace is first.trace and len(network.batches) == 1
    assert all(a is b for a, b in zip(second.stages.images, first.stages.images, strict=True))


def test_only_the_steps_after_a_change_run_again() -> None:
    network = CountingNetwork()
    first = analyse(LETTER, DEFAULT, network, DEFAULT)
    changed = DEFAULT.with_step("value_range", mode="0..1")
    second = analyse(LETTER, changed, network, DEFAULT, first)
    place = [step.name for step in DEFAULT].index("value_range")
    kept = [a is b for a, b in zip(second.stages.images, first.stages.images, strict=True)]
    assert kept == [True] * place + [False] * (len(kept) - place)
    assert second.trace is not first.trace
    np.testing.assert_array_equal(network.batches[1][0], changed.run(LETTER).final)


def test_another_picture_and_another_network_are_asked_afresh() -> None:
    network, other = CountingNetwork(), CountingNetwork()
    first = analyse(WHITE, DEFAULT, network, DEFAULT)
    second = analyse(BLACK, DEFAULT, network, DEFAULT, first)
    assert second.picture is BLACK and second.stages.digest != first.stages.digest
    third = analyse(BLACK, DEFAULT, other, DEFAULT, second)
    assert third.network is other and third.stages.final is second.stages.final
    assert (len(network.batches), len(other.batches)) == (2, 1)


def test_while_the_network_loads_the_steps_are_there_and_it_is_asked_once_it_comes() -> None:
    loading = analyse(LETTER, DEFAULT, None, DEFAULT)
    assert (loading.network, loading.trace, loading.problem) == (None, None, "")
    np.testing.assert_array_equal(loading.stages.final, DEFAULT.run(LETTER).final)
    network = CountingNetwork()
    loaded = analyse(LETTER, DEFAULT, network, DEFAULT, loading)
    assert loaded.trace is not None and len(network.batches) == 1
    assert loaded.stages.final is loading.stages.final


def test_a_size_that_the_network_does_not_take_is_a_sentence_not_an_exception() -> None:
    network = CountingNetwork()
    first = analyse(LETTER, DEFAULT, network, DEFAULT)
    small = analyse(LETTER, DEFAULT.with_step("resize", height=27), network, DEFAULT, first)
    assert small.trace is None and len(network.batches) == 1
    assert small.stages.final.shape == (27 * 28,)
    assert small.problem == (
        "The pipeline gives a tensor of shape (756,), counting takes (784,): set the steps Resize and Flatten back."
    )
    back = analyse(LETTER, DEFAULT, network, DEFAULT, small)
    assert back.problem == "" and back.trace is not None


@pytest.mark.parametrize("with_network", [True, False])
@pytest.mark.parametrize("with_previous", [True, False])
def test_a_pipeline_that_cannot_run_is_told_and_the_default_is_shown(
    with_network: bool, with_previous: bool
) -> None:
    network = CountingNetwork() if with_network else None
    broken = DEFAULT.with_step("grayscale", on=False)
    with pytest.raises(PipelineError):
        broken.run(LETTER)
    previous = analyse(WHITE, DEFAULT, network, DEFAULT) if with_previous else None
    found = analyse(LETTER, broken, network, DEFAULT, previous)
    assert found.problem.startswith("Flatten: the network takes one channel") and "own steps" in found.problem
    assert found.picture is LETTER and found.stages.pipeline == DEFAULT
    np.testing.assert_array_equal(found.stages.final, DEFAULT.run(LETTER).final)
    assert (found.trace is not None) == with_network
    again = analyse(LETTER, broken, network, DEFAULT, found)
    assert again.problem == found.problem and again.trace is found.trace
    assert isinstance(again, Analysis) and isinstance(again.stages.pipeline, Pipeline)


def test_a_layer_that_was_not_fetched_is_asked_for_and_one_that_was_is_not() -> None:
    network = CountingNetwork()
    first = analyse(LETTER, DEFAULT, network, DEFAULT, layers=("a",))
    again = analyse(LETTER, DEFAULT, network, DEFAULT, first, layers=())
    assert again.trace is first.trace and len(network.batches) == 1
    more = analyse(LETTER, DEFAULT, network, DEFAULT, again, layers=("a", "b"))
    assert more.trace and set(more.trace.activations) == {"a", "b"} and len(network.batches) == 2
