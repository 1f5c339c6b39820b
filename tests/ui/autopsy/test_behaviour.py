"""A network's behaviour is measured when somebody asks, once, and forgotten with the network."""

from __future__ import annotations

import gc

import pytest

import lib.autopsy.fingerprint as fingerprint
from lib.ui.autopsy.behaviour import known_behaviour, measured_behaviour


class Net:
    """Stands for a network."""


def test_it_is_measured_once_per_network(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(fingerprint, "behaviour", lambda network: asked.append(id(network)) or len(asked))
    one, other = Net(), Net()
    assert known_behaviour(one) is None and asked == []
    assert (measured_behaviour(one), measured_behaviour(one), measured_behaviour(other)) == (1, 1, 2)
    assert known_behaviour(one) == 1


def test_what_is_put_away_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    from lib.ui.autopsy import behaviour as module

    monkeypatch.setattr(fingerprint, "behaviour", lambda network: 1)
    net = Net()
    measured_behaviour(net)
    before = len(module._KNOWN)
    del net
    gc.collect()
    assert len(module._KNOWN) == before - 1
