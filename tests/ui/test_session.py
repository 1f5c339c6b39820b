"""Every page of a session works on the same Lab."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _page() -> None:
    import streamlit as st

    from lib.ui.session import lab_of_this_session

    first, second = lab_of_this_session(), lab_of_this_session()
    st.text(f"{first is second} {first.model}")


def test_the_lab_is_made_from_the_link_once() -> None:
    app = AppTest.from_function(_page, default_timeout=60)
    app.query_params["model"] = "letters-cnn"
    app.run()
    assert app.text[0].value == "True letters-cnn"
    lab = app.session_state["lab"]
    app.query_params["model"] = "letters-mlp"
    app.run()
    assert app.text[0].value == "True letters-cnn" and app.session_state["lab"] is lab
