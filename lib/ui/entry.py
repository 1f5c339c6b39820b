"""Every page is entered through app.py, also by the first visitor of a server who opens a page's own address.

Until a script calls st.navigation, Streamlit takes the files in pages/ for pages of their own and runs them without app.py:
without navigation, without the views' code, and without anybody loading the networks.
"""

from __future__ import annotations

import streamlit as st

_ENTERED, _WANTED = "entered_through_app", "wanted_page"


def entering() -> None:
    """To be called by app.py, before the page runs."""
    st.session_state[_ENTERED] = True
    wanted = st.session_state.pop(_WANTED, None)
    if wanted:
        page, query = wanted
        st.switch_page(page, query_params=query)


def through_app(page: str) -> None:
    """To be called first by a page of its own address: goes round by app.py if that has not run.

    Args:
        page: the file, e.g. "pages/models.py".
    """
    if not st.session_state.get(_ENTERED):
        st.session_state[_WANTED] = (page, st.query_params.to_dict())
        st.switch_page("app.py")
