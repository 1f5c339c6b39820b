"""Preprocessing in a real browser: sliders act while they are dragged, and nothing flickers."""

import pytest
from playwright.sync_api import Locator, expect

from lib.drawing import Drawing
from lib.ui.lab_state import default_pipeline
from lib.zoo import load
from tests.browser.lab import LETTER_R, Lab


def drag(lab: Lab, slider: Locator, start: float, end: float, release: bool = True) -> None:
    """Drags a range input's thumb from one share of its width to another."""
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    lab.page.mouse.move(box["x"] + start * box["width"], y)
    lab.page.mouse.down()
    for i in range(1, 25):
        lab.page.mouse.move(box["x"] + (start + (end - start) * i / 24) * box["width"], y)
        lab.page.wait_for_timeout(15)  # a hand's pace, not a wait for a result
    if release:
        lab.page.mouse.up()


@pytest.fixture
def sigmoid(lab: Lab) -> Locator:
    lab.draw(LETTER_R)
    lab.drawing(strokes=3)
    lab.switch("Sigmoid contrast", True)
    lab.expect_query("steps", "sigmoid:on")
    return lab.page.get_by_test_id("slider-sigmoid-b")


def thumb(lab: Lab, step: str) -> str:
    return str(lab.page.locator(f'[data-step="{step}"] canvas.small').evaluate("c => c.toDataURL()"))


def test_bars_maps_and_thumbnails_change_during_the_drag(lab: Lab, sigmoid: Locator) -> None:
    before, pixels, picture = lab.top(), lab.layer_pixels("dense1"), thumb(lab, "sigmoid")
    query = lab.query()["steps"]
    drag(lab, sigmoid, 0.24, 0.02, release=False)
    expect(lab.page.get_by_test_id("prediction").first).not_to_have_attribute(
        "data-probability", str(before[0][1])
    )
    lab.expect_layer_changes("dense1", pixels)
    assert thumb(lab, "sigmoid") != picture
    assert lab.query()["steps"] == query, "the link waits for the release"
    lab.page.mouse.up()
    lab.expect_query("steps", "b=")


def test_the_numbers_after_a_drag_are_the_librarys(lab: Lab, sigmoid: Locator) -> None:
    drag(lab, sigmoid, 0.24, 0.12)
    lab.expect_query("steps", "b=")
    b = float(lab.page.get_by_role("spinbutton", name="Sigmoid contrast: b").input_value())
    network = load("letters-mlp")
    pipeline = default_pipeline("letters-mlp").with_step("sigmoid", on=True, b=b)
    trace = network.trace(pipeline.run(Drawing.decode(lab.query()["drawing"]).picture()).final)
    best = trace.top(1)[0]
    lab.expect_best(network.contract.class_names[best])
    assert lab.top()[0][1] == pytest.approx(trace.probabilities[0, best], rel=1e-4)


def test_live_parts_update_in_place_without_blank_frames(lab: Lab, sigmoid: Locator) -> None:
    # Every canvas is marked; while dragging, each animation frame looks for canvases that are new, gone or blank.
    lab.page.evaluate(
        """() => {
          const inside = (n) => [n, ...(n.shadowRoot ? all(n.shadowRoot) : [])];
          const all = (root) => [...root.querySelectorAll('*')].flatMap(inside);
          const maps = () => all(document).filter((n) => n.tagName === 'CANVAS' && n.closest('[data-layer]'));
          const marked = maps(); marked.forEach((c) => { c.mine = true; });
          globalThis.flicker = { frames: 0, bad: 0 };
          const look = () => {
            const now = maps(); flicker.frames++;
            const blank = (c) => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.every((v) => v === 0);
            if (now.length !== marked.length || now.some((c) => !c.mine || blank(c))) flicker.bad++;
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    drag(lab, sigmoid, 0.24, 0.05)
    lab.page.wait_for_function("() => flicker.frames > 10")
    assert lab.page.evaluate("flicker.bad") == 0


def test_a_slider_moves_by_keyboard(lab: Lab, sigmoid: Locator) -> None:
    sigmoid.focus()
    lab.page.keyboard.press("ArrowRight")
    lab.expect_query("steps", "b=50.5")


def test_reset_of_a_step_and_of_all(lab: Lab, sigmoid: Locator) -> None:
    original = lab.query()["drawing"]
    lab.open_step("Edge softness")
    lab.switch("Edge softness", True)
    lab.expect_query("steps", "softness:on")
    lab.page.get_by_role("button", name="Reset Edge softness").click()
    lab.page.wait_for_function("() => !location.search.includes('softness')")
    lab.page.get_by_role("button", name="Reset all").click()
    lab.page.wait_for_function("() => !location.search.includes('steps=')")
    assert lab.query()["drawing"] == original
    expect(lab.page.get_by_role("switch", name="Sigmoid contrast on")).not_to_be_checked()


def test_the_threads_code_left_in_0_to_1_makes_the_network_blind(lab: Lab) -> None:
    lab.draw(LETTER_R)
    lab.drawing(strokes=3)
    lab.page.get_by_test_id("preset").select_option("The thread's sigmoid, left in 0..1")
    lab.expect_query("steps", "output=0..1")
    expect(lab.page.locator('[data-fact="max"]')).to_contain_text("1")
    lab.settle()
    assert lab.top()[0][1] < 0.2, "the top probability is flat"
    expect(lab.page.get_by_test_id("tensor-sentences")).to_contain_text("range looks too small")


def test_a_sigmoid_shows_its_curve_on_the_histogram(lab: Lab, sigmoid: Locator) -> None:
    curve = lab.page.locator("canvas.curve")
    painted = curve.evaluate(
        "c => c.getContext('2d').getImageData(0, 0, c.width, c.height).data.some((v) => v > 0)"
    )
    assert painted
    expect(lab.page.locator('[data-step="sigmoid"]')).to_contain_text(
        "midpoint s/b = 0.5 of white (gray level 127.5)"
    )
