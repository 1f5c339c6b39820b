"""A visitor of the app without a browser, for the tests of the pages. No test lives here."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from lib.ui.server import engine

APP = Path(__file__).resolve().parents[2] / "app.py"
PATIENCE = 90  # seconds


def visit(page: str = "", **query: str) -> AppTest:
    """Opens the app by a link, or goes on from the Lab to a page, e.g. "pages/models.py", with a link's parameters."""
    app = AppTest.from_file(APP, default_timeout=PATIENCE)
    if page:
        app.run()
        app.switch_page(page)
    for name, value in query.items():
        app.query_params[name] = value
    return run(app)


def run(app: AppTest) -> AppTest:
    """Another run, which must not fail."""
    app.run()
    assert not app.exception, [trouble.message for trouble in app.exception]
    return app


def load_networks() -> None:
    """Starts the app once and waits for TensorFlow, as the first visitor of a server does."""
    visit()
    assert engine().finished.wait(PATIENCE)


def shown(app: AppTest) -> str:
    """All HTML on the page."""
    return "\n".join(element.proto.body for element in app.get("html"))
