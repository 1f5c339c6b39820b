"""Claims about the bundled house-number network: its file, its card, and the question that it replays."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest

from lib.network import Network
from lib.reference import Reference
from lib.samples import sample
from lib.training.house_numbers import CROSS_VALIDATED, RECIPE, build
from lib.zoo import card as card_of
from lib.zoo import load

FOLDER = Path(__file__).parents[2] / "models" / "house-numbers"


@pytest.fixture(scope="module")
def network() -> Network:
    return load("house-numbers")


@pytest.fixture(scope="module")
def card() -> dict:
    return json.loads((FOLDER / "card.json").read_text(encoding="utf-8"))


def traced(network: Network, id: str, times: float):
    """What the network makes of a sample, prepared as its contract says and then multiplied."""
    tensor = network.contract.pipeline().run(sample(id).picture()).final
    return network.trace(tensor[None] * times)


def test_the_file_is_this_network_and_knows_its_steps(card):
    model = keras.models.load_model(FOLDER / "model.keras")
    assert [w.shape for w in model.get_weights()] == [w.shape for w in build().get_weights()]
    assert model.layers[-1].name == "softmax"
    assert int(model.optimizer.iterations) == card["training"]["steps"] > 5_000
    assert (FOLDER / "model.keras").stat().st_size < 4_000_000


def test_the_initial_batchnorm_statistics_have_long_been_forgotten(network):
    norms = [layer for layer in network.model.layers if isinstance(layer, keras.layers.BatchNormalization)]
    assert len(norms) == 5
    steps = int(keras.models.load_model(FOLDER / "model.keras").optimizer.iterations)
    assert all(layer.momentum**steps < 1e-9 for layer in norms)


def test_the_card_tells_the_cross_validated_accuracy_and_what_it_is_not(card):
    score = card["scores"][CROSS_VALIDATED]
    assert score["accuracy"] >= 0.88 and score["n"] == 554 and score["photos"] == 256
    low, high = score["interval_95"]
    assert low < score["accuracy"] < high
    assert "not the official SVHN" in CROSS_VALIDATED
    assert any("Street View" in source["name"] for source in card["provenance"])
    assert any(
        "font families" in source["name"] and "DejaVu Sans" in source["source"]
        for source in card["provenance"]
    )


def test_the_contract_is_that_of_the_recipe_and_belongs_to_question_2():
    known = card_of("house-numbers")
    assert known.question == 2
    assert known.contract.value_range == "0..1" and known.contract.output == "softmax"
    assert list(known.contract.class_names) == RECIPE.contract["class_names"]


@pytest.mark.parametrize("id", ["house-seven", "house-five", "house-three"])
def test_the_sample_digits_are_read(network, id):
    assert str(traced(network, id, 1).probabilities[0].argmax()) == sample(id).truth


@pytest.mark.parametrize("id", ["brick-wall", "window"])
def test_unscaled_a_wall_without_a_digit_is_a_digit_with_probability_one(network, id):
    """The question: probability 1.0 for a digit, and there is no digit in the picture. The logits show the cause."""
    right, wrong = traced(network, id, 1), traced(network, id, 255)
    assert right.probabilities[0].max() < 0.9 and wrong.probabilities[0].max() > 0.999
    assert wrong.logits[0].max() > 20 * np.abs(right.logits[0]).max()


def test_it_reads_its_own_prototypes(network):
    reference = Reference.load(FOLDER / "reference.npz")
    assert reference.prototypes.shape[1:] == (32, 32, 3)
    assert reference.prototype_sizes.min() >= 10
    assert reference.value_range == "0..1" and 0 < reference.band("mean")[0] < reference.band("mean")[1] < 1
    answers = network.trace(reference.prototypes.astype(np.float32)).probabilities.argmax(1)
    assert (answers == reference.prototype_labels).mean() > 0.5
