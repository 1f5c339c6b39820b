"""Claims about the convolutional network, its recipe and the bundled file."""

import json
from pathlib import Path

import keras
import numpy as np

from lib.reference import Reference
from lib.training.letters_cnn import RECIPE, build, to_tensor

FOLDER = Path(__file__).parents[2] / "models" / "letters-cnn"


def test_its_layers_have_readable_names_and_end_in_26_logits():
    model = build()
    names = [layer.name for layer in model.layers]
    assert names[:7] == ["conv1", "bn1", "relu1", "conv2", "bn2", "relu2", "pool1"]
    assert names[-3:] == ["flatten", "dense", "logits"]
    assert model.output_shape == (None, 26)
    assert model.layers[-1].activation.__name__ == "linear"


def test_all_its_convolution_maps_are_few_enough_to_be_shown():
    maps = [layer.output.shape[1:] for layer in build().layers if layer.name.startswith("conv")]
    assert sum(int(np.prod(shape)) for shape in maps) == 43_904


def test_it_takes_values_from_0_to_1_with_a_channel_axis():
    images = np.array([[[0, 51], [102, 255]]], np.uint8)
    np.testing.assert_allclose(to_tensor(images)[0, ..., 0], [[0, 0.2], [0.4, 1]], rtol=1e-6)
    assert to_tensor(images).dtype == np.float32
    assert RECIPE.contract["value_range"] == "0..1"
    assert not any(isinstance(layer, keras.layers.Rescaling) for layer in build().layers)


def test_the_bundled_file_is_this_network_with_its_optimizers_state():
    model = keras.models.load_model(FOLDER / "model.keras")
    card = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    assert [w.shape for w in model.get_weights()] == [w.shape for w in build().get_weights()]
    assert int(model.optimizer.iterations) == card["training"]["steps"] > 5_000
    assert card["scores"]["unipen new writers"]["accuracy"] >= 0.95
    assert "affine" in card["training"]["augmentation"]
    assert (FOLDER / "model.keras").stat().st_size < 2_000_000


def test_the_initial_batchnorm_statistics_have_long_been_forgotten():
    model = keras.models.load_model(FOLDER / "model.keras")
    steps = int(model.optimizer.iterations)
    norms = [layer for layer in model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) == 6
    assert all(layer.momentum**steps < 1e-9 for layer in norms)


def test_the_bundled_network_reads_its_own_prototypes():
    model, reference = (
        keras.models.load_model(FOLDER / "model.keras"),
        Reference.load(FOLDER / "reference.npz"),
    )
    answers = model(reference.prototypes[..., None].astype(np.float32)).numpy().argmax(1)
    assert (answers == reference.prototype_labels).mean() > 0.9


def test_the_bundled_reference_is_small_and_in_the_range_of_the_contract():
    reference = Reference.load(FOLDER / "reference.npz")
    assert (FOLDER / "reference.npz").stat().st_size < 900_000
    assert reference.value_range == "0..1"
    assert reference.band("max")[1] == 1
    assert reference.activations["relu1"].shape == (3, 16)
