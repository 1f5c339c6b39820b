"""The activation maps in a real browser."""

from playwright.sync_api import expect

from tests.browser.lab import Lab


def test_every_layer_of_the_convolutional_network_has_its_maps(open_lab) -> None:
    lab = open_lab("/?model=letters-cnn&sample=r-clean")
    names = [str(node.get_attribute("data-layer")) for node in lab.page.get_by_test_id("layer").all()]
    assert names[0].startswith("conv") and names[-1] == "logits"
    expect(lab.page.locator('section[data-layer="logits"]')).to_contain_text("R")


def test_hovering_reads_unit_position_and_value(lab: Lab) -> None:
    canvas = lab.page.locator('section[data-layer="dense1"] canvas').first
    canvas.scroll_into_view_if_needed()
    canvas.hover(position={"x": 5, "y": 5})
    reading = lab.page.locator('section[data-layer="dense1"]').get_by_test_id("layer-reading")
    expect(reading).to_contain_text("unit 0")
    expect(reading).to_contain_text("row 0, column 0")


def test_a_hidden_layer_is_not_sent_and_the_link_knows(lab: Lab) -> None:
    lab.page.get_by_role("button", name="dense2").click()
    expect(lab.page.locator('section[data-layer="dense2"]')).to_be_hidden()
    lab.expect_query("view.layers", "dense2")


def test_palette_and_scale_change_the_colours_without_the_server(lab: Lab) -> None:
    before = lab.layer_pixels("dense1")
    lab.page.get_by_test_id("palette").select_option("gray")
    lab.expect_query("view.layers", "gray")
    lab.expect_layer_changes("dense1", before)


def test_a_map_opens_enlarged_and_closes_with_escape(lab: Lab) -> None:
    lab.page.locator('section[data-layer="dense1"] canvas').first.click()
    dialog = lab.page.get_by_role("dialog", name="Enlarged map")
    expect(dialog).to_be_visible()
    lab.page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_a_locked_scale_is_the_same_on_the_other_side_of_a_link(lab: Lab, open_lab) -> None:
    def legend(one: Lab) -> str:
        return one.page.locator('section[data-layer="dense1"]').get_by_test_id("layer-legend").inner_text()

    lab.page.get_by_test_id("scale-locked").click()
    lab.expect_query("view.layers", "locked")
    lab.switch("Invert", False)
    lab.expect_query("steps", "invert:off")
    other = open_lab("/?" + lab.page.url.split("?", 1)[1])
    expect(other.page.locator('section[data-layer="dense1"]').get_by_test_id("layer-legend")).to_contain_text(
        "locked"
    )
    assert legend(other) == legend(lab)
