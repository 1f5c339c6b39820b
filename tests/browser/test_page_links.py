"""Links to every page, opened by somebody else: what was chosen is chosen, what was shown is shown."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from lib.case import LONGEST_LINK
from lib.drawing import Drawing, Stroke
from tests.browser.lab import LETTER_R, Lab


@pytest.fixture
def stranger(new_page: Callable[..., Page]) -> Callable[[str], Page]:
    """Opens a link as somebody else: in a session of its own, and the app keeps nothing in the browser."""

    def open_link(link: str) -> Page:
        page = new_page()
        page.goto(link)
        return page

    return open_link


def wait_for_query(page: Page, text: str) -> None:
    page.wait_for_function("text => decodeURIComponent(location.search).includes(text)", arg=text)


def test_tool_width_grid_and_unfolded_steps_are_in_the_labs_link(lab: Lab, stranger) -> None:
    lab.page.get_by_role("button", name="Hard pen").click()
    lab.page.get_by_label("Width of the line").fill("150")
    lab.page.get_by_role("button", name="Show the network's own resolution").click()
    lab.open_step("Centre")
    lab.switch("Sigmoid contrast", True)
    lab.page.locator("button.head", has_text="Sigmoid contrast").click()
    for part in ('"tool":"pen","width":150,"grid":true', '"open":["centre"]', '"closed":["sigmoid"]'):
        wait_for_query(lab.page, part)
    other = Lab(stranger(lab.page.url))
    other.wait_until_ready()
    expect(other.page.get_by_role("button", name="Hard pen")).to_have_attribute("aria-pressed", "true")
    expect(other.page.get_by_role("button", name="network's own resolution")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(other.page.get_by_label("Width of the line")).to_have_value("150")
    for title, unfolded in (("Centre", "true"), ("Sigmoid contrast", "false"), ("Frame", "false")):
        head = other.page.locator("button.head", has_text=title)
        expect(head).to_have_attribute("aria-expanded", unfolded)
    other.settle()
    assert other.page.url == lab.page.url


def test_every_other_pages_link_shows_a_stranger_the_same(lab: Lab, stranger) -> None:
    lab.draw(LETTER_R)
    lab.drawing(strokes=3)
    lab.switch("Edge softness", True)
    lab.expect_query("steps", "softness:on")
    page = lab.page

    page.get_by_role("link", name="Autopsy").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible()
    wait_for_query(page, "steps=softness:on")
    other = stranger(page.url)
    expect(other.get_by_role("button", name="Run again")).to_be_visible()
    assert other.locator(".verdict h2").inner_text() == page.locator(".verdict h2").inner_text()
    assert other.url == page.url

    page.get_by_role("link", name="Data set").click()
    page.get_by_text("The Lab’s pipeline").click()
    wait_for_query(page, '"prepared":"lab"')
    page.get_by_role("tab", name="How sure").click()
    wait_for_query(page, '"tab":"How+sure"')
    other = stranger(page.url)
    expect(other.get_by_role("tab", name="How sure")).to_have_attribute("aria-selected", "true")
    expect(other.get_by_role("radio", name="The Lab’s pipeline")).to_be_checked()
    assert other.url == page.url

    page.get_by_role("link", name="BatchNorm").click()
    page.get_by_label("Seed").fill("7")
    page.get_by_label("Seed").press("Enter")
    wait_for_query(page, '"seed":7')
    other = stranger(page.url)
    expect(other.get_by_label("Seed")).to_have_value("7")
    expect(other.get_by_role("button", name="Train on these 3 pictures")).to_be_enabled()
    assert other.url == page.url

    page.get_by_role("link", name="Models").click()
    page.get_by_role("button", name="Look inside").first.click()
    page.get_by_role("tab", name="Architecture").click()
    wait_for_query(page, '"tab":"Architecture"')
    other = stranger(page.url)
    expect(other.get_by_role("tab", name="Architecture")).to_have_attribute("aria-selected", "true")
    wait_for_query(other, "model=letters-")
    assert other.url == page.url


def test_a_drawing_too_long_for_a_link_is_said_on_both_sides_and_travels_as_a_bundle(
    open_lab, stranger, tmp_path: Path
) -> None:
    places = np.random.default_rng(0).integers(0, 1001, (3_000, 2)).tolist()
    scribble = Drawing((Stroke("pen", 30, tuple((x, y, 255) for x, y in places)),)).encode()
    assert len(scribble) > LONGEST_LINK
    lab = open_lab(f"/?drawing={scribble}")
    expect(lab.page.get_by_text("so it does not carry the drawing")).to_be_visible()
    with lab.page.expect_download() as asked:
        lab.page.get_by_role("button", name="Get the bundle").click()
        lab.page.get_by_role("button", name="Download everything (.zip)").click()
    bundle = tmp_path / "case.zip"
    asked.value.save_as(bundle)
    lab.settle()
    page = stranger(lab.page.url)
    expect(page.get_by_text("came without the drawing")).to_be_visible()
    other = Lab(page)
    other.wait_until_ready()
    other.choose_input("Upload")
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(bundle)
    expect(page.get_by_text("The bundle's picture, model, steps and views are shown.")).to_be_visible()
    other.settle()
    assert other.top() == lab.top()
