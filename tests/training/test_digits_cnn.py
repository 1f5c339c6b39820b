"""Claims about the digits' network, its recipe and the bundled file."""

from __future__ import annotations

import json
from pathlib import Path

import keras
import numpy as np

from lib.reference import Reference
from lib.training.data import Labelled
from lib.training.digits_cnn import RECIPE, build, one_epoch, to_tensor

FOLDER = Path(__file__).parents[2] / "models" / "digits-cnn"


def test_its_layers_have_readable_names_and_end_in_ten_logits() -> None:
    names = [layer.name for layer in build().layers]
    assert names[:5] == ["rescaling", "conv1", "bn1", "relu1", "conv2"]
    assert names[-3:] == ["flatten", "dense", "logits"]
    assert build().output_shape == (None, 10)


def test_it_takes_values_from_0_to_255_and_scales_them_itself() -> None:
    images = np.array([[[0, 51], [102, 255]]], np.uint8)
    np.testing.assert_array_equal(to_tensor(images)[0, ..., 0], [[0, 51], [102, 255]])
    assert RECIPE.contract["value_range"] == "0..255" and RECIPE.contract["polarity"] == "white on black"
    assert build().get_layer("rescaling").scale == 1 / 255


def test_an_epoch_takes_other_digits_each_time_and_keeps_their_labels() -> None:
    labels = np.arange(30_000) % 10
    images = np.zeros((30_000, 28, 28), np.uint8)
    images[np.arange(30_000), 13, 4 + 2 * labels] = 255
    small = Labelled(images[:50], labels[:50])
    epoch = one_epoch(small, np.random.default_rng(0))
    assert np.array_equal(epoch.labels, small.labels) and epoch.images.shape == small.images.shape
    assert not np.array_equal(epoch.images, small.images)


def test_the_bundled_file_is_this_network_and_as_good_as_its_card_says() -> None:
    model = keras.models.load_model(FOLDER / "model.keras")
    card = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    assert [w.shape for w in model.get_weights()] == [w.shape for w in build().get_weights()]
    assert int(model.optimizer.iterations) == card["training"]["steps"] == 8 * 375
    assert card["scores"]["mnist test"]["accuracy"] >= 0.99
    assert card["scores"]["unipen new writers"]["accuracy"] >= 0.96
    assert (FOLDER / "model.keras").stat().st_size < 800_000


def test_the_initial_batchnorm_statistics_have_long_been_forgotten() -> None:
    model = keras.models.load_model(FOLDER / "model.keras")
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) == 5
    assert all(layer.momentum ** int(model.optimizer.iterations) < 1e-9 for layer in norms)


def test_the_bundled_network_reads_its_own_prototypes() -> None:
    model = keras.models.load_model(FOLDER / "model.keras")
    reference = Reference.load(FOLDER / "reference.npz")
    assert reference.value_range == "0..255"
    answers = model(reference.prototypes[..., None].astype(np.float32)).numpy().argmax(1)
    assert (answers == reference.prototype_labels).mean() > 0.95
