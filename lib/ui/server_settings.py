"""The server's settings on its log and, if one makes no sense, on the screen. They are read in `lib/settings.py`."""

from __future__ import annotations

import streamlit as st

from lib import settings
from lib.ui.plain import plain


def check_settings() -> None:
    """To be called by app.py before any page: prints the settings once; with a wrong one the app does not open."""
    wrong = _print_once()
    for sentence in wrong:
        st.error(f"This server is not set up yet. {plain(sentence)}", icon=":material/settings:")
    if wrong:
        st.stop()


@st.cache_resource(show_spinner=False)
def _print_once() -> tuple[str, ...]:
    """The settings go to the server's log; returns what is wrong with them."""
    print(settings.overview(), flush=True)
    return settings.problems()
