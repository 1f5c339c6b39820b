"""A connection that breaks costs a visitor nothing. Further faults: `python -m benchmarks.faults`."""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.faults import SOCKETS
from tests.browser.lab import LETTER_R, Lab


def test_a_connection_that_is_cut_in_mid_drawing_costs_no_stroke_and_no_setting(
    new_page: Callable, address: str
) -> None:
    page = new_page()
    page.add_init_script(SOCKETS)
    page.goto(address)
    lab = Lab(page)
    lab.wait_until_ready()
    lab.switch("Sigmoid contrast", True)
    lab.expect_query("steps", "sigmoid:on")
    lab.draw(LETTER_R[:2])
    lab.drawing(strokes=2)
    lab.draw(LETTER_R[2:], release=False)
    page.evaluate("() => connections.forEach((one) => one.close())")
    page.mouse.up()
    assert len(lab.drawing(strokes=3).strokes) == 3
    lab.expect_best("R")
    assert "sigmoid:on" in lab.query()["steps"]
    assert page.evaluate("() => connections.length") >= 2, "it connected again"
