"""A network's behaviour at large, measured once for all visitors when the first of them asks."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

if TYPE_CHECKING:
    from lib.autopsy.fingerprint import Behaviour
    from lib.network import Network

_KNOWN: WeakKeyDictionary[Network, Behaviour] = WeakKeyDictionary()
_LOCK = threading.Lock()


def known_behaviour(network: Network) -> Behaviour | None:
    """What was measured already."""
    return _KNOWN.get(network)


def measured_behaviour(network: Network) -> Behaviour:
    """Measures it, unless it was measured already; two visitors who ask at once wait for one measurement."""
    # It brings TensorFlow, which the page that only imports this must not wait for.
    from lib.autopsy.fingerprint import behaviour

    with _LOCK:
        if network not in _KNOWN:
            _KNOWN[network] = behaviour(network)
        return _KNOWN[network]
