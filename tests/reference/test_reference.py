"""Claims about the Reference: what it keeps of the training data, and that it survives being stored."""

import dataclasses
import warnings

import keras
import numpy as np
import pytest

from lib.reference import Reference, build_reference
from lib.statistics import STATISTICS, statistics


@pytest.fixture(scope="module")
def training():
    """400 noisy bars, upright (class 0) or lying (class 1), float32 (N, 12, 12, 1) in 0..1, with labels."""
    random = np.random.default_rng(0)
    labels = np.arange(400) % 2
    images = np.zeros((400, 12, 12, 1), np.float32)
    for image, label in zip(images, labels, strict=True):
        place = random.integers(2, 9)
        lines = image.swapaxes(0, 1) if label == 0 else image
        lines[place : place + 2, 2:10] = random.uniform(0.7, 1.0)
    return images + random.uniform(0, 0.05, images.shape).astype(np.float32), labels


@pytest.fixture(scope="module")
def model():
    keras.utils.set_random_seed(0)
    return keras.Sequential(
        [
            keras.layers.Input((12, 12, 1)),
            keras.layers.Conv2D(3, 3, name="conv"),
            keras.layers.ReLU(name="relu"),
            keras.layers.Flatten(name="flatten"),
            keras.layers.Dense(2, name="logits"),
        ]
    )


@pytest.fixture(scope="module")
def reference(model, training):
    images, labels = training
    return build_reference(model, images[:300], labels[:300], images[300:], labels[300:], "0..1")


def test_storing_and_loading_gives_the_same_reference(reference, tmp_path):
    reference.save(tmp_path / "reference.npz")
    loaded = Reference.load(tmp_path / "reference.npz")
    for name, value in vars(reference).items():
        if isinstance(value, np.ndarray):
            np.testing.assert_array_equal(getattr(loaded, name), value, err_msg=name)
            assert getattr(loaded, name).dtype == value.dtype
    assert loaded.value_range == "0..1"
    assert loaded.statistic_names == STATISTICS
    assert list(loaded.activations) == list(reference.activations)
    for name, bands in reference.activations.items():
        np.testing.assert_array_equal(loaded.activations[name], bands)


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


def test_the_nearest_prototype_of_a_prototype_is_itself_at_any_contrast(reference):
    for contrast in (1.0, 0.1):
        index, distance = reference.nearest(reference.prototypes.astype(np.float64)[..., None] * contrast)
        np.testing.assert_array_equal(index, np.arange(len(reference.prototypes)))
        np.testing.assert_allclose(distance, 0, atol=1e-9)


def test_the_distance_is_one_minus_the_cosine(reference):
    crossed = dataclasses.replace(
        reference,
        prototypes=np.array([[[3, 4]], [[0, 1]]], np.float16),
        prototype_labels=np.array([0, 1], np.int16),
        prototype_sizes=np.array([10, 10], np.int32),
    )
    index, distance = crossed.nearest(np.array([[4.0, 3.0], [0.0, 2.0], [0.0, 0.0]]))
    np.testing.assert_array_equal(index[:2], [0, 1])
    np.testing.assert_allclose(distance, [1 - 24 / 25, 0, 1])


def test_similarity_is_measured_from_black_also_where_black_is_not_zero(reference):
    signed = dataclasses.replace(
        reference,
        value_range="-1..1",
        prototypes=np.array([[[1, -1]], [[-1, 1]]], np.float16),
        prototype_labels=np.array([0, 1], np.int16),
        prototype_sizes=np.array([10, 10], np.int32),
    )
    index, distance = signed.nearest(np.array([[-0.5, -1.0], [-1.0, -1.0]]))
    assert index[0] == 0
    np.testing.assert_allclose(distance, [0, 1])


def test_an_image_of_another_size_cannot_be_compared(reference):
    with pytest.raises(ValueError, match=r"\(28, 28\).*\(12, 12\)"):
        reference.nearest(np.zeros((1, 28, 28)))


def test_the_band_of_a_statistic_holds_the_share_that_it_names(reference, training):
    means = statistics(training[0][:300], "0..1")["mean"]
    low, high = reference.band("mean", 0.05, 0.95)
    assert ((means >= low) & (means <= high)).mean() == pytest.approx(0.9, abs=0.01)
    assert reference.band("mean", 0.5, 0.5)[0] == pytest.approx(np.median(means), rel=1e-6)


def test_the_percentile_of_a_training_value_is_its_rank_and_outsiders_are_at_the_ends(reference, training):
    means = np.sort(statistics(training[0][:300], "0..1")["mean"])
    np.testing.assert_allclose(
        reference.percentile("mean", means[30:270]), np.arange(30, 270) / 299, atol=0.02
    )
    assert reference.percentile("mean", means[-1] + 1) == 1
    assert reference.percentile("mean", means[0] - 1) == 0


def test_a_value_that_all_training_images_share_lies_inside_its_band(model):
    images = np.zeros((50, 12, 12, 1), np.float32)
    images[:, 2:9, 5] = 0.7
    built = build_reference(model, images, np.zeros(50, int), images, np.zeros(50, int), "0..1")
    for name, values in statistics(images[:1], "0..1").items():
        low, high = built.band(name)
        assert low <= values[0] <= high, name
        assert built.percentile(name, values[0]) == 0.5, name


def test_the_percentile_undoes_the_band(reference):
    for level in (0.05, 0.2, 0.5, 0.9):
        value = reference.band("sd", level, level)[0]
        assert reference.percentile("sd", value) == pytest.approx(level, abs=1e-3)


def test_a_value_that_most_images_share_lies_in_the_middle_of_their_ranks(model):
    images = np.zeros((100, 12, 12, 1), np.float32)
    images[:, 5, 5] = 1
    images[:20, 5, 5] = 0.5
    built = build_reference(model, images, np.zeros(100, int), images, np.zeros(100, int), "0..1")
    assert built.percentile("max", 1.0) == pytest.approx(0.6, abs=0.03)
    assert built.percentile("max", 1.01) == 1
    assert built.percentile("max", 1.001) == built.percentile("max", 1.0)  # a quarter of a gray level
    assert built.percentile("border_max", 0.0) == pytest.approx(0.5)
    assert built.band("border_max") == (0, 0)


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


def test_files_that_are_no_reference_are_refused_with_a_sentence(reference, tmp_path):
    path = tmp_path / "reference.npz"
    path.write_bytes(b"not a zip file")
    with pytest.raises(ValueError, match="not a Reference"):
        Reference.load(path)
    np.savez(path, a=np.zeros(3))
    with pytest.raises(ValueError, match="format 1"):
        Reference.load(path)
    np.savez(path, format=np.int64(1), activation_layers=np.array(["a"]), activation_units=np.array([1]))
    with pytest.raises(ValueError, match="activation_bands"):
        Reference.load(path)
    reference.save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match="not a Reference"):
        Reference.load(path)
    with pytest.raises(FileNotFoundError):
        Reference.load(tmp_path / "nowhere.npz")


def test_pickled_objects_in_a_file_are_never_run(tmp_path):
    path = tmp_path / "reference.npz"
    np.savez(path, format=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match="not a Reference"):
        Reference.load(path)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("prototype_labels", np.zeros(1, np.int16)),
        ("statistic_levels", np.array([0.5, 0.4])),
        ("histogram_quantiles", np.zeros((2, 32))),
        ("held_out_logits", np.zeros((3, 2))),
        ("held_out_distances", np.full(100, np.nan)),
        ("activations", {"conv": np.zeros((2, 3))}),
    ],
)
def test_fields_that_do_not_fit_together_are_named(reference, field, value):
    with pytest.raises(ValueError, match="finite numbers" if field == "held_out_distances" else field):
        dataclasses.replace(reference, **{field: value})


def test_an_unknown_statistic_or_an_impossible_band_is_refused(reference):
    with pytest.raises(ValueError, match=r"'size'.*stroke_radius"):
        reference.percentile("size", 1)
    with pytest.raises(ValueError, match="0 <= low <= high <= 1"):
        reference.band("mean", 0.9, 0.1)
