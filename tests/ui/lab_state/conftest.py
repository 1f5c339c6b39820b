"""A Lab whose first picture is on the screen."""

from __future__ import annotations

import pytest

from lib.ui.lab_state import LabState
from tests.ui.lab_state.stand_in import Network


@pytest.fixture
def network() -> Network:
    return Network()


@pytest.fixture
def lab(network: Network) -> LabState:
    """A Lab whose first picture is on the screen and in the address bar."""
    state = LabState.from_link({})
    state.analyse(network)
    state.link_is_due = False
    return state
