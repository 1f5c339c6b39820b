"""Claims about what labelled images say about a contract."""

import dataclasses

import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.contract_evidence import evidence, mcnemar
from lib.dataset import Dataset
from lib.dataset.tensors import Tensors
from lib.network import Network


def network(contract, kernel, bias):
    """A single dense layer with these weights."""
    model = keras.Sequential(
        [keras.Input(contract.input_shape), keras.layers.Flatten(), keras.layers.Dense(2)]
    )
    model.layers[-1].set_weights([np.asarray(kernel, np.float32), np.asarray(bias, np.float32)])
    return Network(model, contract)


def brightness_network(contract, threshold):
    """Says class 1 if the mean of its input is above the threshold."""
    values = int(np.prod(contract.input_shape))
    return network(contract, np.stack([np.zeros(values), np.full(values, 1 / values)], 1), [threshold, 0])


GRAY = Contract((4, 4, 1), (4, 4), ("dark", "bright"), value_range="0..1")


def shades(n=200):
    """Images of one level with a black border on the left: dark (40) or bright (220)."""
    labels = np.arange(n) % 2
    images = np.where(labels == 1, 220, 40).astype(np.uint8)[:, None, None] * np.ones((1, 4, 4), np.uint8)
    return Dataset(images, labels, GRAY.class_names)


def test_the_right_contract_reads_all_and_nothing_is_suggested():
    sample = shades()
    found = evidence(brightness_network(GRAY, 0.5), Tensors(sample, GRAY), sample.labels)
    assert (found.own.right, found.own.n, found.own.value_range) == (200, 200, "0..1")
    assert found.suggestion is None
    assert len(found.others) == 6 * 2 - 1
    rights = [reading.right for reading in found.others]
    assert rights == sorted(rights, reverse=True)


@pytest.mark.parametrize(
    ("said", "true", "threshold"), [("0..255", "0..1", 0.5), ("0..1", "0..255", 128), ("0..1", "caffe", 40)]
)
def test_a_wrong_value_range_is_found(said, true, threshold):
    contract = dataclasses.replace(GRAY, value_range=said)
    sample = shades()
    found = evidence(brightness_network(contract, threshold), Tensors(sample, contract), sample.labels)
    assert found.own.accuracy == 0.5
    # Dark images are read as bright or the other way round, so inverting does not help.
    suggestion = found.suggestion
    alike = {suggestion.reading.value_range, *(reading.value_range for reading in suggestion.as_good)}
    assert true in alike
    assert suggestion.reading.accuracy == 1
    assert suggestion.contract == dataclasses.replace(contract, value_range=suggestion.reading.value_range)
    assert "right for 100.0 % of 200 images" in suggestion.sentence
    assert f"with your {said}, for 50.0 %" in suggestion.sentence


def test_the_suggested_contract_and_pipeline_give_what_they_promise():
    contract = dataclasses.replace(GRAY, value_range="0..255")
    sample = shades()
    wrong = brightness_network(contract, 0.5)
    suggestion = evidence(wrong, Tensors(sample, contract), sample.labels).suggestion
    better = wrong.with_contract(suggestion.contract)
    again = evidence(better, Tensors(sample, suggestion.contract, suggestion.pipeline), sample.labels)
    assert again.own == suggestion.reading
    assert again.suggestion is None


def strokes(n=200, inverted=False):
    """White bars on black, upright (0) or lying (1)."""
    labels = np.arange(n) % 2
    images = np.zeros((n, 8, 8), np.uint8)
    for index, image in enumerate(images):
        lines = image.T if labels[index] == 0 else image
        lines[3 + index % 2, 1:7] = 255
    return Dataset(255 - images if inverted else images, labels, ("upright", "lying"))


BARS = Contract((8, 8), (8, 8), ("upright", "lying"), value_range="0..1", polarity="white on black")


def bar_network(contract=BARS):
    """Compares the ink along the middle rows with that along the middle columns."""
    upright = np.zeros((8, 8))
    upright[:, 3:5] += 1
    upright[3:5] -= 1
    return network(contract, np.stack([upright.ravel(), -upright.ravel()], 1), [0, 0])


def test_a_sample_of_the_opposite_polarity_is_inverted_and_the_contract_kept():
    sample = strokes(inverted=True)
    found = evidence(bar_network(), Tensors(sample, BARS), sample.labels)
    suggestion = found.suggestion
    assert suggestion.reading.inverted and suggestion.reading.accuracy == 1
    assert suggestion.contract.polarity == "white on black"
    assert suggestion.pipeline["invert"].on
    assert "opposite polarity" in suggestion.sentence
    again = evidence(bar_network(), Tensors(sample, BARS, suggestion.pipeline), sample.labels)
    assert again.own.accuracy == 1
    assert again.suggestion is None


@pytest.mark.parametrize("said", ["any", "black on white"])
def test_the_polarity_of_the_training_images_is_learned_from_the_sample(said):
    contract = dataclasses.replace(BARS, polarity=said)
    sample = strokes()
    suggestion = evidence(bar_network(contract), Tensors(sample, contract), sample.labels).suggestion
    assert suggestion.contract == BARS
    assert not suggestion.reading.inverted
    assert (
        suggestion.sentence
        == f"The sample shows that it was trained on white on black; your contract says {said}."
    )


COLOUR = Contract((4, 4, 3), (4, 4), ("red", "blue"), channels=3, value_range="0..1", channel_order="BGR")


def test_swapped_channels_are_found():
    labels = np.arange(120) % 2
    images = np.full((120, 4, 4, 3), 60, np.uint8)
    images[labels == 0, ..., 0] = 200
    images[labels == 1, ..., 2] = 200
    sample = Dataset(images, labels, COLOUR.class_names)
    kernel = np.zeros((4, 4, 3, 2))
    kernel[..., 0, 0] = kernel[..., 2, 1] = 1  # trained on RGB: red first
    rgb = network(COLOUR, kernel.reshape(-1, 2), [0, 0])
    found = evidence(rgb, Tensors(sample, COLOUR), labels)
    assert found.own.right == 0
    assert len(found.others) == 6 * 2 * 2 - 1
    assert found.suggestion.contract == dataclasses.replace(COLOUR, channel_order="RGB")
    assert "0..1, RGB" in found.suggestion.sentence


def test_gray_images_say_nothing_about_the_order_of_channels():
    sample = Dataset(shades().images, shades().labels, COLOUR.class_names)
    found = evidence(brightness_network(COLOUR, 0.5), Tensors(sample, COLOUR), sample.labels)
    assert {reading.channel_order for reading in found.others} == {"BGR"}


def test_a_network_that_knows_nothing_gets_no_suggestion():
    random = np.random.default_rng(0)
    labels = random.integers(0, 2, 300)
    sample = Dataset(random.integers(0, 256, (300, 4, 4), np.uint8), labels, GRAY.class_names)
    for threshold in (0.5, 128, 0):
        assert evidence(brightness_network(GRAY, threshold), Tensors(sample, GRAY), labels).suggestion is None


def test_few_images_prove_nothing():
    contract = dataclasses.replace(GRAY, value_range="0..255")
    sample = shades(12)
    found = evidence(brightness_network(contract, 0.5), Tensors(sample, contract), sample.labels)
    assert found.others[0].accuracy == 1 and found.own.accuracy == 0.5
    assert found.suggestion is None


def test_answers_that_are_not_finite_are_wrong():
    sample = shades(20)
    broken = network(GRAY, np.full((16, 2), np.nan), [0, 0])
    found = evidence(broken, Tensors(sample, GRAY), sample.labels)
    assert found.own.right == 0
    assert found.suggestion is None


def test_a_pipeline_without_a_value_range_has_no_other_readings():
    pipeline = GRAY.pipeline().with_step("value_range", on=False)
    sample = shades(20)
    assert evidence(brightness_network(GRAY, 0.5), Tensors(sample, GRAY, pipeline), sample.labels) is None


def test_a_given_pipeline_is_judged_as_it_is():
    sample = shades()
    pipeline = GRAY.pipeline().with_step("value_range", mode="0..255")
    found = evidence(brightness_network(GRAY, 0.5), Tensors(sample, GRAY, pipeline), sample.labels)
    assert (found.own.value_range, found.own.accuracy) == ("0..255", 0.5)
    assert found.suggestion.reading.accuracy == 1
    assert found.suggestion.pipeline["value_range"].mode == found.suggestion.contract.value_range != "0..255"


def test_mcnemar_is_the_exact_binomial_test_on_the_images_that_one_alone_reads():
    first = np.array([True] * 10 + [False] * 2 + [True] * 50)
    second = np.array([False] * 10 + [True] * 2 + [True] * 50)
    # Two of twelve or fewer, both tails: 2 (1 + 12 + 66) / 2**12.
    assert mcnemar(first, second) == pytest.approx(2 * 79 / 4096)
    assert mcnemar(second, first) == mcnemar(first, second)
    assert mcnemar(first, first) == 1
