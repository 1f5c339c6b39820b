"""Films the Lab for the README, into docs/lab.webp: `python -m benchmarks.animation [FILE]`.

A letter is drawn and then turned with a slider; every frame is a picture of the running app after it has answered.
"""

from __future__ import annotations

import argparse
import io
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from benchmarks.screenshots import PATIENCE
from tests.browser import chromium
from tests.browser.lab import LETTER_R, Lab
from tests.browser.server import running_app

WIDTH, HEIGHT = 1400, 1100
_SHOWN_WIDTH = 960
_POINTS_OF_A_STROKE = 7
_TURNS = (0, 5, 10, 16, 24, 34, 46, 60, 75, 90, 90, 75, 60, 46, 34, 24, 16, 10, 5, 0)  # degrees
_QUICK, _SLOW, _LONG = 110, 700, 1600  # ms that a frame stands
_QUALITY = 72


def drawing(lab: Lab) -> Iterator[int]:
    """Draws an R stroke by stroke; yields how long what is shown then is to stand."""
    mouse, box = lab.page.mouse, lab.canvas.bounding_box()
    assert box
    for stroke in LETTER_R:
        places = list(_along(stroke))
        for number, (x, y) in enumerate(places):
            mouse.move(box["x"] + x * box["width"], box["y"] + y * box["height"])
            if number == 0:
                mouse.down()
            yield _QUICK
        mouse.up()
        yield _QUICK
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] + 90)
    yield _LONG


def turning(lab: Lab) -> Iterator[int]:
    """Turns the letter with the slider, there and back."""
    lab.switch("Scale, rotate, shift", True)
    slider = lab.page.get_by_test_id("slider-move-rotation")
    yield _SLOW
    for degrees in _TURNS:
        slider.evaluate(
            "(s, v) => { s.value = v; s.dispatchEvent(new Event('input', { bubbles: true })); }", degrees
        )
        yield _SLOW if degrees == max(_TURNS) else _QUICK
    yield _LONG


def film(page: Page) -> tuple[list[Image.Image], list[int]]:
    """The frames, and how many ms each stands."""
    lab = Lab(page)
    lab.wait_until_ready()
    frames, times = [_frame(page)], [_SLOW]
    for scene in (drawing(lab), turning(lab)):
        for time in scene:
            page.wait_for_timeout(60)
            lab.settle()
            page.wait_for_timeout(60)  # the maps are painted a moment after the numbers
            frames.append(_frame(page))
            times.append(time)
    return frames, times


def _along(stroke: tuple[tuple[float, float], ...]) -> Iterator[tuple[float, float]]:
    """Places on the stroke, its corners included."""
    yield stroke[0]
    each = max(1, round(_POINTS_OF_A_STROKE / (len(stroke) - 1)))
    for (x0, y0), (x1, y1) in itertools.pairwise(stroke):
        for i in range(1, each + 1):
            yield x0 + (x1 - x0) * i / each, y0 + (y1 - y0) * i / each


def _frame(page: Page) -> Image.Image:
    shot = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    return shot.resize(
        (_SHOWN_WIDTH, round(shot.height * _SHOWN_WIDTH / shot.width)), Image.Resampling.LANCZOS
    )


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    docs = Path(__file__).resolve().parents[1] / "docs"
    parser.add_argument("target", nargs="?", type=Path, default=docs / "lab.webp", metavar="FILE")
    target = parser.parse_args(arguments).target
    with (
        tempfile.TemporaryDirectory() as logs,
        running_app(Path(logs) / "log") as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        page.set_default_timeout(PATIENCE)
        page.goto(f"{address}/?model=letters-cnn")
        frames, times = film(page)
        browser.close()
    first, *others = frames
    first.save(
        target, save_all=True, append_images=others, duration=times, loop=0, quality=_QUALITY, method=6
    )
    print(f"{target}: {len(frames)} frames, {sum(times) / 1000:.0f} s, {target.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
