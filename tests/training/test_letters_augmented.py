"""Claims about the dense network that is trained as the question's answer recommends, and the bundled file."""

import json
from pathlib import Path

import keras
import numpy as np

from lib.training.data import Labelled
from lib.training.letters_augmented import RECIPE, build, changed_copies
from lib.training.letters_mlp import RECIPE as PLAIN

FOLDER = Path(__file__).parents[2] / "models" / "letters-mlp-augmented"


def bars(count):
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = 200
    return Labelled(images, np.arange(count) % 26)


def test_it_is_the_network_of_the_question_under_another_name():
    model = build()
    assert [layer.units for layer in model.layers] == [200, 150, 100, 50, 26]
    assert model.count_params() == 208_626
    assert model.name == RECIPE.name == "letters-mlp-augmented"
    assert RECIPE.contract == PLAIN.contract


def test_a_quarter_of_the_letters_stays_and_the_others_change_each_in_its_own_way():
    letters = bars(400)
    changed = changed_copies(letters, np.random.default_rng(0))
    np.testing.assert_array_equal(changed.labels, letters.labels)
    same = (changed.images == letters.images).all((1, 2))
    assert 0.17 < same.mean() < 0.33
    assert len({image.tobytes() for image in changed.images[~same]}) == (~same).sum()
    assert (letters.images == bars(400).images).all()


def test_every_change_of_the_answer_occurs():
    changed = changed_copies(bars(600), np.random.default_rng(0)).images
    width, height = ((changed > 100).any(axis).sum(1) for axis in (1, 2))
    binary = np.isin(changed, (0, 255)).all((1, 2))
    rows = (changed * np.arange(28)[:, None]).sum((1, 2)) / changed.sum((1, 2))
    assert binary.mean() > 0.1
    assert height.min() <= 12 and height.max() >= 22
    assert width.max() >= 6
    assert np.abs(rows - 13.5).max() > 3.5


def test_the_bundled_file_is_this_network_and_holds_up_better_than_the_plain_one():
    model = keras.models.load_model(FOLDER / "model.keras")
    card = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    assert [w.shape for w in model.get_weights()] == [w.shape for w in build().get_weights()]
    assert int(model.optimizer.iterations) == card["training"]["steps"] > 10_000
    assert card["training"]["augmentation"] == RECIPE.augmentation
    assert card["contract"] == PLAIN.contract
    assert card["scores"]["unipen new writers"]["accuracy"] >= 0.9
    assert (FOLDER / "model.keras").stat().st_size < 3_000_000
