"""A server says its settings when it starts, once, and does not open with one that makes no sense."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from lib.ui import server_settings


@pytest.fixture(autouse=True)
def a_fresh_server() -> Iterator[None]:
    server_settings._print_once.clear()
    yield
    server_settings._print_once.clear()


def _page() -> None:
    import streamlit as st

    from lib.ui.server_settings import check_settings

    check_settings()
    st.text("open")


def test_the_settings_are_printed_by_the_first_visit_only(capsys: pytest.CaptureFixture[str]) -> None:
    app = AppTest.from_function(_page, default_timeout=60)
    assert app.run().text[0].value == "open"
    assert app.run().text[0].value == "open" and not app.error
    assert capsys.readouterr().out.count("MISREAD_WEIGHTS_TIMEOUT = 10\n") == 1


def test_a_setting_that_makes_no_sense_is_said_instead_of_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MISREAD_MODEL_SECONDS", "<b>soon</b>")
    app = AppTest.from_function(_page, default_timeout=60).run()
    assert not app.exception and not app.text
    assert len(app.error) == 1
    said = app.error[0].value
    assert r"MISREAD\_MODEL\_SECONDS must be a number" in said and "<b>" not in said
