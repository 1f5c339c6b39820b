"""Links: the other side sees the same screen, and a reload loses nothing."""

from playwright.sync_api import expect

from tests.browser.lab import LETTER_R, Lab


def test_a_link_to_a_drawing_shows_the_same_numbers_to_somebody_else(lab: Lab, open_lab) -> None:
    lab.draw(LETTER_R)
    lab.drawing(strokes=3)
    lab.switch("Edge softness", True)
    lab.expect_query("steps", "softness:on")
    lab.page.get_by_test_id("more").click()
    lab.expect_query("view.predictions", '"k":6')
    other = open_lab("/?" + lab.page.url.split("?", 1)[1])
    expect(other.page.get_by_test_id("prediction")).to_have_count(6)
    assert other.top() == lab.top()
    expect(other.page.get_by_role("switch", name="Edge softness on")).to_be_checked()
    assert other.query() == lab.query()


def test_a_reload_keeps_sample_model_and_settings(lab: Lab) -> None:
    lab.choose_sample("p-soft")
    lab.switch("Sigmoid contrast", True)
    lab.expect_query("steps", "sigmoid:on")
    before = lab.top()
    lab.page.reload()
    lab.wait_until_ready()
    assert lab.top() == before
    assert lab.query()["sample"] == "p-soft"


def test_copy_link_puts_the_address_into_the_clipboard(open_lab) -> None:
    lab = open_lab(permissions=["clipboard-read", "clipboard-write"])
    lab.draw(LETTER_R)
    lab.drawing(strokes=3)
    lab.page.get_by_role("button", name="Copy link").click()
    expect(lab.page.get_by_text("Copied")).to_be_visible()
    assert lab.page.evaluate("navigator.clipboard.readText()") == lab.page.url


def test_a_link_made_with_an_upload_says_that_the_picture_is_not_in_it(open_lab) -> None:
    lab = open_lab("/?v=1&model=letters-mlp&upload=phone.jpg&steps=sigmoid:on,slope=12")
    expect(lab.page.get_by_test_id("stAlert").filter(has_text="phone.jpg")).to_contain_text("not in the link")
    assert lab.query()["steps"] == "sigmoid:on,slope=12"
    assert lab.query()["upload"] == "phone.jpg"
    expect(lab.page.get_by_role("alert").filter(has_text="the sample R stands in")).to_be_visible()


def test_a_hostile_link_opens_with_notes_instead_of_errors(open_lab) -> None:
    lab = open_lab(
        "/?v=9&model=<script>&drawing=%00%ff&steps=invert:method=<img>;nope:on&view.layers={{{&a=a%3Da"
    )
    assert lab.best() == "R"
    expect(lab.page.get_by_test_id("stAlert").first).to_be_visible()
    assert lab.page.locator("script:text('<script>')").count() == 0


def test_drawing_and_sliding_do_not_fill_the_browsers_history(lab: Lab) -> None:
    before = lab.page.evaluate("history.length")
    lab.draw(LETTER_R)
    lab.drawing(strokes=3)
    lab.switch("Sigmoid contrast", True)
    lab.expect_query("steps", "sigmoid:on")
    assert lab.page.evaluate("history.length") == before
