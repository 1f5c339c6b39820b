"""Names that try to be markup, through every door that a visitor has: they stay text on every page, and in what is saved."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import cv2
import keras
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from lib.samples import FOLDER
from tests.browser.lab import Lab

PATIENCE = 180_000  # ms
BREAK_IN = "document.title='broken in'"
EVIL = f'<img src=x onerror="{BREAK_IN}">'
SCRIPT = f"<script>{BREAK_IN}</script>"
LINK = f"[x](javascript:{BREAK_IN}) **b**"
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


def stays_text(page: Page) -> None:
    """Nothing that somebody wrote has become an element, a script or a link."""
    assert page.title() != "broken in"
    for selector in ('img[src="x"]', "script:has-text('broken in')", 'a[href^="javascript:"]'):
        assert page.locator(selector).count() == 0, selector


def put(page: Page, key: str, name: str, data: bytes) -> None:
    """Gives a file to an uploader: by its key, with a name that no file system needs to allow."""
    files = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.locator(f'.st-key-{key} [data-testid="stFileUploaderDropzoneInput"]').set_input_files(files)


def model_file(folder: Path) -> bytes:
    """A small classifier. Keras itself takes no markup for a layer's name: what is left are the file's and the classes'."""
    model = keras.Sequential(
        [keras.Input((12, 12, 1)), keras.layers.Flatten(), keras.layers.Dense(2, activation="softmax")]
    )
    model.save(folder / "net.keras")
    return (folder / "net.keras").read_bytes()


def picture_folders() -> bytes:
    """A data set whose classes are called such things."""
    buffer = io.BytesIO()
    pixels = np.random.default_rng(0).integers(0, 256, (8, 12, 12), np.uint8)
    with zipfile.ZipFile(buffer, "w") as archive:
        for i, image in enumerate(pixels):
            folder = (EVIL.replace("/", ""), LINK.replace("/", ""))[i % 2]
            archive.writestr(f"{folder}/{i}.png", cv2.imencode(".png", image)[1].tobytes())
    return buffer.getvalue()


def bundle() -> bytes:
    """A case whose fields are called such things."""
    facts = dict.fromkeys(("name", "mode", "format"), EVIL) | {"decoding": [SCRIPT, LINK]}
    case = {"link": {"model": EVIL, "steps": SCRIPT, "view.layers": EVIL}, "picture": facts}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("case.json", json.dumps(case))
        archive.writestr("picture.png", (FOLDER / "h-inverted.png").read_bytes())
    return buffer.getvalue()


def test_no_name_becomes_markup_on_any_page(open_lab: Callable[..., Lab], tmp_path: Path) -> None:
    lab = open_lab(f"/?model={SCRIPT}&upload={EVIL}&steps=invert:method={EVIL}")
    page = lab.page
    stays_text(page)
    lab.choose_input("Upload")
    put(page, "upload", f"{EVIL}{LINK}.png", (FOLDER / "h-inverted.png").read_bytes())
    lab.expect_query("upload", "onerror")
    put(page, "upload", f"{SCRIPT}.png", b"no picture")
    expect(page.get_by_role("alert").filter(has_text="script")).to_be_visible()
    stays_text(page)

    put(page, "upload", "case.zip", bundle())
    expect(page.get_by_text("The bundle's picture, model, steps and views are shown.")).to_be_visible()
    stays_text(page)

    page.get_by_role("link", name="Autopsy").click()
    expect(page.get_by_role("button", name="Run again")).to_be_visible(timeout=PATIENCE)
    stays_text(page)
    page.get_by_role("button", name="Report").click()
    with page.expect_download() as asked:
        page.get_by_role("button", name="As one HTML file").click()
    report = tmp_path / "report.html"
    asked.value.save_as(report)

    page.get_by_role("link", name="Models").click()
    put(page, "own_file", f"{EVIL}{LINK}.keras", model_file(tmp_path))
    expect(page.get_by_role("tab", name="Contract")).to_be_visible(timeout=PATIENCE)
    put(page, "own_names_file", f"{SCRIPT}.txt", f"{EVIL}\n{SCRIPT}\n".encode())
    expect(page.get_by_text("onerror").first).to_be_visible()
    contract = json.dumps({"class_names": [EVIL, SCRIPT], EVIL: SCRIPT}).encode()
    page.get_by_test_id("stPopoverButton").filter(has_text="Load contract").click()
    put(page, "own_contract_up", f"{EVIL}.json", contract)
    expect(page.get_by_text("is no contract that fits")).to_be_visible()
    stays_text(page)
    page.keyboard.press("Escape")
    for tab in ("Architecture", "Graph", "Weights"):
        page.get_by_role("tab", name=tab).click()
        page.wait_for_timeout(500)
        stays_text(page)

    page.get_by_role("link", name="Lab", exact=True).click()
    lab.wait_until_ready()
    stays_text(page)
    page.get_by_role("link", name="Data set").click()
    page.get_by_text("My own file").click()
    put(page, "dataset_file_0", f"{SCRIPT}{LINK}.zip", picture_folders())
    expect(page.get_by_test_id("dataset-summary")).to_contain_text("8 pictures", timeout=PATIENCE)
    stays_text(page)

    page.goto(report.as_uri())  # the saved report, opened from the disk
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    stays_text(page)
