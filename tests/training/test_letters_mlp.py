"""Claims about the dense network, its recipe and the bundled file."""

import json
from pathlib import Path

import keras
import numpy as np

from lib.reference import Reference
from lib.training.letters_mlp import RECIPE, build, to_tensor

FOLDER = Path(__file__).parents[2] / "models" / "letters-mlp"


def test_it_is_the_network_of_the_question():
    model = build()
    assert [layer.units for layer in model.layers] == [200, 150, 100, 50, 26]
    assert [layer.activation.__name__ for layer in model.layers] == ["relu"] * 4 + ["linear"]
    assert model.count_params() == 208_626


def test_pixels_reach_it_as_they_are():
    images = np.arange(784, dtype=np.int64).reshape(1, 28, 28).astype(np.uint8)
    tensor = to_tensor(images)
    assert tensor.dtype == np.float32
    np.testing.assert_array_equal(tensor[0], np.arange(784) % 256)


def test_it_is_trained_without_augmentation_on_raw_values():
    assert RECIPE.augment is None
    assert RECIPE.contract["value_range"] == "0..255"


def test_the_bundled_file_is_this_network_with_its_optimizers_state():
    model = keras.models.load_model(FOLDER / "model.keras")
    card = json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))
    assert [w.shape for w in model.get_weights()] == [w.shape for w in build().get_weights()]
    assert int(model.optimizer.iterations) == card["training"]["steps"] > 10_000
    assert card["scores"]["unipen new writers"]["accuracy"] >= 0.855
    assert (FOLDER / "model.keras").stat().st_size < 3_000_000


def test_the_bundled_network_reads_its_own_prototypes():
    model, reference = (
        keras.models.load_model(FOLDER / "model.keras"),
        Reference.load(FOLDER / "reference.npz"),
    )
    answers = model(reference.prototypes.reshape(-1, 784).astype(np.float32)).numpy().argmax(1)
    assert (answers == reference.prototype_labels).mean() > 0.9


def test_on_values_0_to_1_the_bundled_network_always_gives_the_same_unsure_answer():
    model, reference = (
        keras.models.load_model(FOLDER / "model.keras"),
        Reference.load(FOLDER / "reference.npz"),
    )
    logits = model(reference.prototypes.reshape(-1, 784).astype(np.float32) / 255).numpy()
    top = np.exp(logits - logits.max(1, keepdims=True))
    top = (top / top.sum(1, keepdims=True)).max(1)
    assert len(set(logits.argmax(1).tolist())) == 1
    assert top.max() < 0.2


def test_the_bundled_reference_is_small_and_complete():
    reference = Reference.load(FOLDER / "reference.npz")
    assert (FOLDER / "reference.npz").stat().st_size < 900_000
    assert set(reference.prototype_labels.tolist()) == set(range(26))
    assert reference.prototype_sizes.min() >= 10
    assert reference.band("max")[1] == 255
