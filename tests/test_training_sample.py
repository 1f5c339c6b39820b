"""Claims about the Reference and the report that a training sample gives."""

import dataclasses

import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.dataset import Dataset, DatasetError, Pictures
from lib.network import Network
from lib.picture import Picture
from lib.reference import build_reference
from lib.training_sample import FEWEST, reference_from_sample, report_on_sample, split
from tests.keras_models import BUILDS, contract_for

NAMES = ("upright", "lying")
CONTRACT = Contract((12, 12, 1), (12, 12), NAMES, value_range="0..1", polarity="white on black")


def bars(n=300, seed=0):
    """White bars on black with noise, upright (0) or lying (1), uint8 (n, 12, 12)."""
    random = np.random.default_rng(seed)
    labels = np.arange(n) % 2
    images = random.integers(0, 12, (n, 12, 12), np.uint8)
    for image, label in zip(images, labels, strict=True):
        place = random.integers(2, 9)
        lines = image.T if label == 0 else image
        lines[place : place + 2, 2:10] = random.integers(180, 256)
    return Dataset(images, labels, NAMES, name="bars")


@pytest.fixture(scope="module")
def network():
    """Trained for a few steps on bars in 0..1."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential(
        [
            keras.Input((12, 12, 1)),
            keras.layers.Conv2D(4, 5, activation="tanh", name="conv"),
            keras.layers.Flatten(name="flat"),
            keras.layers.Dense(2, "softmax", name="out"),
        ]
    )
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    train = bars(400, seed=1)
    model.fit(train.images[..., None] / 255.0, train.labels, epochs=6, verbose=0)
    return Network(model, dataclasses.replace(CONTRACT, output="softmax"))


@pytest.fixture(scope="module")
def made(network):
    return reference_from_sample(network, bars(), seed=3)


def test_the_reference_is_that_of_the_same_tensors(network, made):
    reference, report = made
    sample = bars()
    known, held_out = split(sample.labels, 3)
    inputs = sample.images[..., None] / np.float32(255)
    expected = build_reference(
        network,
        inputs[known],
        sample.labels[known],
        inputs[held_out],
        sample.labels[held_out],
        "0..1",
        seed=3,
    )
    assert (report.known, report.held_out) == (len(known), len(held_out)) == (240, 60)
    for name, value in vars(expected).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(reference, name), value, err_msg=name)
    for name, band in expected.activations.items():
        np.testing.assert_array_equal(reference.activations[name], band)


def test_the_report_counts_what_the_network_reads(network, made):
    report = made[1]
    sample = bars()
    answers = network.trace(sample.images[..., None] / 255.0).logits.argmax(1)
    right = answers == sample.labels
    assert (report.n, report.right) == (300, right.sum())
    assert report.accuracy > 0.95
    assert [(score.name, score.n, score.right) for score in report.classes] == [
        (name, 150, right[sample.labels == label].sum()) for label, name in enumerate(NAMES)
    ]
    assert report.evidence.suggestion is None
    assert report.sentence.startswith(
        f"Under its contract the network reads {100 * right.mean():.1f} % of 300"
    )


def test_the_held_out_images_are_said_to_be_optimistic(made):
    assert "If the network was trained on them" in made[1].notes[-1]


def test_a_wrong_contract_is_seen_before_a_reference_is_made(network):
    wrong = network.with_contract(dataclasses.replace(network.contract, value_range="0..255"))
    report = report_on_sample(wrong, bars())
    suggestion = report.evidence.suggestion
    assert suggestion.contract == network.contract
    assert suggestion.sentence in report.sentence
    better = report_on_sample(network.with_contract(suggestion.contract), bars(), suggestion.pipeline)
    assert better.accuracy > report.accuracy + 0.05


def test_pictures_and_arrays_give_the_same_report(network):
    sample = bars(40)
    pictures = dataclasses.replace(
        sample, images=Pictures(Picture.from_array(image) for image in sample.images)
    )
    one, other = report_on_sample(network, sample), report_on_sample(network, pictures)
    assert (one.right, one.evidence.own, one.evidence.others) == (
        other.right,
        other.evidence.own,
        other.evidence.others,
    )


def test_classes_are_matched_by_name_and_strangers_left_out(network):
    sample = bars(60)
    images = np.concatenate([sample.images, sample.images[:7]])
    labels = np.concatenate([1 - sample.labels, np.full(7, 2)])
    report = report_on_sample(network, Dataset(images, labels, ("Lying", "Upright", "dots")))
    assert report.n == 60
    assert report.accuracy > 0.9
    assert "7 images were left out" in report.notes[0]


def test_small_and_missing_classes_are_named(network):
    sample = bars(60).take(np.r_[np.arange(0, 60, 2), [1]])
    report = report_on_sample(network, sample)
    assert any("get no prototype: lying" in note for note in report.notes)
    report = report_on_sample(network, bars(60).take(np.arange(0, 60, 2)))
    assert any("1 of the network's 2 classes have no image" in note for note in report.notes)


def test_too_few_images_are_refused(network):
    with pytest.raises(DatasetError, match=f"at least {FEWEST}"):
        reference_from_sample(network, bars(FEWEST - 1))


def test_a_network_that_answers_with_nan_is_told(network):
    model = keras.models.clone_model(network.model)
    weights, bias = model.get_layer("out").get_weights()
    model.get_layer("out").set_weights([weights * np.nan, bias])
    with pytest.raises(DatasetError, match=r"No Reference can be made from this sample.*NaN"):
        reference_from_sample(Network(model, network.contract), bars(40))


def test_progress_reaches_the_end_and_never_goes_back(network):
    reports = []
    reference_from_sample(network, bars(60), progress=lambda done, total: reports.append(done / total))
    assert reports == sorted(reports)
    assert reports[-1] == 1


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_networks_of_every_build_get_a_reference(build):
    model, _ = build()
    contract = contract_for(model)
    shape = (40, *contract.size, 3) if contract.channels == 3 else (40, *contract.size)
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    sample = Dataset(images, np.arange(40) % len(contract.class_names), contract.class_names)
    reference, report = reference_from_sample(Network(model, contract), sample)
    assert reference.held_out_logits.shape == (report.held_out, len(contract.class_names))
    assert reference.prototypes.shape[1:3] == contract.size
    names = {layer.name for layer in Network(model, contract).layers}
    assert set(reference.activations) <= names


@pytest.mark.parametrize("output", ["sigmoid", "logits"])
def test_a_binary_network_has_two_logits_a_picture(output):
    model = keras.Sequential(
        [
            keras.Input((12, 12)),
            keras.layers.Flatten(),
            keras.layers.Dense(1, "sigmoid" if output == "sigmoid" else None),
        ]
    )
    contract = Contract((12, 12), (12, 12), NAMES, output=output, task="binary")
    reference, _ = reference_from_sample(Network(model, contract), bars(40))
    assert reference.held_out_logits.shape[1] == 2
    assert (reference.held_out_logits[:, 0] == 0).all()


def test_a_split_holds_out_a_fifth_of_each_class():
    labels = np.repeat([0, 1, 2, 3], [100, 10, 2, 1])
    known, held_out = split(labels, 0)
    np.testing.assert_array_equal(np.bincount(labels[held_out], minlength=4), [20, 2, 1, 0])
    np.testing.assert_array_equal(np.sort(np.concatenate([known, held_out])), np.arange(113))
    known, held_out = split(np.arange(5), 0)
    assert (len(known), len(held_out)) == (4, 1)
