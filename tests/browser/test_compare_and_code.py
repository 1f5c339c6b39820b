"""Pinning a state as A, and the code that prints the same numbers."""

from playwright.sync_api import expect

from tests.browser.lab import LETTER_R, Lab


def test_pinned_state_is_compared_in_words_bars_and_maps(lab: Lab, open_lab) -> None:
    lab.draw(LETTER_R)
    lab.drawing(strokes=3)
    lab.page.get_by_role("button", name="Pin as A").click()
    expect(lab.page.get_by_text("nothing has changed")).to_be_visible()
    lab.switch("Sigmoid contrast", True)
    expect(lab.page.get_by_text("Sigmoid contrast: off → on")).to_be_visible()
    lab.page.get_by_test_id("compare-difference").click()
    lab.expect_query("view.layers", "difference")
    lab.expect_query("a", "drawing")
    other = open_lab("/?" + lab.page.url.split("?", 1)[1])
    expect(other.page.get_by_text("Sigmoid contrast: off → on")).to_be_visible()
    lab.page.get_by_role("button", name="Back to A").click()
    expect(lab.page.get_by_text("nothing has changed")).to_be_visible()
    expect(lab.page.get_by_role("switch", name="Sigmoid contrast on")).not_to_be_checked()


def test_copy_code_shows_the_pipeline_as_python(lab: Lab) -> None:
    lab.switch("Sigmoid contrast", True)
    lab.expect_query("steps", "sigmoid:on")
    lab.page.get_by_role("button", name="Copy code").click()
    dialog = lab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("sigmoid(image, slope=25.0, b=50.0, output='0..255')")
    expect(dialog).to_contain_text("sample_images/r-clean.png")
    expect(dialog.get_by_role("button", name="Download the script")).to_be_visible()
