"""One server and one browser for all browser tests; every test gets a page of its own, which must stay free of errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.lab import Lab
from tests.browser.server import running_app

# A machine that is busy with other things is slow, not broken: what is waited for comes, or something hangs.
PATIENCE = 90_000  # ms
expect.set_options(timeout=PATIENCE)


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


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[BrowserContext]:
    """What all visitors share who need nothing special: the browser's cache, so that it compiles Streamlit's code only once.

    Visitors are told apart by their connection; the app keeps nothing in the browser.
    """
    context = browser.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


@pytest.fixture
def new_page(browser: Browser, profile: BrowserContext) -> Iterator:
    """Empty pages, each for a visitor of its own: `new_page(width=1400, height=1000, **context options)`.

    With options it gets a profile of its own. No page may raise an error of JavaScript.
    """
    opened: list[Page | BrowserContext] = []
    errors: list[str] = []

    def open_one(width: int = 1400, height: int = 1000, **options: object) -> Page:
        size = {"width": width, "height": height}
        if options:
            context = browser.new_context(viewport=size, **options)
            context.set_default_timeout(PATIENCE)
            opened.append(context)
            page = context.new_page()
        else:
            page = profile.new_page()
            opened.append(page)
            page.set_viewport_size(size)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_one
    for one in opened:
        one.close()
    assert errors == [], "the page's JavaScript raised errors"


@pytest.fixture
def open_lab(new_page: Callable[..., Page], address: str) -> Callable[..., Lab]:
    """Opens Labs: `open_lab(query="", width=1400, height=1000, **context options)`."""

    def open_one(query: str = "", **page_options: object) -> Lab:
        page = new_page(**page_options)
        page.goto(address + query)
        lab = Lab(page)
        lab.wait_until_ready()
        return lab

    return open_one


@pytest.fixture
def lab(open_lab: Callable[..., Lab]) -> Lab:
    return open_lab()


@pytest.fixture(scope="session")
def sample_folder() -> Path:
    return Path(__file__).resolve().parents[2] / "sample_images"
