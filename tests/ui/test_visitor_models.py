"""The server's shelf: bounded, least recently used first, and nothing outlives its visitor."""

from __future__ import annotations

import dataclasses
import gc
import weakref

from lib import zoo
from lib.ui.visitor_models import Shelf, VisitorModel


class Network:
    """Stands in for a network."""


def own(parameters: int = 10) -> VisitorModel:
    card = dataclasses.replace(zoo.card("letters-mlp"), origin="own", parameters=parameters)
    return VisitorModel(card, Network())  # type: ignore[arg-type]


def test_with_too_many_models_the_one_not_used_for_longest_is_put_away() -> None:
    shelf, models = Shelf(2, 1000), [own() for _ in range(3)]
    shelf.put(models[0])
    shelf.put(models[1])
    assert shelf.network(models[0]) is models[0].network is not None
    shelf.put(models[2])
    assert [model.network is None for model in models] == [False, True, False]
    assert shelf.network(models[1]) is None and len(shelf) == 2


def test_with_too_many_parameters_as_many_make_room_as_it_takes() -> None:
    shelf, small, large = Shelf(10, 100), [own(30) for _ in range(3)], own(70)
    for model in (*small, large):
        shelf.put(model)
    assert [model.network is None for model in (*small, large)] == [True, True, False, False]


def test_the_model_that_comes_is_never_the_one_put_away() -> None:
    shelf, huge = Shelf(2, 100), own(5000)
    shelf.put(huge)
    assert huge.network is not None and len(shelf) == 1


def test_putting_a_model_in_again_counts_it_once() -> None:
    shelf, model = Shelf(2, 1000), own()
    for _ in range(5):
        shelf.put(model)
    assert len(shelf) == 1


def test_a_visitor_who_leaves_takes_the_models_along() -> None:
    shelf, model = Shelf(2, 1000), own()
    shelf.put(model)
    del model
    gc.collect()
    assert len(shelf) == 0


@dataclasses.dataclass(frozen=True)
class Brought:
    """Stands in for the file that passed the check."""

    network: object
    inspection: str = "what was found"


def test_a_network_that_is_put_away_is_gone_though_its_owner_is_not() -> None:
    shelf, model = Shelf(1, 1000), own()
    model.brought = Brought(model.network)
    gone = weakref.ref(model.network)
    shelf.put(model)
    shelf.put(own())
    gc.collect()
    assert gone() is None and model.brought.inspection == "what was found"


def test_only_what_nobody_asked_for_in_so_long_is_put_away() -> None:
    shelf, old, new = Shelf(10, 1000), own(), own()
    shelf.put(old)
    shelf.put(new)
    old.used -= 100
    assert shelf.put_away_idle(99) == 1
    assert (old.network is None, new.network is None, len(shelf)) == (True, False, 1)
