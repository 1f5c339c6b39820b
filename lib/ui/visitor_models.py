"""A visitor's own models: they live in the visitor's session, and the server holds a bounded number of all visitors'."""

from __future__ import annotations

import threading
import time
import weakref
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lib.zoo.card import Card

if TYPE_CHECKING:
    from lib.network import Network


@dataclass(eq=False)
class VisitorModel:
    """One model that a visitor brought.

    Attributes:
        card: in the words of the catalogue; `card.origin` is "own".
        network: None once the server has put it away, to make room or because nobody looked at it for long.
        brought: the file as it passed the check.
        form: its contract as it is edited.
        used: when its network was asked for last, in seconds of a clock that only goes forward.
    """

    card: Card
    network: Network | None
    brought: Any = None
    form: Any = None
    used: float = 0.0

    def put_away(self) -> None:
        """Lets the network go; card, form and what the check found stay."""
        self.network = None
        if self.brought is not None:
            self.brought = replace(self.brought, network=None)


class Shelf:
    """All visitors' own models of one server process. It holds no model alive: the session does, until it ends.

    Args:
        most_models, most_parameters: with more, the models that were not used for longest lose their network.
    """

    def __init__(self, most_models: int, most_parameters: int) -> None:
        self.most_models, self.most_parameters = most_models, most_parameters
        self._known: list[weakref.ref[VisitorModel]] = []
        self._lock = threading.Lock()

    def put(self, own: VisitorModel) -> None:
        """Takes a model in, and puts the oldest away where there is no room for all."""
        with self._lock:
            own.used = time.monotonic()
            kept = [*self._others(own), own]
            while len(kept) > 1 and not self._fits(kept):
                kept.pop(0).put_away()
            self._known = [weakref.ref(model) for model in kept]

    def network(self, own: VisitorModel) -> Network | None:
        """A model's network, which is now the one that was used last; None when it was put away."""
        if own.network is not None:
            own.used = time.monotonic()
            with self._lock:
                self._known = [weakref.ref(model) for model in (*self._others(own), own)]
        return own.network

    def put_away_idle(self, seconds: float) -> int:
        """Lets the networks go that nobody has asked for in so long; returns how many."""
        with self._lock:
            before = time.monotonic() - seconds
            idle = [model for model in self._others(None) if model.used <= before]
            for model in idle:
                model.put_away()
            return len(idle)

    def __len__(self) -> int:
        """How many networks are held."""
        with self._lock:
            return len(self._others(None))

    def _others(self, own: VisitorModel | None) -> list[VisitorModel]:
        """The models that are alive and have their network, the one that was not used for longest first."""
        alive = (ref() for ref in self._known)
        return [
            model for model in alive if model is not None and model is not own and model.network is not None
        ]

    def _fits(self, models: list[VisitorModel]) -> bool:
        parameters = sum(model.card.parameters or 0 for model in models)
        return len(models) <= self.most_models and parameters <= self.most_parameters
