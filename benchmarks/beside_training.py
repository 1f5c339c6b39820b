"""How the Lab feels while somebody trains on the BatchNorm page: `python -m benchmarks.beside_training`, about two minutes.

Prints the time from every pointer event to the repaint that includes it, while drawing, without a training, beside one of
the small network (400 epochs) and beside one of ResNet50; and what the server's training process takes of the memory.
Needs the development requirements and a Chromium.
"""

from __future__ import annotations

import subprocess

from playwright.sync_api import Page, expect

from benchmarks import latency
from lib.batchnorm.settings import ARCHITECTURES
from tests.browser.lab import LETTER_R, Lab

_MODEL = "letters-mlp"
_TIMES = 3
_PATIENCE = 300_000  # ms


def main() -> None:
    with latency._page("app.py", f"/?model={_MODEL}") as page:
        lab = Lab(page)
        lab.wait_until_ready()
        page.wait_for_timeout(6000)  # the other models load and warm up in the background
        latency._draw(lab, LETTER_R, latency._HAND)  # once to warm up
        print("| what | measured | target |\n| --- | --- | --- |")
        print(_drawn(lab, "nobody trains"))
        for network, epochs in (("Small residual net", 400), ("ResNet50", 60)):
            visitor = _training(page, network, epochs)
            print(_drawn(lab, f"beside a training of the {network.replace('Small', 'small')}"))
            assert visitor.get_by_role("button", name="Stop").is_visible(), "the training was over too early"
            print(f"| memory of the training process | {_memory():,.0f} MB |  |")
            visitor.get_by_role("button", name="Stop").click()
            expect(visitor.get_by_test_id("bn-headline")).to_be_visible(timeout=_PATIENCE)
            visitor.context.close()
            print(f"| memory after it was stopped | {_memory():,.0f} MB |  |")


def _training(page: Page, network: str, epochs: int) -> Page:
    """Another visitor's page, on which a training has just done its first epoch."""
    browser = page.context.browser
    assert browser is not None
    visitor = browser.new_context().new_page()
    visitor.goto(page.url.split("?")[0].rstrip("/") + "/batchnorm")
    visitor.get_by_role("radio", name=network).click()
    count = visitor.get_by_role("spinbutton", name="Epochs")
    architecture = ARCHITECTURES["ResNet50" if network == "ResNet50" else "small"]
    expect(count).to_have_value(str(architecture.epochs))
    count.fill(str(epochs))
    count.press("Enter")
    expect(visitor.get_by_text("updates in all").first).to_contain_text(f"{epochs} updates in all")
    visitor.get_by_role("button", name="Train on these").click()
    going = visitor.get_by_role("status").filter(has_text=": epoch ")
    expect(going).to_be_visible(timeout=_PATIENCE)
    page.bring_to_front()
    return visitor


def _drawn(lab: Lab, what: str) -> str:
    """A row of the table: the letter drawn some times at a hand's pace."""
    lab.page.evaluate("misreadProbe.log.length = 0")
    for _ in range(_TIMES):
        latency._draw(lab, LETTER_R, latency._HAND)
    lab.page.wait_for_timeout(500)
    return latency._row(f"{_MODEL}: pen-move to repaint, 40 a second, {what}", latency._log(lab.page))


def _memory() -> float:
    """MB of the processes that train on this machine; 0 where `ps` does not tell."""
    try:
        lines = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0.0
    return sum(int(line.split()[0]) for line in lines.splitlines() if "lib.batchnorm.child" in line) / 1024


if __name__ == "__main__":
    main()
