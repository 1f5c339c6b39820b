"""Takes the README's pictures from the running app: `python -m benchmarks.screenshots [FOLDER]`, docs/ by default."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.browser import chromium
from tests.browser.lab import LETTER_R, Lab
from tests.browser.server import running_app

# name -> link, colour scheme, width, height
PAGES = {
    "lab": ("/?model=letters-cnn", "light", 1480, 1180),
    "lab-dark": ("/?model=letters-mlp", "dark", 1480, 1180),
    "lab-phone": ("/?model=letters-mlp", "light", 390, 844),
}


def main() -> None:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1] / "docs"
    with (
        tempfile.TemporaryDirectory() as logs,
        running_app(Path(logs) / "log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        for name, (link, scheme, width, height) in PAGES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)
            page.goto(address + link)
            lab = Lab(page)
            lab.wait_until_ready()
            lab.draw(LETTER_R)
            lab.settle()
            page.mouse.move(0, 0)
            page.wait_for_timeout(800)
            page.screenshot(path=folder / f"{name}.png")
            page.close()
        browser.close()


if __name__ == "__main__":
    main()
