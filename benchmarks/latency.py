"""How fast the Lab is on this machine: `python -m benchmarks.latency [--markdown FILE]`, about four minutes.

Prints, measured in one run: `Network.trace` against a bare compiled forward pass and against `model.predict`; and from a
real browser the time from every pointer event to the repaint that includes it, while drawing and while dragging a
slider, and first paint and first prediction after a cold start. The same is measured for a page that holds nothing but
one slider and its value (floor_app.py): what Streamlit and the browser take on this machine whatever the page does.
Needs the development requirements and a Chromium.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

from playwright.sync_api import Locator, Page, sync_playwright

from tests.browser import chromium
from tests.browser.lab import LETTER_R, Lab
from tests.browser.server import running_app

# Counts every event that a view wanted to send, and notes when the repaint that includes it was done.
_PROBE = """
globalThis.misreadProbe = {
  events: {}, waiting: new Map(), log: [],
  wanted(key) { (this.events[key] ??= []).push(performance.now()); },
  sent(key, seq) { this.waiting.set(key + seq, this.events[key] ?? []); this.events[key] = []; },
  painted(acks) {
    for (const [key, seq] of Object.entries(acks)) {
      for (const at of this.waiting.get(key + seq) ?? []) this.log.push(performance.now() - at);
      this.waiting.delete(key + seq);
    }
  },
};
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--markdown", type=Path, help="also write the tables to this file")
    options = arguments.parse_args()
    lines = ["| what | measured | target |", "| --- | --- | --- |"]
    lines += cold_start()
    lines += floor()
    for model in ("letters-mlp", "letters-cnn"):
        lines += live(model)
        lines += inference(model)
    text = "\n".join(lines)
    print(text)
    if options.markdown:
        options.markdown.write_text(text + "\n", encoding="utf-8")


# ---- inference -----------------------------------------------------------------------------------------------------------


def inference(name: str) -> list[str]:
    """`Network.trace` with all activations, a bare forward pass, and the question's way, in turn on the same image."""
    import keras
    import numpy as np
    import tensorflow as tf

    from lib.zoo import load

    network = load(name)
    model = network.model
    image = np.random.default_rng(0).uniform(0, 255, (1, *network.contract.input_shape)).astype(np.float32)
    signature = [tf.TensorSpec((None, *network.contract.input_shape), tf.float32)]
    bare = tf.function(lambda x: model(x, training=False), input_signature=signature)
    all_outputs = keras.Model(model.inputs, [layer.output for layer in model.layers])
    ways: dict[str, Callable[[], object]] = {
        "trace": lambda: network.trace(image),
        "bare": lambda: bare(tf.constant(image)).numpy(),
    }
    fast = _medians(ways, 300)
    slow = _medians({"predict": lambda: all_outputs.predict(image, verbose=0)}, 20)
    return [
        f"| {name}: `trace` with all activations against a bare `tf.function` forward "
        f"| {fast['trace'] / fast['bare']:.2f} x ({fast['trace']:.2f} ms) | at most 1.5 x |",
        f"| {name}: `model.predict` with all layers as outputs against `trace` "
        f"| {slow['predict'] / fast['trace']:.0f} x | at least 30 x |",
    ]


def _medians(ways: dict[str, Callable[[], object]], repeats: int) -> dict[str, float]:
    """Milliseconds; the ways take turns, so that a machine whose speed drifts is the same for all."""
    times: dict[str, list[float]] = {way: [] for way in ways}
    for repeat in range(repeats + 5):
        for way, act in ways.items():
            start = time.perf_counter()
            act()
            if repeat >= 5:
                times[way].append(1000 * (time.perf_counter() - start))
    return {way: statistics.median(values) for way, values in times.items()}


# ---- browser -------------------------------------------------------------------------------------------------------------


def live(model: str) -> list[str]:
    """Pointer event to repaint, while drawing and while dragging a slider: one event at a time, and at a hand's pace."""
    with _page("app.py", f"/?model={model}") as page:
        lab = Lab(page)
        lab.wait_until_ready()
        page.wait_for_timeout(4000)  # the other models load and warm up in the background
        _draw(lab, LETTER_R, _HAND)  # once to warm up
        rows = []
        for pace, name in ((_ALONE, "one at a time"), (_HAND, "40 a second")):
            times = [t for _ in range(1 if pace == _ALONE else 3) for t in _letter(lab, pace)]
            rows.append(_row(f"{model}: pen-move to repainted predictions and maps, {name}", times))
        lab.switch("Sigmoid contrast", True)
        slider = page.get_by_test_id("slider-sigmoid-slope")
        for pace, name in ((_ALONE, "one at a time"), (_HAND, "40 a second")):
            page.wait_for_timeout(500)
            page.evaluate("misreadProbe.log.length = 0")
            _drag(page, slider, pace)
            page.wait_for_timeout(500)
            rows.append(_row(f"{model}: slider-drag to repaint, {name}", _log(page)))
    return rows


def floor() -> list[str]:
    """The same for a page that holds nothing but a slider and its value."""
    with _page("benchmarks/floor_app.py", "") as page:
        slider = page.get_by_test_id("slider")
        slider.wait_for()
        page.wait_for_timeout(2000)
        rows = []
        for pace, name in ((_ALONE, "one at a time"), (_HAND, "40 a second")):
            page.evaluate("misreadProbe.log.length = 0")
            _drag(page, slider, pace)
            page.wait_for_timeout(500)
            rows.append(_row(f"a page with one slider and nothing else, {name}", _log(page), target=""))
    return rows


@contextmanager
def _page(script: str, link: str) -> Iterator[Page]:
    """A fresh server and one page of it, with the probe in place."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running_app(Path(folder) / "log", script) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        page.add_init_script(_PROBE)
        page.goto(address + link)
        yield page
        browser.close()


def _log(page: Page) -> list[float]:
    return page.evaluate("misreadProbe.log")


_ALONE = 250  # ms between two pointer events: each is answered before the next
_HAND = 25  # ms between two pointer events: 40 a second, a hand's pace


def _letter(lab: Lab, pace: int) -> list[float]:
    """Milliseconds for every pointer event of a letter on an empty canvas: ink over ink would change nothing."""
    lab.page.get_by_role("button", name="Clear the canvas").click()
    lab.page.wait_for_timeout(500)
    lab.page.evaluate("misreadProbe.log.length = 0")
    _draw(lab, LETTER_R, pace)
    lab.page.wait_for_timeout(500)
    return _log(lab.page)


def _draw(lab: Lab, strokes: Sequence[Sequence[tuple[float, float]]], pace: int) -> None:
    box = lab.canvas.bounding_box()
    assert box
    for stroke in strokes:
        places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
        lab.page.mouse.move(*places[0])
        lab.page.mouse.down()
        for (x0, y0), (x1, y1) in pairwise(places):
            for i in range(1, 13):
                lab.page.mouse.move(x0 + (x1 - x0) * i / 12, y0 + (y1 - y0) * i / 12)
                lab.page.wait_for_timeout(pace)
        lab.page.mouse.up()
        lab.page.wait_for_timeout(150)


def _drag(page: Page, slider: Locator, pace: int) -> None:
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 0.4 * box["width"], y)
    page.mouse.down()
    for i in range(60 if pace == _ALONE else 160):
        share = 0.3 + 0.4 * abs((i % 40) / 20 - 1)
        page.mouse.move(box["x"] + share * box["width"], y)
        page.wait_for_timeout(pace)
    page.mouse.up()


def _row(what: str, times: list[float], target: str = "p50 60 ms, p95 100 ms") -> str:
    ordered = sorted(times)
    middle, late = ordered[len(ordered) // 2], ordered[int(0.95 * len(ordered))]
    return f"| {what} ({len(ordered)} events) | p50 {middle:.0f} ms, p95 {late:.0f} ms | {target} |"


def cold_start() -> list[str]:
    """A fresh server and its first visitor: until the first view is on the screen, and until the first prediction."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import tensorflow"], check=True, capture_output=True)
    tensorflow = time.perf_counter() - start
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        with tempfile.TemporaryDirectory() as folder, running_app(Path(folder) / "log") as address:
            page = browser.new_page(viewport={"width": 1400, "height": 1000})
            start = time.perf_counter()
            page.goto(address)
            page.get_by_test_id("sketchpad").wait_for()
            painted = time.perf_counter() - start
            Lab(page).wait_until_ready()
            predicted = time.perf_counter() - start
        browser.close()
    return [
        f"| cold start: first paint of the Lab | {painted:.1f} s | 2 s |",
        f"| cold start: first prediction (importing TensorFlow alone: {tensorflow:.1f} s) "
        f"| {predicted:.1f} s | {tensorflow + 2:.1f} s |",
    ]


if __name__ == "__main__":
    main()
