"""The Data set page in a real browser: a CSV with broken rows, one that is none, a cell, a picture, the Lab and back."""

from __future__ import annotations

import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from lib.evaluate.capitals import capitals
from tests.browser.lab import Lab

PATIENCE = 90_000


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A CSV as in the first question with two broken rows, and a text that is no data set."""
    images, labels = capitals(6, seed=1)
    lines = [",".join(map(str, [label, *image.ravel()])) for label, image in zip(labels, images, strict=True)]
    lines[2], lines[80] = "0,1,2", lines[80].replace(",0,", ",<b>,", 1)
    folder = tmp_path_factory.mktemp("sets")
    (folder / "letters.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    # As those of MNIST: the names end in nothing that a browser knows.
    for name, array in {"images-idx3-ubyte": images[:40], "labels-idx1-ubyte": labels[:40]}.items():
        head = struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape)
        (folder / name).write_bytes(head + array.astype(np.uint8).tobytes())
    (folder / "broken.csv").write_text("Dear all,\nhere are the letters.\n", encoding="utf-8")
    return folder


def upload(page: Page, *paths: Path) -> None:
    page.get_by_test_id("stFileUploaderDropzoneInput").first.set_input_files(paths)


def click_cell(page: Page, row: int, column: int, says: str) -> None:
    """The confusion matrix is drawn with one point for each of its 26 x 26 cells."""
    for attempt in range(4):
        box = page.locator(".js-plotly-plot g.points path").nth(26 * row + column).bounding_box()
        if box:
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        try:
            expect(page.get_by_test_id("dataset-cell")).to_contain_text(says, timeout=8_000)
            return
        except AssertionError:
            if (
                attempt == 3
            ):  # the chart may have been drawn anew between looking and clicking, but not each time
                raise


def test_a_csv_is_measured_its_bad_rows_are_listed_and_an_error_opens_in_the_lab(
    open_lab: Callable[..., Lab], folder: Path
) -> None:
    page = open_lab(height=1600).page
    page.get_by_role("link", name="Data set").click()
    expect(page.get_by_test_id("dataset-headline")).to_contain_text("520 pictures", timeout=PATIENCE)
    page.get_by_text("My own file").click()
    upload(page, folder / "broken.csv")
    expect(page.get_by_test_id("dataset-refusal")).to_contain_text("broken.csv", timeout=PATIENCE)
    # What was there stays.
    expect(page.get_by_test_id("dataset-headline")).to_contain_text("520 pictures")
    upload(page, folder / "images-idx3-ubyte", folder / "labels-idx1-ubyte")
    expect(page.get_by_test_id("dataset-headline")).to_contain_text("40 pictures", timeout=PATIENCE)
    upload(page, folder / "letters.csv")
    expect(page.get_by_test_id("dataset-headline")).to_contain_text("154 pictures", timeout=PATIENCE)
    expect(page.get_by_test_id("dataset-refusal")).to_have_count(0)
    page.get_by_text("the 2 that were left out").click()
    expect(page.get_by_test_id("dataset-bad")).to_contain_text("Line 3: 3 values")
    expect(page.get_by_test_id("dataset-bad")).to_contain_text("Line 81: pixel")
    expect(page.get_by_test_id("dataset-bad").locator("b")).to_have_count(0)

    click_cell(page, 7, 7, "“H” read as “H”")
    page.locator("[data-picture]").first.click()
    lab = Lab(page)
    lab.wait_until_ready()
    lab.expect_best("H")
    lab.expect_query("model", "letters-mlp")
    page.get_by_role("link", name="Data set").click()
    # Nothing is lost by going away.
    expect(page.get_by_test_id("dataset-headline")).to_contain_text("154 pictures")


def test_a_sweep_draws_its_curve_and_comes_as_a_csv(open_lab: Callable[..., Lab], folder: Path) -> None:
    page = open_lab().page
    page.get_by_role("link", name="Data set").click()
    expect(page.get_by_test_id("dataset-headline")).to_be_visible(timeout=PATIENCE)
    page.get_by_role("tab", name="Sweeps").click()
    page.get_by_role("button", name="Measure 20 points").click()
    # While points still come in, Streamlit shows the new words beside the old ones for a moment.
    words = page.get_by_test_id("dataset-sweep")
    expect(words.filter(has_text="90.8% at best")).to_have_count(1, timeout=PATIENCE)
    expect(page.locator(".st-key-dataset_sweep_stop")).to_have_count(
        0, timeout=PATIENCE
    )  # all points are there
    expect(words).to_have_count(1)
    expect(words).to_contain_text("90.8% at best")
    # Plotly puts a new chart beside the old one for a moment.
    expect(page.get_by_text("your picture is here")).to_have_count(1, timeout=PATIENCE)
    with page.expect_download() as download:
        page.get_by_role("button", name="All points as CSV").click()
    rows = Path(download.value.path()).read_text(encoding="utf-8").splitlines()
    assert (
        rows[0] == "model,move.rotation,n,right,accuracy,low_95,high_95,mean_confidence" and len(rows) == 21
    )
    assert rows[1].startswith('"Capitals, dense network",-60.0,520,40,')
