"""The BatchNorm page in a real browser: the question's failure at one click, its repair, and the file; reload and phone."""

from __future__ import annotations

import time
from pathlib import Path

import keras
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from lib.batchnorm.settings import ARCHITECTURES
from lib.samples import sample

PATIENCE = 110_000  # ms; a training on a busy machine
TRUTH = ["cat", "rocket", "flower"]


def said(page: Page, column: str) -> list[str]:
    return page.get_by_test_id(f"bn-{column}").get_by_test_id("bn-said").all_inner_texts()


@pytest.mark.timeout(300)  # a training of ten seconds, when nothing else runs
def test_trained_right_predicted_wrong_repaired_and_downloaded(
    open_lab, address: str, tmp_path: Path
) -> None:
    page = open_lab().page
    page.goto(f"{address}/batchnorm")
    train = page.get_by_role("button", name="Train on these 3 pictures")
    expect(train).to_be_enabled(timeout=PATIENCE)
    began = time.monotonic()
    train.click()

    expect(page.get_by_role("button", name="Stop")).to_be_visible(timeout=PATIENCE)
    page.wait_for_function("() => location.search.includes('run=')", timeout=PATIENCE)
    page.get_by_role("link", name="Models").click()  # leaving the page does not end it, nor does a reload
    expect(page.get_by_role("button", name="Look inside").first).to_be_visible(timeout=PATIENCE)
    page.get_by_role("link", name="BatchNorm").click()
    page.wait_for_function("() => location.search.includes('run=')", timeout=PATIENCE)
    page.reload()

    expect(page.get_by_test_id("bn-headline")).to_contain_text("fit() reported 100 %", timeout=PATIENCE)
    seconds = time.monotonic() - began
    expect(page.get_by_test_id("bn-stored").get_by_test_id("bn-score")).to_have_text("33 %")
    assert len(set(said(page, "stored"))) == 1
    assert said(page, "batch") == TRUTH
    expect(page.get_by_test_id("bn-gauge")).to_contain_text("still 92 % the initial 0 and 1")
    expect(page.get_by_test_id("bn-prediction")).to_contain_text("more updates")

    page.get_by_role("button", name="Recalibrate").click()
    expect(page.get_by_test_id("bn-repaired").get_by_test_id("bn-score")).to_have_text("100 %")
    assert said(page, "repaired") == TRUTH
    with page.expect_download() as asked:
        page.get_by_role("button", name="Download the repaired .keras").click()
    file = tmp_path / "repaired.keras"
    asked.value.save_as(file)
    pipeline = ARCHITECTURES["small"].contract(tuple(TRUTH)).pipeline()
    pictures = np.stack([pipeline.run(sample(name).picture()).final for name in TRUTH])
    assert np.argmax(keras.models.load_model(file)(pictures), axis=1).tolist() == [0, 1, 2]
    print(f"from the click to the columns: {seconds:.0f} s")

    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_test_id("bn-repaired")).to_be_visible()
    main = page.get_by_test_id("stMain")
    page.wait_for_function(
        "() => { const m = document.querySelector('[data-testid=stMain]'); return m.scrollWidth <= m.clientWidth; }"
    )
    assert not main.evaluate("main => main.scrollWidth > main.clientWidth")
