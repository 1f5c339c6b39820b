"""Samples, uploads, pasted and dropped files in a real browser, wrong ones too."""

import base64
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.lab import Lab


def test_a_sample_is_one_click_away_and_in_the_link(lab: Lab) -> None:
    lab.choose_sample("h-inverted")
    lab.expect_best("H")
    assert lab.query()["sample"] == "h-inverted"


def test_a_photo_of_paper_is_read_after_the_paper_is_taken_away(lab: Lab, sample_folder: Path) -> None:
    lab.choose_input("Upload")
    lab.page.locator('input[type="file"]').set_input_files(sample_folder / "x-photo.jpg")
    lab.expect_query("upload", "x-photo.jpg")
    lab.page.get_by_test_id("preset").select_option("Photo of paper")
    lab.expect_query("steps", "sigmoid:on")
    lab.expect_best("X")


def test_a_turned_photo_says_that_it_was_turned(lab: Lab) -> None:
    lab.choose_sample("f-turned")
    expect(lab.page.get_by_text("EXIF orientation 6")).to_be_visible()


def test_a_text_file_called_png_is_answered_with_a_sentence_and_changes_nothing(lab: Lab) -> None:
    lab.choose_sample("h-inverted")
    lab.expect_best("H")
    before = lab.top()
    lab.choose_input("Upload")
    lab.page.locator('input[type="file"]').set_input_files(
        {"name": "letter.png", "mimeType": "image/png", "buffer": b"I am not a picture at all."}
    )
    expect(lab.page.get_by_role("alert").filter(has_text="letter.png")).to_be_visible()
    assert lab.top() == before
    assert lab.query()["sample"] == "h-inverted"


def test_a_picture_pasted_from_the_clipboard(lab: Lab, sample_folder: Path) -> None:
    data = base64.b64encode((sample_folder / "m-transparent.png").read_bytes()).decode()
    lab.page.evaluate(
        """(data) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0)), transfer = new DataTransfer();
          transfer.items.add(new File([bytes], 'clip.png', { type: 'image/png' }));
          document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
        }""",
        data,
    )
    lab.expect_query("upload", "clip.png")
    lab.expect_best("M")


def test_a_picture_dropped_on_the_canvas(lab: Lab, sample_folder: Path) -> None:
    data = base64.b64encode((sample_folder / "h-inverted.png").read_bytes()).decode()
    lab.canvas.evaluate(
        """(canvas, data) => {
          const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0)), dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File([bytes], 'dropped.png', { type: 'image/png' }));
          canvas.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
        }""",
        data,
    )
    lab.expect_query("upload", "dropped.png")
    lab.expect_best("H")


def test_a_drawing_survives_looking_at_a_sample_and_at_another_page(lab: Lab) -> None:
    lab.draw([[(0.5, 0.2), (0.5, 0.8)]])
    drawing = lab.drawing(strokes=1).encode()
    lab.choose_sample("h-inverted")
    lab.expect_best("H")
    lab.page.get_by_role("link", name="Models").click()
    expect(lab.page.get_by_role("heading", name="Your own model")).to_be_visible()
    lab.page.get_by_role("link", name="Lab", exact=True).click()
    expect(lab.page.locator('[data-sample="h-inverted"]')).to_have_attribute("aria-pressed", "true")
    lab.choose_input("Draw")
    lab.expect_query("drawing", drawing)
    lab.expect_best("I")
