"""What all sessions of one server process share: the engine with the networks."""

from __future__ import annotations

import streamlit as st

from lib import zoo
from lib.ui.no_delay import send_at_once
from lib.ui.rerun_cost import cheapen_reruns
from lib.zoo.engine import Engine

# The first page is on its way to the browser before the import of TensorFlow takes the interpreter's lock.
_HEAD_START = 0.3


@st.cache_resource(show_spinner=False)
def engine() -> Engine:
    """The one engine of this process."""
    names = [card.name for card in zoo.bundled()]
    return Engine(names, on_imported=cheapen_reruns, on_loaded=cheapen_reruns)


def start_engine() -> None:
    """Begins to load in the background; called by every run, acts once."""
    engine().start(delay=_HEAD_START)


@st.cache_resource(show_spinner=False)
def open_connections() -> int:
    """Lets answers leave at once; called by every run, acts once."""
    return send_at_once()
