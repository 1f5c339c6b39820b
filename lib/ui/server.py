"""What all sessions of one server process share: the engine with the networks."""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from lib import zoo
from lib.ui.here import HERE
from lib.ui.lab_state import LabState
from lib.ui.no_delay import send_at_once
from lib.ui.rerun_cost import cheapen_reruns
from lib.ui.visitor_models import Shelf
from lib.zoo.engine import Engine

if TYPE_CHECKING:
    from lib.network import Network

# The first page is in the browser before the import of TensorFlow takes the interpreter's lock.
_HEAD_START = 1.5


@st.cache_resource(show_spinner=False)
def engine() -> Engine:
    """The one engine of this process."""
    bundled = [card.name for card in zoo.bundled()]
    others = [card.name for card in zoo.catalogue() if card.name not in bundled]
    return Engine(bundled, others, on_imported=cheapen_reruns, on_loaded=cheapen_reruns)


@st.cache_resource(show_spinner=False)
def shelf() -> Shelf:
    """All visitors' own models."""
    return Shelf(most_models=24, most_parameters=400_000_000)


def network_of(state: LabState, model: str) -> Network | None:
    """The network of a model that this visitor can choose, or None while it is not there."""
    HERE.seen(state)
    own = state.own.get(model)
    return shelf().network(own) if own else engine().network(model)


def why_not(state: LabState, model: str) -> str:
    """Why there is no network and will be none until somebody acts; empty while it is still coming."""
    if model in state.own:
        return (
            f"Your model {state.own[model].card.title} was put away, because other visitors needed the room or nobody "
            "looked at it for long: upload it again on the Models page."
        )
    return engine().failure(model)


def start_engine() -> None:
    """Begins to load in the background; called by every run, acts once."""
    engine().start(delay=_HEAD_START)
    _upkeep()


@st.cache_resource(show_spinner=False)
def _upkeep() -> threading.Thread:
    from lib.ui.upkeep import Upkeep  # knows of every page: not what the first one waits for

    return Upkeep(engine(), shelf(), partial(print, flush=True)).start()


@st.cache_resource(show_spinner=False)
def open_connections() -> int:
    """Lets answers leave at once; called by every run, acts once."""
    return send_at_once()
