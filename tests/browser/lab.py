"""The Lab as a test uses it: what a visitor can do, and what a visitor can read. No test lives here."""

from __future__ import annotations

import time
from collections.abc import Sequence
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, expect

from lib.drawing import Drawing

Point = tuple[float, float]

_PATIENCE = 90  # seconds

# An R in shares of the canvas.
LETTER_R: tuple[tuple[Point, ...], ...] = (
    ((0.3, 0.2), (0.3, 0.8)),
    ((0.3, 0.2), (0.58, 0.24), (0.62, 0.36), (0.55, 0.48), (0.3, 0.5)),
    ((0.36, 0.5), (0.68, 0.8)),
)


class Lab:
    """One visitor's page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.canvas = page.get_by_test_id("sketchpad")

    def wait_until_ready(self) -> None:
        """Until the network has answered; the first visitor of a server waits for TensorFlow. An error ends the wait."""
        answer, failure = (
            self.page.get_by_test_id("prediction").first,
            self.page.get_by_test_id("stException"),
        )
        expect(answer.or_(failure).first).to_be_visible(timeout=180_000)
        expect(failure).to_have_count(0)

    # ---- doing ------------------------------------------------------------------------------------------------------

    def draw(self, strokes: Sequence[Sequence[Point]], release: bool = True) -> None:
        """Draws with the mouse; with `release=False` the button stays down after the last stroke."""
        self.canvas.scroll_into_view_if_needed()
        box = self.canvas.bounding_box()
        assert box
        for number, stroke in enumerate(strokes):
            places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke]
            self.page.mouse.move(*places[0])
            self.page.mouse.down()
            for place in places[1:]:
                self.page.mouse.move(*place, steps=8)
            if release or number < len(strokes) - 1:
                self.page.mouse.up()

    def choose_input(self, kind: str) -> None:
        self.page.get_by_role("radio", name=kind, exact=True).click()

    def choose_sample(self, sample: str) -> None:
        self.choose_input("Samples")
        self.page.locator(f'[data-sample="{sample}"]').click()
        expect(self.page.locator(f'[data-sample="{sample}"]')).to_have_attribute("aria-pressed", "true")

    def open_step(self, title: str) -> None:
        head = self.page.locator("button.head", has_text=title)
        if head.get_attribute("aria-expanded") != "true":
            head.click()

    def switch(self, title: str, on: bool) -> None:
        self.page.get_by_role("switch", name=f"{title} on").set_checked(on)

    def settle(self) -> None:
        """Until everything that was drawn or dragged has been answered and repainted."""
        self.page.wait_for_function("() => [...misreadChannels.values()].every((c) => !c.busy())")

    # ---- reading ----------------------------------------------------------------------------------------------------

    def top(self) -> list[tuple[str, float]]:
        """Class and probability of every bar, as the page has them."""
        rows = self.page.get_by_test_id("prediction").all()
        return [
            (str(r.get_attribute("data-class")), float(r.get_attribute("data-probability") or "nan"))
            for r in rows
        ]

    def best(self) -> str:
        return self.top()[0][0]

    def expect_best(self, letter: str) -> None:
        expect(self.page.get_by_test_id("prediction").first).to_have_attribute("data-class", letter)

    def query(self) -> dict[str, str]:
        return {key: values[0] for key, values in parse_qs(urlparse(self.page.url).query).items()}

    def expect_query(self, key: str, text: str) -> None:
        self.page.wait_for_function(
            "([key, text]) => (new URLSearchParams(location.search).get(key) ?? '').includes(text)",
            arg=[key, text],
        )

    def drawing(self, strokes: int) -> Drawing:
        """The drawing in the link, once it has that many strokes: the link follows a stroke by a round trip."""
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            text = self.query().get("drawing")
            if text and len(Drawing.decode(text).strokes) == strokes:
                self.settle()
                return Drawing.decode(self.query()["drawing"])
            self.page.wait_for_timeout(50)
        raise AssertionError(f"the link never had {strokes} strokes: {self.page.url}")

    def layer_pixels(self, layer: str) -> list[int]:
        """The colours of a layer's map, to see whether it changed."""
        canvas = self.page.locator(f'section[data-layer="{layer}"] canvas').first
        return list(
            canvas.evaluate(
                "c => { const d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data; return Array.from(d); }"
            )
        )

    def expect_layer_changes(self, layer: str, before: list[int]) -> None:
        """Until a layer's map has other colours; it is painted a moment after the numbers."""
        deadline = time.monotonic() + _PATIENCE
        while self.layer_pixels(layer) == before:
            assert time.monotonic() < deadline, f"the map of {layer} never changed"
            self.page.wait_for_timeout(50)
