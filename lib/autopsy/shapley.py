"""Exact Shapley values: how much each of a few players contributes to what they reach together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations
from math import factorial

MOST_PLAYERS = 6


def shapley(players: Sequence[str], value: Callable[[frozenset[str]], float]) -> dict[str, float]:
    """Each player's mean marginal contribution over all orders; they add up to value(all) - value(none).

    L. S. Shapley, A value for n-person games (1953). Calls `value` once for each of the 2**n subsets.

    Raises:
        ValueError: there are more than six players.
    """
    if len(players) > MOST_PLAYERS:
        raise ValueError(
            f"{len(players)} players have {2 ** len(players)} subsets; at most {MOST_PLAYERS} are computed."
        )
    worth = {
        frozenset(subset): value(frozenset(subset))
        for size in range(len(players) + 1)
        for subset in combinations(players, size)
    }
    n = len(players)
    found = {}
    for player in players:
        total = 0.0
        for subset, reached in worth.items():
            if player in subset:
                continue
            weight = factorial(len(subset)) * factorial(n - len(subset) - 1) / factorial(n)
            total += weight * (worth[subset | {player}] - reached)
        found[player] = total
    return found
