"""Claims about measuring a model and writing its folder."""

import dataclasses
import json

import keras
import numpy as np
import pytest

from lib.reference import Reference
from lib.training.card import scores, write_folder
from lib.training.data import Labelled, TrainingData
from lib.training.fit import fit
from lib.training.letters_mlp import RECIPE


@pytest.fixture(scope="module")
def folder(tiny_letters, tmp_path_factory):
    recipe = dataclasses.replace(RECIPE, epochs=1, learning_rate=1e-4, average=None)
    fitted = fit(recipe, tiny_letters, seed=0, progress=False)
    path = tmp_path_factory.mktemp("models") / "deep" / "letters-mlp"
    write_folder(path, recipe, fitted, tiny_letters, "python -m lib.training letters-mlp", 0, 12.3)
    return path


@pytest.fixture(scope="module")
def card(folder):
    return json.loads((folder / "card.json").read_text(encoding="utf-8"))


def test_one_epoch_writes_a_complete_folder(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["card.json", "model.keras", "reference.npz"]


def test_the_scores_of_the_card_are_those_of_the_model_in_the_folder(folder, card, tiny_letters):
    model = keras.models.load_model(folder / "model.keras")
    for name, letters in {
        "new": tiny_letters.tests["new"],
        "held out for calibration": tiny_letters.held_out,
    }.items():
        right = model(letters.images.reshape(-1, 784).astype(np.float32)).numpy().argmax(1) == letters.labels
        score = card["scores"][name]
        assert score["accuracy"] == pytest.approx(right.mean(), abs=1e-4)
        assert score["n"] == 100
        assert list(score["per_class"]) == list("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def test_the_card_says_all_that_is_needed_to_reproduce_and_to_distrust(card):
    assert {
        "name",
        "title",
        "question",
        "summary",
        "contract",
        "provenance",
        "training",
        "scores",
        "limits",
    } <= set(card)
    assert card["training"]["parameters"] == 208_626
    assert card["training"]["seconds"] == 12
    assert card["training"]["images"] == {"fit": 600, "validation": 100, "held_out": 100}
    assert {"command", "seed", "epochs", "versions"} <= set(card["training"])
    assert card["provenance"][0] == {
        "name": "blocks",
        "source": "made by the tests",
        "licence": "CC0",
        "used_for": "everything",
    }
    assert "These are blocks." in card["limits"]


def test_the_contract_takes_its_centring_from_the_data(card):
    assert card["contract"]["centre"] == "bounding box"
    assert RECIPE.contract["centre"] == "centre of mass"


def test_the_reference_belongs_to_the_model(folder, tiny_letters):
    reference = Reference.load(folder / "reference.npz")
    model = keras.models.load_model(folder / "model.keras")
    logits = model(tiny_letters.held_out.images.reshape(-1, 784).astype(np.float32)).numpy()
    np.testing.assert_allclose(reference.held_out_logits, logits, rtol=2e-3, atol=2e-2)
    assert reference.value_range == "0..255"
    assert list(reference.activations) == ["dense1", "dense2", "dense3", "dense4", "logits"]


def test_the_score_of_a_class_is_counted_among_its_own_letters_only():
    always_b = keras.Sequential(
        [keras.layers.Input((784,)), keras.layers.Dense(26, kernel_initializer="zeros")]
    )
    always_b.layers[0].bias.assign(np.eye(26)[1])
    letters = Labelled(np.zeros((4, 28, 28), np.uint8), np.array([0, 1, 1, 1]))
    score = scores(always_b, RECIPE, {"four": letters})["four"]
    assert score["accuracy"] == 0.75
    assert score["per_class"]["A"] == 0
    assert score["per_class"]["B"] == 1
    assert score["per_class"]["C"] is None


def test_a_recipe_for_another_task_uses_its_own_classes_and_its_own_centring(tmp_path):
    """Colour pictures of three classes: red, green, blue."""

    def build():
        return keras.Sequential(
            [
                keras.layers.Input((32, 32, 3)),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(3, name="logits"),
            ]
        )

    def colours(seed):
        labels = np.random.default_rng(seed).integers(0, 3, 120)
        return Labelled(
            np.eye(3)[labels][:, None, None].repeat(32, 1).repeat(32, 2).astype(np.uint8) * 255, labels
        )

    contract = {"value_range": "0..1", "class_names": ["red", "green", "blue"], "centre": "none"}
    recipe = dataclasses.replace(
        RECIPE,
        build=build,
        contract=contract,
        to_tensor=lambda images: images.astype(np.float32) / np.float32(255),
        epochs=10,
        learning_rate=0.3,
        average=None,
    )
    data = TrainingData(colours(0), colours(1), colours(2), {"new": colours(3)}, ())
    fitted = fit(recipe, data, seed=0, progress=False)
    card = write_folder(tmp_path, recipe, fitted, data, "python -m lib.training colours", 0, 1.0)
    assert card["scores"]["new"]["per_class"] == {"red": 1.0, "green": 1.0, "blue": 1.0}
    assert card["contract"] == contract
    assert Reference.load(tmp_path / "reference.npz").prototypes.shape[1:] == (32, 32, 3)


def test_the_reference_describes_what_the_data_call_known(tiny_letters, tmp_path):
    only_c = tiny_letters.fit.take(tiny_letters.fit.labels == 2)
    data = dataclasses.replace(tiny_letters, known=only_c)
    recipe = dataclasses.replace(RECIPE, epochs=1)
    write_folder(tmp_path, recipe, fit(recipe, data, seed=0, progress=False), data, "a command", 0, 1.0)
    assert set(Reference.load(tmp_path / "reference.npz").prototype_labels.tolist()) == {2}
