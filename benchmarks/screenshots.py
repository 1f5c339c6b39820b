"""Takes the pages' pictures from the running app, into docs/: `python -m benchmarks.screenshots [FOLDER [NAME ...]]`."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.browser import chromium
from tests.browser.lab import LETTER_R, Lab
from tests.browser.server import running_app

PATIENCE = 90_000


@dataclass(frozen=True)
class Shot:
    """One picture: where the visitor goes, and what the visitor does there."""

    link: str
    act: Callable[[Page], None]
    scheme: str = "light"
    width: int = 1480
    height: int = 1180


def draw(page: Page) -> None:
    """An R, drawn with the mouse."""
    lab = Lab(page)
    lab.wait_until_ready()
    lab.draw(LETTER_R)
    lab.settle()
    page.mouse.move(0, 0)


def ask_why(page: Page) -> None:
    """The Autopsy of what the Lab shows."""
    Lab(page).wait_until_ready()
    page.get_by_role("button", name="Why?").click()
    expect(page.get_by_role("button", name="Apply this fix")).to_be_visible(timeout=PATIENCE)


def overview(page: Page) -> None:
    """The Models page."""
    expect(page.get_by_text("Your own model", exact=True)).to_be_visible(timeout=PATIENCE)
    page.wait_for_timeout(2000)  # the cards' pictures


def bring_a_model(page: Page) -> None:
    """A small colour classifier of the visitor's own."""
    import keras

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fruit.keras"
        model = keras.Sequential(
            [
                keras.Input((64, 64, 3)),
                keras.layers.Rescaling(1 / 255),
                keras.layers.Conv2D(16, 3, activation="relu"),
                keras.layers.BatchNormalization(),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(3, activation="softmax"),
            ]
        )
        model.compile("adam", "sparse_categorical_crossentropy")
        model.save(path)
        overview(page)
        page.locator('.st-key-own_file [data-testid="stFileUploaderDropzoneInput"]').set_input_files(path)
        expect(page.get_by_role("tab", name="Contract")).to_be_visible(timeout=PATIENCE)


def train(page: Page) -> None:
    """Question 3 on the BatchNorm page, as far as the two columns."""
    button = page.get_by_role("button", name="Train on these 3 pictures")
    expect(button).to_be_enabled(timeout=PATIENCE)
    button.click()
    expect(page.get_by_test_id("bn-headline")).to_contain_text("fit() reported 100 %", timeout=3 * PATIENCE)
    page.mouse.move(0, 0)


def measure(page: Page) -> None:
    """The Data set page with the set that comes with the app."""
    expect(page.get_by_test_id("dataset-headline")).to_contain_text("pictures", timeout=PATIENCE)
    expect(page.locator(".js-plotly-plot").first).to_be_visible(timeout=PATIENCE)


# name -> picture
SHOTS = {
    "lab": Shot("/?model=letters-cnn", draw),
    "lab-dark": Shot("/?model=letters-mlp", draw, scheme="dark"),
    "lab-phone": Shot("/?model=letters-mlp", draw, width=390, height=844),
    "autopsy": Shot("/?model=letters-mlp&steps=value_range:mode=0..1;frame:mode=squash;centre:off", ask_why),
    "batchnorm": Shot("/batchnorm", train, height=1600),
    "dataset": Shot("/dataset", measure),
    "models": Shot("/models", overview),
    "own-model": Shot("/models", bring_a_model),
}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path(__file__).resolve().parents[1] / "docs", metavar="FOLDER"
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SHOTS)} (default: all)")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(SHOTS):
        parser.error(f"There is no picture {', '.join(sorted(unknown))}; there are {', '.join(SHOTS)}.")
    with (
        tempfile.TemporaryDirectory() as logs,
        running_app(Path(logs) / "log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for name, shot in SHOTS.items():
            if options.names and name not in options.names:
                continue
            page = browser.new_page(
                viewport={"width": shot.width, "height": shot.height}, color_scheme=shot.scheme
            )
            page.goto(address + shot.link)
            shot.act(page)
            page.wait_for_timeout(1200)
            page.screenshot(path=options.folder / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
