"""A visitor's own model, from the upload to the Lab, in a real browser; refusals, and what other visitors feel of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.lab import LETTER_R, Lab
from tests.hostile_models import BEFORE_THE_PROCESS, write

L = keras.layers
PATIENCE = 180_000
pytestmark = pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")


@pytest.fixture
def models_page(open_lab: Callable[..., Lab], address: str) -> Callable[[], Page]:
    """Opens the Models page, as a visitor of its own."""

    def open_one() -> Page:
        page = open_lab().page
        page.get_by_role("link", name="Models").click()
        expect(page.get_by_role("heading", name="Your own model")).to_be_visible()
        return page

    return open_one


def upload(page: Page, path: Path) -> None:
    page.locator('.st-key-own_file [data-testid="stFileUploaderDropzoneInput"]').set_input_files(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two classifiers as people save them, and one with code in it."""
    keras.utils.set_random_seed(7)
    folder = tmp_path_factory.mktemp("models")
    colour = keras.Sequential(
        [
            keras.Input((24, 24, 3)),
            L.Rescaling(1 / 255),
            L.Conv2D(4, 3, activation="relu", name="eyes"),
            L.GlobalAveragePooling2D(),
            L.Dense(3, activation="softmax", name="answer"),
        ]
    )
    colour.save(folder / "fruit.keras")
    inputs = keras.Input((784,))
    hidden = L.Dense(12, activation="relu", name="hidden")(inputs)
    letters = keras.Model(inputs, L.Dense(26, name="scores")(hidden))
    letters.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    letters.save(folder / "letters.h5")
    code = keras.Sequential([keras.Input((784,)), L.Lambda(lambda x: x / 255, name="scale"), L.Dense(26)])
    code.save(folder / "code.keras")
    return folder


def test_a_keras_file_is_read_its_classes_are_named_and_the_lab_shows_its_layers(
    models_page: Callable[[], Page], folder: Path
) -> None:
    page = models_page()
    upload(page, folder / "fruit.keras")
    expect(page.get_by_role("tab", name="Contract")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_text("the input's shape is (24, 24, 3)")).to_be_visible()
    expect(page.get_by_text("inside the model makes 0 to 1 of 0..255")).to_be_visible()
    names = page.get_by_role("textbox", name="Class names")
    names.fill("apple\npear")
    names.press("Control+Enter")
    expect(page.get_by_test_id("form-error")).to_contain_text("2 class names, but the model gives 3")
    expect(names).to_have_value("apple\npear"), "what was typed is not lost"
    names.fill("apple\npear\n<b>plum</b>")
    names.press("Control+Enter")
    expect(page.get_by_test_id("form-error")).to_have_count(0)
    page.get_by_role("button", name="Use in the Lab").click()
    lab = Lab(page)
    lab.wait_until_ready()
    expect(page.get_by_test_id("prediction")).to_have_count(3)
    assert {name for name, _ in lab.top()} == {"apple", "pear", "<b>plum</b>"}
    expect(page.locator('section[data-layer="eyes"]')).to_be_visible()
    lab.expect_query("model", "upload:fruit.keras")
    lab.draw(LETTER_R)
    lab.settle()
    model = keras.saving.load_model(folder / "fruit.keras", compile=False)
    picture = lab.drawing(len(LETTER_R)).picture().pixels
    assert picture.shape[2] == 3
    assert abs(sum(p for _, p in lab.top()) - 1) < 1e-3 and model.count_params() > 0


def test_while_a_legacy_file_is_checked_another_visitor_goes_on_and_its_784_numbers_are_28_by_28(
    models_page: Callable[[], Page], open_lab: Callable[..., Lab], folder: Path
) -> None:
    other, page = open_lab(), models_page()
    before = other.top()
    upload(page, folder / "letters.h5")
    expect(page.get_by_text("Stop", exact=True)).to_be_visible()
    other.draw(LETTER_R)
    other.settle()
    assert other.top() != before
    expect(page.get_by_role("tab", name="Contract")).to_be_visible(timeout=PATIENCE)
    expect(page.get_by_role("combobox", name="Picture")).to_have_value("28 × 28, gray")
    page.get_by_role("button", name="Name them A, B, … Z").click()
    expect(page.get_by_role("textbox", name="Class names")).to_have_value(
        "\n".join("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    )
    takes_a_wrong_choice_back(page)
    page.get_by_role("tab", name="Architecture").click()
    expect(page.get_by_text("9,758").first).to_be_visible()  # 784 x 12 + 12 + 12 x 26 + 26


def takes_a_wrong_choice_back(page: Page) -> None:
    page.get_by_role("combobox", name="Polarity").click()
    page.get_by_role("option", name="black on white").click()
    expect(page.get_by_text("set by you")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("set by you")).to_have_count(0)


def test_code_in_a_model_is_refused_by_the_layers_name_and_the_other_visitor_goes_on(
    models_page: Callable[[], Page], open_lab: Callable[..., Lab], folder: Path, tmp_path: Path
) -> None:
    other, page = open_lab(), models_page()
    upload(page, folder / "code.keras")
    expect(page.get_by_test_id("own-refusal")).to_contain_text("scale", timeout=PATIENCE)
    expect(page.get_by_test_id("own-refusal")).to_contain_text("Lambda")
    for hostile in BEFORE_THE_PROCESS[::14]:
        upload(page, write(hostile, tmp_path))
        for words in hostile.says:
            expect(page.get_by_test_id("own-refusal")).to_contain_text(words, timeout=PATIENCE)
    other.draw(((((0.2, 0.2), (0.8, 0.8))),))
    other.settle()
    assert np.isfinite([p for _, p in other.top()]).all()
