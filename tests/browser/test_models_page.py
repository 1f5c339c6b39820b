"""The Models page in a real browser: from the cards into a network, and names that try to be more than names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.server import running_app

TABS = ["Card", "Architecture", "Graph", "Weights", "First filters"]
PHONE = {"width": 390, "height": 844}
PATIENCE = 90_000  # ms; the first visitor of a server waits for TensorFlow


@pytest.fixture
def open_page(new_page: Callable[..., Page]) -> Callable[..., Page]:
    """Opens addresses: `open_page(address, width=..., height=...)`."""

    def open_one(address: str, **size: int) -> Page:
        page = new_page(**size)
        page.goto(address)
        return page

    return open_one


def open_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name, exact=True).click()


def is_wider_than_the_screen(page: Page) -> bool:
    return page.get_by_test_id("stMain").evaluate("main => main.scrollWidth > main.clientWidth")


def test_from_the_cards_into_a_network(open_page, address: str) -> None:
    page = open_page(f"{address}/models")
    card = page.locator(".mr-card", has_text="Capitals, small convolutional network")
    expect(card.get_by_role("img")).to_have_count(2, timeout=PATIENCE)
    page.locator(".st-key-look_letters-cnn button").click()
    expect(page).to_have_url(f"{address}/models?model=letters-cnn")

    open_tab(page, "Architecture")
    expect(page.get_by_test_id("stDataFrame")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("24 layers, 130,378 parameters")).to_be_visible()

    open_tab(page, "Graph")
    graph = page.get_by_test_id("graph")
    expect(graph.get_by_role("listitem")).to_have_count(9)
    expect(graph.locator("svg path")).to_have_count(8)
    expect(graph).to_contain_text("Conv2D 3×3 → BatchNorm → ReLU → MaxPooling2D 2×2")
    page.get_by_role("radio", name="Every layer").click()
    expect(graph.get_by_role("listitem")).to_have_count(25)

    open_tab(page, "First filters")
    wall = page.get_by_test_id("filters")
    expect(wall.locator("figure")).to_have_count(16)
    colours = wall.locator("canvas").first.evaluate(
        "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    )
    assert colours > 3, "the filter is drawn"


def test_a_node_opens_and_the_rails_follow(open_page, address: str) -> None:
    page = open_page(f"{address}/models?model=letters-cnn")
    open_tab(page, "Graph")
    graph = page.get_by_test_id("graph")
    expect(graph).to_be_visible(timeout=PATIENCE)
    dots = graph.locator("svg circle")
    before = float(str(dots.nth(2).get_attribute("cy")))
    graph.locator("summary").first.click()
    expect(graph.locator("table").first).to_contain_text("bn1")
    page.wait_for_function(
        "([dot, before]) => Number(dot.getAttribute('cy')) > before + 20",
        arg=[dots.nth(2).element_handle(), before],
    )
    graph.locator("summary").first.hover()
    expect(graph.locator("path.lit")).to_have_count(2)  # what it takes and what it gives


def test_a_phone_shows_cards_first_and_leads_to_the_upload_form_below(open_page, address: str) -> None:
    page = open_page(f"{address}/models", **PHONE)
    card, form = page.locator(".mr-card").first, page.locator(".st-key-own_upload_form")
    expect(card).to_be_visible(timeout=PATIENCE)
    expect(card).to_be_in_viewport(ratio=0.3)
    expect(form).not_to_be_in_viewport()
    assert not is_wider_than_the_screen(page)
    page.get_by_role("link", name="Your own model").click()
    expect(form.get_by_role("heading", name="Your own model")).to_be_in_viewport()


def test_a_phone_scrolls_in_one_direction_only(open_page, address: str) -> None:
    page = open_page(f"{address}/models?model=letters-mlp", **PHONE)
    expect(page.get_by_role("tab", name=TABS[0], exact=True)).to_be_visible(timeout=PATIENCE)
    shown = {
        "Card": page.get_by_text("What it wants"),
        "Architecture": page.get_by_test_id("stDataFrame"),
        "Graph": page.get_by_test_id("graph"),
        "Weights": page.get_by_test_id("stPlotlyChart").first,
        "First filters": page.get_by_test_id("filters"),
    }
    for tab in TABS:
        open_tab(page, tab)
        expect(shown[tab]).to_be_visible(timeout=PATIENCE)
        assert not is_wider_than_the_screen(page), tab


def test_names_that_try_to_be_markup_stay_names(open_page, tmp_path: Path) -> None:
    with running_app(tmp_path / "log.txt", "tests/browser/hostile_names_app.py") as hostile:
        page = open_page(hostile)
        expect(page.get_by_test_id("graph").get_by_role("listitem")).to_have_count(3, timeout=PATIENCE)
        expect(page.get_by_test_id("graph")).to_contain_text("<script>")
        expect(page.locator(".mr-card h3")).to_contain_text("<script>")
        expect(page.locator(".mr h4", has_text="What it wants")).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
        assert page.locator("a[href^=javascript]").count() == 0
        assert page.title() != "broken in"
