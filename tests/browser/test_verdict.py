"""The verdict beside the answers: the chip follows the picture, and softmax's sliders do what they say."""

import re

from playwright.sync_api import expect

from tests.browser.lab import LETTER_R, Lab

# A dense knot of strokes all over the paper.
KNOT = tuple(((0.1, 0.1 + 0.08 * i), (0.9, 0.9 - 0.08 * i)) for i in range(10))


def test_a_letter_is_typical_and_a_knot_is_not(lab: Lab) -> None:
    chip = lab.page.get_by_test_id("verdict-chip")
    lab.draw(LETTER_R)
    expect(chip).to_have_text("typical")
    expect(lab.page.get_by_test_id("verdict-sure")).to_contain_text("calibrated")
    lab.draw(KNOT)
    expect(chip).to_have_text(re.compile("unusual|like nothing in training"))
    expect(lab.page.get_by_test_id("verdict-sentence")).to_contain_text("held-out pictures")


def test_the_witnesses_open_with_prototypes_and_stay_in_the_link(lab: Lab) -> None:
    lab.page.get_by_test_id("open-witnesses").click()
    expect(lab.page.get_by_test_id("prototypes").locator("canvas")).to_have_count(5)
    lab.expect_query("view.sureness", "witnesses")
    expect(lab.page.get_by_test_id("guarantee")).to_contain_text("conformal")
    lab.page.get_by_test_id("open-witnesses").click()
    expect(lab.page.get_by_test_id("witnesses")).to_be_hidden()


def test_adding_to_all_logits_changes_nothing_and_multiplying_makes_it_surer(lab: Lab) -> None:
    lab.draw(LETTER_R)
    lab.page.get_by_test_id("open-softmax").click()
    first = lab.page.get_by_test_id("softmax-bars").locator(".bar").first
    logit, share = first.locator(".number").first, first.locator(".number").last
    expect(share).to_contain_text(re.compile("%|all but"))
    before, was = share.inner_text(), logit.inner_text()
    lab.page.get_by_test_id("softmax-plus").fill("7")
    expect(logit).not_to_have_text(was)
    expect(share).to_have_text(before)
    expect(lab.page.get_by_test_id("softmax-effect")).to_contain_text("cancels out")
    lab.page.get_by_test_id("softmax-times").fill("1")
    expect(share).to_contain_text("all but 1 in 10^")
    expect(lab.page.get_by_test_id("attractor")).to_contain_text("pictures of noise")
