"""Claims about the feature bank: whose images it holds, in which units, and that it survives being stored."""

import dataclasses

import keras
import numpy as np
import pytest

import lib.reference.feature_bank as feature_bank
from lib.network import Network
from lib.reference import Reference, build_reference
from lib.reference.feature_bank import stratified
from lib.reference.features import directions, neighbour_distances, vectors
from tests.keras_models import contract_for


def test_the_bank_holds_what_the_penultimate_layer_answers_for_training_images(reference, model, training):
    images, labels = training
    assert reference.feature_layer == "relu"
    features = directions(vectors(keras.Model(model.inputs, model.get_layer("relu").output)([images])))
    np.testing.assert_allclose(reference.features, features[:300], atol=1e-3)
    np.testing.assert_array_equal(reference.feature_labels, labels[:300])
    assert reference.features.dtype == np.float16
    expected = neighbour_distances(features[:300], features[300:])
    np.testing.assert_allclose(reference.held_out_feature_distances, expected, atol=2e-3)


def test_the_distances_are_those_of_the_trace_of_the_network(reference, model, training):
    network = Network(model, contract_for(model, "logits"), reference)
    trace = network.trace(training[0][300:], layers=(reference.feature_layer,))
    found = reference.feature_distances(vectors(trace.activations[reference.feature_layer]))
    np.testing.assert_allclose(found, reference.held_out_feature_distances, atol=1e-3)


def test_an_image_of_the_bank_is_at_no_distance_from_itself(reference):
    one = dataclasses.replace(
        reference, features=reference.features[:1], feature_labels=np.zeros(1, np.int16)
    )
    assert one.feature_distances(one.features)[0] == pytest.approx(0, abs=1e-3)
    assert one.feature_distances(-one.features)[0] == pytest.approx(2, abs=1e-3)


def test_every_class_has_its_share_of_a_bank_that_cannot_hold_all():
    labels = np.repeat([0, 1, 2], [1000, 50, 4])
    chosen = stratified(labels, seed=0, most=104)
    np.testing.assert_array_equal(np.bincount(labels[chosen]), [50, 50, 4])
    assert (np.diff(chosen) > 0).all()
    np.testing.assert_array_equal(stratified(labels, seed=0, most=104), chosen)
    assert len(stratified(labels, seed=0, most=5000)) == 1054


def test_a_wide_layer_is_projected_on_the_directions_in_which_the_images_differ(monkeypatch, training):
    monkeypatch.setattr(feature_bank, "WIDEST", 16)
    monkeypatch.setattr(feature_bank, "PROJECTED", 8)
    images, labels = training
    flat = images.reshape(400, -1)
    wide = keras.Sequential(
        [keras.layers.Input((144,)), keras.layers.Dense(30, "relu", name="wide"), keras.layers.Dense(2)]
    )
    built = build_reference(wide, flat[:300], labels[:300], flat[300:], labels[300:], "0..1")
    assert built.features.shape == (300, 8)
    assert built.feature_basis.shape == (30, 8)
    basis = built.feature_basis.astype(np.float64)
    np.testing.assert_allclose(basis.T @ basis, np.eye(8), atol=2e-3)
    found = built.feature_distances(wide.layers[0](flat[300:]).numpy())
    np.testing.assert_allclose(found, built.held_out_feature_distances, atol=1e-3)


def test_fewer_images_than_features_have_the_same_directions_and_no_more_than_there_are(monkeypatch):
    monkeypatch.setattr(feature_bank, "WIDEST", 16)
    monkeypatch.setattr(feature_bank, "PROJECTED", 8)
    random = np.random.default_rng(0)
    bank = random.normal(size=(20, 5)) @ random.normal(size=(5, 40))
    basis = feature_bank._basis(bank).astype(np.float64)
    scaled = directions(bank).astype(np.float64)
    axes = np.linalg.eigh(scaled.T @ scaled)[1][:, ::-1][:, :5]
    assert basis.shape == (40, 8) and not basis[:, 5:].any()
    np.testing.assert_allclose(np.abs(basis[:, :5].T @ axes), np.eye(5), atol=5e-3)


def test_a_file_from_before_there_were_banks_can_be_read(reference, tmp_path):
    path = tmp_path / "reference.npz"
    reference.save(path)
    with np.load(path) as file:
        old = {name: file[name] for name in file.files if "feature" not in name}
    np.savez(path, **{**old, "format": np.int64(1)})
    loaded = Reference.load(path)
    assert loaded.feature_layer == "" and len(loaded.features) == 0
    with pytest.raises(ValueError, match="no feature bank"):
        loaded.feature_distances(np.zeros((1, 3)))


def test_features_of_another_width_are_refused(reference):
    with pytest.raises(ValueError, match=r"relu have 3 values, not the shape \(2, 4\)"):
        reference.feature_distances(np.zeros((2, 4)))
    for field, value in (("features", np.zeros((5, 3))), ("held_out_feature_distances", np.zeros(3))):
        with pytest.raises(ValueError, match=field):
            dataclasses.replace(reference, **{field: value})


def test_a_layer_that_gives_nan_is_named(training):
    images, labels = training
    hidden = keras.layers.Dense(3, "relu", name="hidden")
    model = keras.Sequential([keras.layers.Input((144,)), hidden, keras.layers.Dense(2)])
    hidden.set_weights([np.full((144, 3), np.inf, np.float32), np.zeros(3)])
    model.layers[1].set_weights([np.zeros((3, 2)), np.zeros(2)])
    flat = images.reshape(400, -1)
    with pytest.raises(ValueError, match="NaN or infinity"):
        build_reference(model, flat, labels, flat, labels, "0..1")
