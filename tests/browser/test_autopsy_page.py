"""The Autopsy in a real browser: from a misread letter to the fix and back; by keyboard, on a phone, as a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

WRONG = "/?model=letters-mlp&sample=r-clean&steps=value_range:mode=0..1"
PATIENCE = 60_000  # ms; an examination on a busy machine


def ask_why(page: Page) -> None:
    page.get_by_role("button", name="Why?").click()
    expect(page.locator(".au .verdict h2")).to_be_visible(timeout=PATIENCE)


def test_from_a_misread_letter_to_its_cause_and_fix_and_back(open_lab) -> None:
    lab = open_lab(WRONG)
    page = lab.page
    assert lab.best() != "R"
    button = page.get_by_role("button", name="Why?").bounding_box()
    assert button and button["y"] + button["height"] <= 1000, "visible without scrolling"
    ask_why(page)
    first = page.locator(".au .finding h3").first
    expect(first).to_contain_text("Values too small")
    expect(page.locator(".au .stop.then .name")).to_have_text("R")
    expect(page.get_by_test_id("stCode").first).to_contain_text("img = img * 255")

    page.get_by_role("button", name="Apply this fix").click()
    lab.expect_best("R")
    expect(page.get_by_text("Fix applied: Values too small")).to_be_visible()
    page.wait_for_function("() => !location.search.includes('steps')")

    page.get_by_role("button", name="Undo the fix").click()
    lab.expect_query("steps", "value_range:mode=0..1")
    expect(page.get_by_text("Fix applied")).to_have_count(0)
    lab.settle()
    assert lab.best() != "R"


def test_the_report_is_one_file_that_opens_without_the_app(open_lab, browser, tmp_path: Path) -> None:
    page = open_lab(WRONG).page
    ask_why(page)
    page.get_by_role("button", name="Report").click()
    with page.expect_download() as asked:
        page.get_by_role("button", name="As one HTML file").click()
    file = tmp_path / "report.html"
    asked.value.save_as(file)
    with page.expect_download() as asked:
        page.get_by_role("button", name="As Markdown").click()
    markdown = Path(asked.value.path()).read_text(encoding="utf-8")
    assert markdown.startswith("**Symptom.**") and "img = img * 255" in markdown

    context = browser.new_context(offline=True, java_script_enabled=False)
    report = context.new_page()
    requests: list[str] = []
    report.on("request", lambda request: requests.append(request.url))
    report.goto(file.as_uri())
    expect(report.locator(".verdict h2")).to_contain_text("Values too small")
    expect(report.locator("img").first).to_be_visible()
    assert report.locator("img").evaluate_all("all => all.every((i) => i.complete && i.naturalWidth > 0)")
    assert {url.split(":")[0] for url in requests} <= {"file", "data"}
    context.close()


@pytest.mark.parametrize("sample", ["r-clean", "brick-wall"])
def test_a_phone_scrolls_in_one_direction_only(open_lab, sample: str) -> None:
    page = open_lab(WRONG.replace("r-clean", sample), width=390, height=844).page
    ask_why(page)
    page.locator(".au .chip").first.focus()
    explained = page.locator(".au .chip > span").first
    expect(explained).to_be_visible()
    box = explained.bounding_box()
    assert box and box["x"] >= 0 and box["x"] + box["width"] <= 390
    assert not page.get_by_test_id("stMain").evaluate("main => main.scrollWidth > main.clientWidth")
