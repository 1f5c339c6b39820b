"""What goes wrong on a server, done to one on purpose: `python -m benchmarks.faults [--docs FILE]`, about two minutes.

A real browser draws a letter and sets a slider; then a fault happens. After each the app must serve again, and drawing,
settings and the very same numbers must still be on the screen. Prints what the visitor was told; ends with code 1 when
something was lost. Linux only: one fault limits the size of the running server's files, as a full disk does. With `--docs`
the table replaces what stands between `<!-- python -m benchmarks.faults -->` and `<!-- end -->` in that file. Needs the
development requirements and a Chromium.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from textwrap import shorten

import psutil
from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.document import into_document
from tests.browser import chromium
from tests.browser.lab import LETTER_R, Lab
from tests.browser.server import free_port, running_app

_PATIENCE = 120  # seconds
_STROKE = [[(0.75, 0.2), (0.85, 0.4)]]
_SETTLING = 15  # seconds
_LIMIT_MB = 3
# Keeps a hand on the page's connections, so that they can be cut.
SOCKETS = """
const Own = WebSocket;
globalThis.connections = [];
globalThis.WebSocket = class extends Own {
  constructor(...given) { super(...given); connections.push(this); }
};
"""


@dataclass
class Bench:
    """One server and one visitor's page.

    Attributes:
        model: a model file that the server takes, larger than what a full disk lets through.
    """

    folder: Path
    port: int
    page: Page
    model: Path
    _server: ExitStack

    @property
    def lab(self) -> Lab:
        return Lab(self.page)

    def start(self) -> None:
        """A server at the same address as before."""
        keras_home = self.folder / "keras"
        own = {
            "MISREAD_MODEL_FILE_MB": str(_LIMIT_MB),
            "MISREAD_WEIGHTS_DOWNLOAD": "off",
            "KERAS_HOME": str(keras_home),
            "TMPDIR": str(self.folder / "temporary"),
        }
        log = self.folder / f"log-{time.time():.0f}.txt"
        self._server.enter_context(running_app(log, port=self.port, environment=own))

    def stop(self) -> None:
        self._server.close()

    def process(self) -> psutil.Process:
        for child in psutil.Process().children(recursive=True):
            if str(self.port) in child.cmdline():
                return child
        raise RuntimeError("The server is not there.")

    def checking(self) -> psutil.Process | None:
        """The separate process that checks an uploaded model."""
        for child in self.process().children():
            if any("lib.zoo.own.child" in part for part in child.cmdline()):
                return child
        return None

    def open_page(self, name: str) -> None:
        self.page.get_by_test_id("stTopNavLink").filter(has_text=name).click()

    def upload_model(self) -> None:
        self.open_page("Models")
        field = '.st-key-own_file [data-testid="stFileUploaderDropzoneInput"]'
        self.page.locator(field).set_input_files(self.model)

    def refusal(self) -> str:
        """The sentence about the uploaded model."""
        found = self.page.get_by_test_id("own-refusal")
        expect(found).to_be_visible(timeout=1000 * _PATIENCE)
        return found.inner_text().strip()

    def until_model_is_open(self) -> None:
        expect(self.page.get_by_role("tab", name="Contract")).to_be_visible(timeout=1000 * _PATIENCE)


@dataclass(frozen=True)
class Screen:
    """What must not be lost."""

    top: list[tuple[str, float]]
    query: dict[str, str]


def screen(lab: Lab) -> Screen:
    lab.wait_until_ready()
    lab.settle()
    return Screen(lab.top(), lab.query())


def _screen_again(lab: Lab, before: Screen) -> Screen:
    """What is on the screen when it has come to rest: a model that was chosen a moment ago repaints row by row."""
    deadline = time.monotonic() + _SETTLING
    while (after := screen(lab)) != before and time.monotonic() < deadline:
        lab.page.wait_for_timeout(200)
    return after


# ---- the faults: each does its harm, sees the app serve again, and returns what the visitor was told ---------------------


def killed_check(bench: Bench) -> str:
    bench.upload_model()
    _until(lambda: bench.checking() is not None)
    child = bench.checking()
    assert child is not None
    child.kill()
    told = bench.refusal()
    bench.page.get_by_role("button", name="Check it again").click()
    bench.until_model_is_open()
    bench.open_page("Lab")
    bench.page.get_by_role("combobox", name="Model").first.click()
    bench.page.get_by_role("option", name="Dense").first.click()
    return told


def full_upload(bench: Bench) -> str:
    large = bench.folder / "large.keras"
    large.write_bytes(b"PK" + bytes(1_000_000 * _LIMIT_MB + 1_000_000))
    bench.open_page("Models")
    field = '.st-key-own_file [data-testid="stFileUploaderDropzoneInput"]'
    bench.page.locator(field).set_input_files(large)
    told = bench.page.get_by_text("or smaller")
    expect(told.first).to_be_visible()
    words = told.first.inner_text()
    bench.open_page("Lab")
    return words


def cut_connection(bench: Bench) -> str:
    lab = bench.lab
    lab.draw([[(0.8, 0.6), (0.85, 0.8)]], release=False)
    bench.page.evaluate("() => connections.forEach((one) => one.close())")
    bench.page.mouse.up()
    lab.drawing(strokes=4)
    lab.page.get_by_role("button", name="Undo").click()
    lab.drawing(strokes=3)
    return "the stroke that was being drawn is there, and was read"


def restarted_server(bench: Bench) -> str:
    bench.stop()
    lab = bench.lab
    lab.draw(_STROKE)  # nobody hears it
    bench.start()
    lab.wait_until_ready()
    lab.drawing(strokes=4)
    lab.page.get_by_role("button", name="Undo").click()
    lab.drawing(strokes=3)
    return "a stroke drawn while there was no server is there, and was read"


def full_disk(bench: Bench) -> str:
    server = bench.process()
    before = server.rlimit(psutil.RLIMIT_FSIZE)
    server.rlimit(psutil.RLIMIT_FSIZE, (100_000, before[1]))
    bench.upload_model()
    told = bench.refusal()
    server.rlimit(psutil.RLIMIT_FSIZE, before)
    bench.open_page("Lab")
    return told


def damaged_weights(bench: Bench) -> str:
    from lib.zoo.applications import application

    folder = bench.folder / "keras" / "models"
    folder.mkdir(parents=True)
    weights = application("MobileNetV2").weights
    (folder / weights.file).write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(50_000))
    lab = bench.lab
    bench.page.get_by_role("combobox", name="Model").first.click()
    bench.page.get_by_role("option", name="MobileNetV2").click()
    told = bench.page.get_by_text("could not be loaded").first
    expect(told).to_be_visible(timeout=1000 * _PATIENCE)
    words = told.inner_text()
    bench.page.get_by_role("combobox", name="Model").first.click()
    bench.page.get_by_role("option", name="Dense").first.click()
    lab.wait_until_ready()
    return words


FAULTS: dict[str, Callable[[Bench], str]] = {
    "the process that checks an uploaded model is killed": killed_check,
    "an upload beyond the limit": full_upload,
    "the connection is cut in mid-drawing": cut_connection,
    "the server is restarted while the page is open": restarted_server,
    "the disk for temporary files is full": full_disk,
    "a file in the cache of weights is damaged": damaged_weights,
}


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError("It never happened.")
        time.sleep(0.02)


@contextmanager
def bench() -> Iterator[Bench]:
    """A server, a browser, and a visitor who has drawn an R and moved a slider."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="misread-faults-")))
        (folder / "temporary").mkdir()
        driver = stack.enter_context(sync_playwright())
        browser = driver.chromium.launch(executable_path=chromium.find(), args=chromium.FLAGS)
        stack.callback(browser.close)
        page = browser.new_page(viewport={"width": 1480, "height": 1000})
        page.set_default_timeout(1000 * _PATIENCE)
        page.add_init_script(SOCKETS)
        server = stack.enter_context(ExitStack())
        found = Bench(folder, free_port(), page, _model(folder), server)
        found.start()
        page.goto(f"http://127.0.0.1:{found.port}/")
        found.lab.wait_until_ready()
        found.lab.draw(LETTER_R)
        found.lab.drawing(strokes=3)
        found.lab.switch("Sigmoid contrast", True)
        found.lab.expect_query("steps", "sigmoid:on")
        yield found


def _model(folder: Path) -> Path:
    import keras

    path = folder / "mine.keras"
    inner = keras.layers.Dense(300, activation="relu")
    keras.Sequential([keras.Input((784,)), inner, keras.layers.Dense(26, activation="softmax")]).save(path)
    return path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--only", nargs="+", choices=[f.__name__ for f in FAULTS.values()])
    parser.add_argument("--docs", type=Path, help="also write the table into this file")
    options = parser.parse_args()
    lines = ["| what went wrong | what the visitor saw | afterwards |", "| --- | --- | --- |"]
    lost = 0
    with bench() as found:
        before = screen(found.lab)
        for title, fault in FAULTS.items():
            if options.only and fault.__name__ not in options.only:
                continue
            try:
                told = fault(found)
                after = _screen_again(found.lab, before)
                same = after == before
                kept = (
                    "drawing, settings and numbers as before" if same else f"CHANGED: {after} from {before}"
                )
            except Exception:
                traceback.print_exc()
                told, same, kept = "", False, "FAILED"
            lost += not same
            lines.append(f"| {title} | {shorten(told, 220, placeholder=' …')} | {kept} |")
            print(lines[-1], flush=True)
    if options.docs:
        into_document(options.docs, "python -m benchmarks.faults", "\n".join(lines))
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
