"""One server and one browser for all browser tests; every test gets a page of its own, which must stay free of errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.lab import Lab
from tests.browser.server import running_app

# A machine that is busy with other things is slow, not broken.
expect.set_options(timeout=20_000)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_app(tmp_path_factory.mktemp("server") / "log.txt") as url:
        yield url


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = chromium.find()
    assert path, "There is no Chromium: run `python -m tests.browser.chromium --install`."
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield found
        found.close()


@pytest.fixture
def open_lab(browser: Browser, address: str) -> Iterator:
    """Opens Labs, each as a visitor of its own: `open_lab(query="", width=1400, height=1000, **context options)`."""
    contexts = []
    errors: list[str] = []

    def open_one(query: str = "", width: int = 1400, height: int = 1000, **options: object) -> Lab:
        context = browser.new_context(viewport={"width": width, "height": height}, **options)
        contexts.append(context)
        page: Page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(address + query)
        lab = Lab(page)
        lab.wait_until_ready()
        return lab

    yield open_one
    for context in contexts:
        context.close()
    assert errors == [], "the page's JavaScript raised errors"


@pytest.fixture
def lab(open_lab) -> Lab:
    return open_lab()


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    return Path(__file__).resolve().parents[2] / "sample_images"
