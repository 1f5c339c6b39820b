"""Work is done once per network and arguments, and forgotten with the network."""

import gc
import threading
import weakref

import pytest

from lib.ui.models.kept import kept_per_network


class Network:
    """Anything that can be referred to weakly."""


def test_the_second_time_nothing_is_computed() -> None:
    calls = []

    @kept_per_network
    def work(network: Network, n: int = 0) -> list[int]:
        calls.append((network, n))
        return [n]

    one, other = Network(), Network()
    assert work(one, 1) is work(one, 1)
    assert work(one, 2) == [2] and work(other, 1) == [1]
    assert [n for _, n in calls] == [1, 2, 1]


def test_a_network_that_is_gone_takes_its_results_along() -> None:
    class Result:
        pass

    @kept_per_network
    def work(network: Network) -> Result:
        return Result()

    network = Network()
    result = weakref.ref(work(network))
    assert result() is not None
    del network
    gc.collect()
    assert result() is None


def test_two_visitors_at_once_wait_for_one_computation() -> None:
    calls = []

    @kept_per_network
    def work(network: Network) -> int:
        calls.append(1)
        threading.Event().wait(0.05)
        return 7

    network, results = Network(), []
    visitors = [threading.Thread(target=lambda: results.append(work(network))) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join()
    assert (results, len(calls)) == ([7] * 4, 1)


def test_a_failure_is_not_kept() -> None:
    calls = []

    @kept_per_network
    def work(network: Network) -> int:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError("once")
        return 1

    network = Network()
    with pytest.raises(ValueError, match="once"):
        work(network)
    assert work(network) == 1
