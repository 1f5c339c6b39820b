"""Claims about the robust network, its recipe and the bundled file."""

import dataclasses
import json
from pathlib import Path

import keras
import numpy as np
import pytest

import lib.training.letters_robust as letters_robust
from lib.network import Network
from lib.reference import Reference
from lib.training.branches import joined
from lib.training.data import Labelled, TrainingData
from lib.training.fit import logits_of
from lib.training.letters_robust import (
    RECIPE,
    balance,
    build,
    changed,
    one_epoch,
    to_tensor,
    train,
    with_redrawn,
)
from lib.training.robust_data import NOT_A_LETTER
from lib.zoo import load

FOLDER = Path(__file__).parents[2] / "models" / "letters-robust"


def bars(count):
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = 220
    images[:, 4:8, 8:20] = 220
    return images


def test_it_takes_0_to_255_and_ends_in_27_logits():
    model = build()
    assert model.output_shape == (None, 27)
    assert model.get_layer("rescaling").scale == pytest.approx(1 / 255)
    assert sum(isinstance(layer, keras.layers.BatchNormalization) for layer in model.layers) == 5
    assert RECIPE.contract["class_names"][NOT_A_LETTER] == "not a letter"
    assert RECIPE.contract["value_range"] == "0..255"
    tensor = to_tensor(np.full((1, 28, 28), 255, np.uint8))
    assert tensor.shape == (1, 28, 28, 1) and tensor.dtype == np.float32 and tensor.max() == 255


def test_an_epoch_holds_every_letter_once_and_new_outsiders(monkeypatch):
    monkeypatch.setattr(letters_robust, "_FROM_POOL", 30)
    labels = np.concatenate([np.arange(260) % 26, np.full(50, NOT_A_LETTER)])
    fit = Labelled(bars(310), labels)
    first, second = (one_epoch(fit, np.random.default_rng(seed)) for seed in (0, 1))
    np.testing.assert_array_equal(np.bincount(first.labels[first.labels < 26], minlength=26), 10)
    # Thirty of the pool, and of each of the five kinds made of letters one for every thirty letters or so.
    assert (first.labels == NOT_A_LETTER).sum() == 30 + 5 * round(700 * 260 / 20_000)
    assert len(first) == len(second)
    assert (first.labels[:200] != second.labels[:200]).any()


def test_more_than_half_of_the_letters_stay_and_as_many_drawn_anew_join_them():
    labels = np.concatenate([np.arange(200) % 26, np.full(50, NOT_A_LETTER)])
    part, copies = Labelled(bars(250), labels), Labelled(np.zeros((300, 28, 28), np.uint8), np.full(300, 7))
    mixed = with_redrawn(part, copies, np.random.default_rng(0))
    anew = mixed.images.max((1, 2)) == 0
    assert anew.sum() == 110 and (mixed.labels[anew] == 7).all()
    assert (mixed.labels == NOT_A_LETTER).sum() == 50 and len(mixed) == 110 + 110 + 50
    assert anew[:90].any() and anew[-90:].any()
    assert with_redrawn(part, None, np.random.default_rng(0)) is part


def test_changed_images_are_as_many_the_same_every_time_and_mostly_others():
    images = bars(300)
    first, second = (changed(images, np.random.default_rng(4)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert first.shape == images.shape
    assert 0.08 < (first == images).all((1, 2)).mean() < 0.23
    on_gray = np.median(first, axis=(1, 2)) > 5
    assert 0.17 < on_gray.mean() < 0.35


def test_balancing_calls_the_chosen_share_of_letters_no_letter():
    logits = keras.layers.Dense(27, name="logits")
    model = keras.Sequential([keras.layers.Input((28, 28, 1)), keras.layers.Flatten(), logits])
    images = np.random.default_rng(0).integers(0, 256, (1000, 28, 28)).astype(np.uint8)
    letters = Labelled(images, np.arange(1000) % 26)
    nothing = letters.take(np.arange(0))
    balance(model, TrainingData(nothing, letters, nothing, {}, ()))
    answers = model(to_tensor(images)).numpy().argmax(1)
    assert (answers == NOT_A_LETTER).mean() == pytest.approx(letters_robust.FALSE_REJECTS, abs=0.002)


def test_the_bundled_file_is_this_network_small_and_with_its_step_count():
    model = keras.models.load_model(FOLDER / "model.keras")
    card = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    two = joined(build(), build(), "letters-robust")
    assert [w.shape for w in model.get_weights()] == [w.shape for w in two.get_weights()]
    assert int(model.optimizer.iterations) == card["training"]["steps"] > 3_000
    assert (FOLDER / "model.keras").stat().st_size <= 2_000_000
    assert card["contract"]["class_names"] == RECIPE.contract["class_names"]
    assert card["training"]["augmentation"] == RECIPE.augmentation


@pytest.fixture(scope="module")
def network() -> Network:
    return load("letters-robust")


def answers(network: Network, images: np.ndarray) -> np.ndarray:
    return network.trace(to_tensor(images)).logits.argmax(1)


def test_the_bundled_network_calls_blank_sheets_noise_and_stripes_no_letter(network):
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, (20, 28, 28)).astype(np.uint8)
    blank = np.stack([np.full((28, 28), level, np.uint8) for level in (0, 0, 40, 128, 255)])
    stripes = np.repeat(((np.arange(28) // 3 % 2) * 255).astype(np.uint8)[None, :, None], 28, 2)
    for images in (noise, blank, stripes, stripes.transpose(0, 2, 1)):
        assert (answers(network, images) == NOT_A_LETTER).all()


def test_the_bundled_network_reads_its_prototypes_and_still_does_on_gray_paper(network):
    reference = network.reference
    images = np.clip(np.rint(reference.prototypes.astype(np.float32)), 0, 255).astype(np.uint8)
    assert set(reference.prototype_labels.tolist()) == set(range(26))
    assert (answers(network, images) == reference.prototype_labels).mean() > 0.9
    paper = (60 + images.astype(np.float32) * (130 / 255)).astype(np.uint8)
    assert (answers(network, paper) == reference.prototype_labels).mean() > 0.85


def test_the_bundled_reference_is_small_and_of_letters_alone():
    reference = Reference.load(FOLDER / "reference.npz")
    assert (FOLDER / "reference.npz").stat().st_size < 1_000_000
    assert reference.held_out_logits.shape[1] == 27
    assert reference.held_out_labels.max() < NOT_A_LETTER
    assert reference.value_range == "0..255"


def tiny_recipe():
    def small():
        return keras.Sequential(
            [
                keras.layers.Input((28, 28, 1)),
                keras.layers.Rescaling(1 / 255),
                keras.layers.Conv2D(8, 3, strides=3, activation="relu"),
                keras.layers.GlobalAveragePooling2D(),
                keras.layers.Dense(27, name="logits"),
            ]
        )

    return dataclasses.replace(RECIPE, build=small, epochs=2, batch_size=24, learning_rate=0.03)


def test_training_goes_on_in_three_more_stages_and_the_first_and_last_network_stand_side_by_side(monkeypatch):
    noise = np.random.default_rng(0).integers(0, 256, (120, 28, 28)).astype(np.uint8)
    data = Labelled(np.concatenate([bars(120), noise]), np.repeat([19, NOT_A_LETTER], 120))
    copies = Labelled(bars(90) // 2, np.full(90, 19))
    drawn = []

    def as_it_is(part, random, tones=letters_robust.TONES, from_pool=None):
        drawn.append((tones.noise, from_pool, len(part)))
        return part

    monkeypatch.setattr(letters_robust, "one_epoch", as_it_is)
    monkeypatch.setattr(letters_robust, "_SECOND_EPOCHS", 3)
    monkeypatch.setattr(letters_robust, "_THIRD_EPOCHS", 2)
    monkeypatch.setattr(letters_robust, "_LAST_EPOCHS", 1)
    recipe = dataclasses.replace(tiny_recipe(), augment=as_it_is)
    parts = TrainingData(data, data, data, {}, (), redrawn=copies)
    fitted = train(recipe, parts, seed=0, progress=False)
    found = logits_of(fitted.model, to_tensor(data.images)).argmax(1)
    assert (found == data.labels).mean() > 0.95
    assert fitted.validation_accuracy == pytest.approx((found == data.labels).mean())
    # Only the later stages add noise and take more outsiders, and only the last two take letters drawn anew.
    kinds = [(0.0, None, 240), (0.1, 22_000, 240), (0.1, 22_000, 66 + 66 + 120)]
    assert sorted(drawn, key=kinds.index) == drawn and set(drawn) == set(kinds)
    # Ten batches an epoch, of all stages together.
    assert int(fitted.model.optimizer.iterations) == fitted.best_epoch * 10
    assert fitted.epochs == 8
    # The file keeps the steps and no moments.
    assert len(fitted.model.optimizer.variables) <= 2
    assert sum(isinstance(layer, keras.layers.Conv2D) for layer in fitted.model.layers) == 2
