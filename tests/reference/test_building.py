"""Claims about making a Reference: what it keeps of the training data, for any network, in bounded memory."""

import warnings

import keras
import numpy as np
import pytest

import lib.reference.building as building
from lib.network import Network
from lib.reference import build_reference
from lib.statistics import statistics
from tests.keras_models import BUILDS, batch_for, contract_for, shaken


def test_every_prototype_is_the_mean_of_at_least_ten_images_and_no_training_image(reference, training):
    images = training[0][:300, ..., 0]
    assert reference.prototype_sizes.min() >= 10
    assert reference.prototype_sizes.sum() <= 300
    assert set(reference.prototype_labels.tolist()) == {0, 1}
    distance = np.abs(reference.prototypes[:, None].astype(np.float64) - images[None]).max((2, 3))
    assert distance.min() > 0.01


def test_a_class_too_small_to_average_has_no_prototype(model, training):
    images, labels = training
    few = np.concatenate([np.flatnonzero(labels == 0)[:40], np.flatnonzero(labels == 1)[:9]])
    built = build_reference(model, images[few], labels[few], images[300:], labels[300:], "0..1")
    assert set(built.prototype_labels.tolist()) == {0}


def test_without_any_prototype_every_held_out_image_is_at_distance_one(model, training):
    images, labels = training
    built = build_reference(model, images[:5], labels[:5], images[300:], labels[300:], "0..1")
    assert len(built.prototypes) == 0
    assert (built.held_out_distances == 1).all()
    with pytest.raises(ValueError, match="no prototypes"):
        built.nearest(images[:1])


def test_the_activation_band_of_a_channel_is_the_quantile_of_its_largest_values(reference, model, training):
    images = training[0][:300]
    probe = keras.Model(model.inputs, [model.get_layer(name).output for name in ("conv", "relu", "logits")])
    conv, relu, logits = (output.numpy() for output in probe([images]))
    expected = {"conv": conv.max((1, 2)), "relu": relu.max((1, 2)), "logits": logits}
    assert list(reference.activations) == ["conv", "relu", "logits"]
    for name, values in expected.items():
        np.testing.assert_allclose(
            reference.activations[name], np.quantile(values, (0.01, 0.5, 0.99), axis=0), rtol=1e-4, atol=1e-5
        )


def test_held_out_scores_are_what_the_model_answers(reference, model, training):
    logits = model(training[0][300:]).numpy()
    np.testing.assert_allclose(reference.held_out_logits, logits, rtol=1e-3, atol=1e-3)
    np.testing.assert_array_equal(reference.held_out_labels, training[1][300:])
    np.testing.assert_allclose(reference.held_out_energy, -np.log(np.exp(logits).sum(1)), atol=3e-3)
    np.testing.assert_allclose(reference.held_out_max_logit, logits.max(1), atol=2e-3)
    np.testing.assert_allclose(
        reference.held_out_distances, reference.nearest(training[0][300:])[1], atol=1e-6
    )


def test_the_held_out_images_pixel_statistics_are_kept(reference, training):
    found = statistics(training[0][300:], "0..1")
    np.testing.assert_allclose(reference.held_out_statistics.T, list(found.values()), rtol=1e-6, atol=1e-7)


def test_the_histogram_band_covers_the_range_and_is_ordered(reference):
    edges = reference.histogram_edges
    assert len(edges) - 1 >= 32
    assert (edges[0], edges[-1]) == (0, 1)
    assert (np.diff(reference.histogram_quantiles, axis=0) >= 0).all()
    assert reference.histogram_quantiles[1].sum() == pytest.approx(1, abs=0.15)


def test_vectors_get_square_prototypes(training):
    images, labels = training
    flat = images.reshape(400, -1)
    dense = keras.Sequential([keras.layers.Input((144,)), keras.layers.Dense(2, name="logits")])
    built = build_reference(dense, flat, labels, flat, labels, "0..1")
    assert built.prototypes.shape[1:] == (12, 12)
    assert built.activations["logits"].shape == (3, 2)
    assert built.nearest(flat[:3])[0].shape == (3,)


def test_blank_training_data_make_a_usable_reference_without_a_warning(model):
    blank = np.zeros((20, 12, 12, 1), np.float32)
    with warnings.catch_warnings():
        warnings.filterwarnings("error", category=RuntimeWarning)
        built = build_reference(model, blank, np.zeros(20, int), blank, np.zeros(20, int), "0..1", clusters=1)
    assert built.band("max") == (0, 0)
    assert (built.held_out_distances == 1).all()


class Rows:
    """Images that are made when they are asked for, and remember how many were at once."""

    def __init__(self, images):
        self.images, self.shape, self.asked = images, images.shape, []

    def __len__(self):
        return len(self.images)

    def __getitem__(self, rows):
        found = self.images[rows]
        self.asked.append(len(found))
        return found


def test_images_made_on_demand_give_the_same_reference(monkeypatch, model, training, reference):
    images, labels = training
    monkeypatch.setattr(building, "_BATCH_BYTES", 50 * 144 * 4)
    known, held_out = Rows(images[:300]), Rows(images[300:])
    built = build_reference(model, known, labels[:300], held_out, labels[300:], "0..1")
    for name, value in vars(reference).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_allclose(getattr(built, name), value, rtol=1e-5, atol=1e-6, err_msg=name)
    assert max(held_out.asked) == 50
    assert sorted(set(known.asked)) == [50, 150]  # batches, and the images of one class for its prototypes


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_every_layer_of_every_build_has_its_band(build):
    model, tensors = build()
    shaken(model)
    inputs = batch_for(model, 12)
    labels = np.zeros(12, int)
    built = build_reference(model, inputs, labels, inputs[:4], labels[:4], "0..1")
    assert built.activations
    for name, bands in built.activations.items():
        values = np.asarray(keras.Model(model.inputs, tensors[name])([inputs]))
        values = values.max(tuple(range(1, values.ndim - 1)))
        np.testing.assert_allclose(bands[1], np.median(values, axis=0), rtol=1e-4, atol=1e-4, err_msg=name)
    np.testing.assert_allclose(built.held_out_logits, model(inputs[:4]), rtol=2e-3, atol=2e-3)


def test_probabilities_at_the_end_are_taken_back_to_logits():
    model = keras.Sequential([keras.Input((4,)), keras.layers.Dense(3, "softmax")])
    shaken(model)
    inputs = batch_for(model, 20)
    logits = inputs @ model.layers[0].kernel.numpy() + model.layers[0].bias.numpy()
    network = Network(model, contract_for(model, "softmax"))
    for source in (model, network):
        built = build_reference(source, inputs, np.zeros(20, int), inputs, np.zeros(20, int), "0..1")
        np.testing.assert_allclose(built.held_out_logits, logits, rtol=1e-3, atol=1e-3)


def test_many_units_are_watched_on_a_part_of_the_images_only(monkeypatch, model, training):
    images, labels = training
    monkeypatch.setattr(building, "_ACTIVATION_VALUES", 800)  # 8 units: 3 + 3 + 2
    reports = []
    build_reference(
        model,
        images,
        labels,
        images[:50],
        labels[:50],
        "0..1",
        progress=lambda *report: reports.append(report),
    )
    assert reports[-1] == (400 + 100 + 50, 550)
    assert [done for done, _ in reports] == sorted({done for done, _ in reports})


def test_prototypes_weigh_no_more_than_they_may(monkeypatch, model, training):
    images, labels = training
    one = 144 * 2
    for allowed, expected in ((100 * one, 16), (7 * one, 6), (one, 0)):
        monkeypatch.setattr(building, "_PROTOTYPE_BYTES", allowed)
        built = build_reference(model, images, labels, images[:5], labels[:5], "0..1")
        assert len(built.prototypes) <= expected
        assert (len(built.prototypes) == 0) == (expected == 0)


def test_large_classes_are_averaged_over_a_part_of_them(monkeypatch, model, training):
    images, labels = training
    monkeypatch.setattr(building, "_CLASS_BYTES", 30 * 144 * 4)
    built = build_reference(model, images, labels, images[:5], labels[:5], "0..1")
    for label in (0, 1):
        assert 0 < built.prototype_sizes[built.prototype_labels == label].sum() <= 30


def test_nothing_can_be_made_of_nothing_or_of_nan(model, training):
    images, labels = training
    with pytest.raises(ValueError, match="at least one training image"):
        build_reference(model, images[:0], labels[:0], images, labels, "0..1")
    with pytest.raises(ValueError, match="not finite"):
        build_reference(model, images[:9] * np.nan, labels[:9], images, labels, "0..1")
    broken = keras.models.clone_model(model)
    broken.get_layer("logits").set_weights([np.full((300, 2), np.nan), np.zeros(2)])
    with pytest.raises(ValueError, match="For 9 of 9 images the network gives NaN or infinity"):
        build_reference(broken, images[:9], labels[:9], images[:9], labels[:9], "0..1")
