"""Drawing in a real browser: the numbers follow the pen, and they are the library's numbers."""

from itertools import pairwise

import numpy as np
import pytest
from playwright.sync_api import expect

from lib.ui.lab_state import default_pipeline
from lib.zoo import load
from tests.browser.lab import LETTER_R, Lab


def test_a_visitor_without_a_link_sees_a_sample_already_analysed(lab: Lab) -> None:
    assert lab.best() == "R"
    assert lab.page.get_by_test_id("layer").count() == 5
    expect(lab.page.locator(".hint")).to_contain_text("Draw here")


def test_a_drawn_r_is_read_as_r_with_exactly_the_numbers_of_the_library(lab: Lab) -> None:
    lab.draw(LETTER_R)
    drawing = lab.drawing(strokes=3)
    network = load("letters-mlp")
    trace = network.trace(default_pipeline("letters-mlp").run(drawing.picture()).final)
    names = network.contract.class_names
    expected = [(names[i], trace.probabilities[0, i]) for i in trace.top(5)]
    lab.expect_best("R")
    shown = lab.top()
    assert [name for name, _ in shown] == [name for name, _ in expected]
    np.testing.assert_allclose([p for _, p in shown], [p for _, p in expected], rtol=1e-4)


def test_predictions_and_maps_change_while_the_pen_is_still_down(lab: Lab) -> None:
    lab.draw([[(0.5, 0.15), (0.5, 0.3)]])
    lab.drawing(strokes=1)
    before, pixels = lab.top(), lab.layer_pixels("dense1")
    url = lab.page.url
    lab.draw([[(0.2, 0.5), (0.5, 0.85), (0.8, 0.5)]], release=False)
    expect(lab.page.get_by_test_id("prediction").first).not_to_have_attribute(
        "data-probability", str(before[0][1])
    )
    lab.expect_layer_changes("dense1", pixels)
    assert lab.page.url == url, "the link is written when the stroke ends, not while it is drawn"
    lab.page.mouse.up()
    lab.page.wait_for_function("url => location.href !== url", arg=url)


def test_undo_redo_and_clear(lab: Lab) -> None:
    def press(name: str) -> None:
        lab.page.get_by_role("button", name=name).click()
        lab.settle()

    lab.draw(LETTER_R)
    lab.settle()
    whole = lab.top()
    assert whole[0][0] == "R"
    press("Undo")
    assert lab.top() != whole
    press("Redo")
    assert lab.top() == whole
    press("Clear the canvas")
    assert lab.drawing(strokes=0).strokes == ()
    expect(lab.page.get_by_role("button", name="Clear the canvas")).to_be_disabled()
    lab.canvas.focus()
    lab.page.keyboard.press("Control+z")
    lab.settle()
    assert lab.top() == whole


@pytest.mark.parametrize(("tool", "soft_pixels"), [("Hard pen", range(5)), ("Soft brush", range(8, 40))])
def test_pen_and_brush_give_the_network_different_edges(lab: Lab, tool: str, soft_pixels: range) -> None:
    lab.page.get_by_role("button", name=tool).click()
    lab.draw([[(0.3, 0.2), (0.3, 0.8)]])
    levels = lab.drawing(strokes=1).picture().pixels[140, :, 0]
    assert ((levels > 20) & (levels < 235)).sum() in soft_pixels


def test_white_ink_on_black_paper_is_read_like_black_on_white(lab: Lab) -> None:
    lab.draw(LETTER_R)
    lab.settle()
    black_on_white = lab.top()
    lab.page.get_by_role("button", name="White ink on black paper").click()
    lab.settle()
    assert lab.drawing(strokes=3).paper == "black"
    assert lab.best() == "R"
    assert lab.top()[0][1] == pytest.approx(black_on_white[0][1], rel=1e-3)


def test_drawing_with_the_keyboard(lab: Lab) -> None:
    lab.canvas.focus()
    keyboard = lab.page.keyboard
    for _ in range(12):
        keyboard.press("ArrowUp")
    keyboard.down("Space")
    for _ in range(24):
        keyboard.press("ArrowDown")
    keyboard.up("Space")
    lab.expect_best("I")
    (stroke,) = lab.drawing(strokes=1).strokes
    assert stroke.points[0][:2] == (500, 260)
    assert stroke.points[-1][:2] == (500, 740)


def test_drawing_by_touch_at_phone_width(open_lab) -> None:
    lab = open_lab(width=390, height=844, has_touch=True, is_mobile=True, device_scale_factor=3)
    lab.canvas.scroll_into_view_if_needed()
    box = lab.canvas.bounding_box()
    session = lab.page.context.new_cdp_session(lab.page)
    for stroke in LETTER_R:
        points = [{"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]} for x, y in stroke]
        session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[:1]})
        for a, b in pairwise(points):
            for t in (0.25, 0.5, 0.75, 1.0):
                between = {axis: a[axis] + (b[axis] - a[axis]) * t for axis in ("x", "y")}
                session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [between]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    lab.drawing(strokes=3)
    lab.expect_best("R")
    overflow = lab.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow == 0, "nothing may stick out of a phone's screen"


def test_stylus_pressure_widens_the_line(lab: Lab) -> None:
    box = lab.canvas.bounding_box()
    session = lab.page.context.new_cdp_session(lab.page)

    def pen(kind: str, x: float, y: float, force: float) -> None:
        place = {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}
        session.send(
            "Input.dispatchMouseEvent",
            {
                "type": kind,
                **place,
                "button": "left",
                "buttons": 1,
                "pointerType": "pen",
                "force": force,
                "clickCount": 1,
            },
        )

    pen("mousePressed", 0.2, 0.5, 0.1)
    for i in range(1, 11):
        pen("mouseMoved", 0.2 + 0.06 * i, 0.5, 0.1 * i)
    pen("mouseReleased", 0.8, 0.5, 1.0)
    columns = (lab.drawing(strokes=1).picture().pixels[..., 0] < 128).sum(axis=0)
    assert columns[int(0.75 * 280)] > 1.5 * columns[int(0.25 * 280)]
