"""Claims about the calibration in a card: it is that of the Reference beside it, and it is measured on other pictures."""

import dataclasses
import json

import keras
import pytest

from lib import zoo
from lib.calibration import ece, fit_temperature
from lib.probabilities import softmax
from lib.reference import Reference, build_reference
from lib.training.calibrating import calibration, write_calibration
from lib.training.data import Labelled, concatenate
from lib.training.letters_mlp import RECIPE

BUNDLED = [card.name for card in zoo.catalogue() if card.origin == "bundled"]


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    layers = [
        keras.layers.Input((784,)),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Dense(26, name="logits"),
    ]
    return keras.Sequential(layers)


def logits(model, letters):
    return model(RECIPE.to_tensor(letters.images)).numpy().astype(float)


def entry(model, data, recipe=RECIPE):
    reference = build_reference(
        model,
        RECIPE.to_tensor(data.fit.images),
        data.fit.labels,
        RECIPE.to_tensor(data.held_out.images),
        data.held_out.labels,
        "0..255",
    )
    return calibration(model, reference, recipe, data)


def test_fitted_on_held_out_pictures_and_measured_on_the_first_test_set(model, tiny_letters):
    found = entry(model, tiny_letters)
    expected = fit_temperature(logits(model, tiny_letters.held_out), tiny_letters.held_out.labels)
    assert found["temperature"] == pytest.approx(expected, rel=1e-3)
    assert (found["held_out"], found["measured_on"], found["n"]) == (100, "new", 100)
    scores, labels = logits(model, tiny_letters.tests["new"]), tiny_letters.tests["new"].labels
    right = scores.argmax(1) == labels
    assert found["ece_before"] == pytest.approx(ece(softmax(scores).max(1), right), abs=1e-4)
    after = softmax(scores / expected).max(1)
    assert found["ece_after"] == pytest.approx(ece(after, right), abs=1e-3)


def test_test_sets_of_the_trained_sources_are_measured_together(model, tiny_letters):
    first = tiny_letters.tests["new"]
    other = Labelled(first.images[:40, ::-1], first.labels[:40])
    tests = {"external": other, "new": first, "more": other}
    found = entry(model, dataclasses.replace(tiny_letters, tests=tests, alike=("new", "more")))
    assert (found["measured_on"], found["n"]) == ("new + more", 140)
    alone = entry(model, dataclasses.replace(tiny_letters, tests={"both": concatenate([first, other])}))
    assert found["ece_before"] == alone["ece_before"] != entry(model, tiny_letters)["ece_before"]


def test_a_softmax_at_the_end_changes_nothing_and_without_a_test_set_validation_is_measured(
    model, tiny_letters
):
    ended = keras.Sequential([model, keras.layers.Softmax()])
    recipe = dataclasses.replace(RECIPE, contract={**RECIPE.contract, "output": "softmax"})
    data = dataclasses.replace(tiny_letters, tests={})
    found, plain = entry(ended, data, recipe), entry(model, data)
    assert found["measured_on"] == plain["measured_on"] == "validation"
    assert found["ece_after"] == pytest.approx(plain["ece_after"], abs=2e-3)


def test_only_that_entry_of_a_card_is_replaced(tmp_path):
    (tmp_path / "card.json").write_text(
        json.dumps({"title": "Ä", "calibration": {"temperature": 1}}), encoding="utf-8"
    )
    write_calibration(tmp_path, {"temperature": 2.5})
    card = json.loads((tmp_path / "card.json").read_text(encoding="utf-8"))
    assert card == {"title": "Ä", "calibration": {"temperature": 2.5}}


@pytest.mark.parametrize("name", BUNDLED)
def test_a_bundled_cards_temperature_is_that_of_its_reference(name):
    card = next(card for card in zoo.catalogue() if card.name == name)
    reference = Reference.load(card.reference_path)
    fitted = fit_temperature(reference.held_out_logits.astype(float), reference.held_out_labels)
    assert card.calibration["temperature"] == pytest.approx(fitted, abs=1e-4)
    assert card.calibration["held_out"] == len(reference.held_out_labels)
    assert 0 <= card.calibration["ece_after"] < 0.02
