"""Claims about the Reference: what it keeps of the training data, and that it survives being stored."""

import dataclasses

import numpy as np
import pytest

from lib.reference import Reference, build_reference
from lib.statistics import STATISTICS, statistics


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


def test_files_that_are_no_reference_are_refused_with_a_sentence(reference, tmp_path):
    path = tmp_path / "reference.npz"
    path.write_bytes(b"not a zip file")
    with pytest.raises(ValueError, match="not a Reference"):
        Reference.load(path)
    np.savez(path, a=np.zeros(3))
    with pytest.raises(ValueError, match="format 3"):
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
        ("held_out_statistics", np.zeros((3, 11))),
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


@pytest.mark.parametrize(
    ("name", "value_range", "expected"),
    [
        ("max", "0..255", 0.5),
        ("border_mean", "0..1", 0.5 / 255),
        ("sd", "-1..1", 1 / 255),
        ("ink_share", "0..255", 0.5 / 144),
        ("zero_share", "0..1", 0.5 / 144),
        ("ink_extent", "0..255", 0.5 / 12),
        ("stroke_radius", "0..1", 0.1 / 12),
    ],
)
def test_the_tolerance_is_half_a_level_or_half_a_pixel(reference, name, value_range, expected):
    changed = dataclasses.replace(reference, value_range=value_range)
    assert changed.tolerance(name) == pytest.approx(expected)
    with pytest.raises(ValueError, match="No statistic is called"):
        changed.tolerance("size")


def fixed(reference, name, low, high, value_range="0..255"):
    """The reference with other quantiles of one statistic: `low` up to the median, then `high`."""
    quantiles = reference.statistic_quantiles.copy()
    quantiles[STATISTICS.index(name)] = np.where(reference.statistic_levels < 0.5, low, high)
    return dataclasses.replace(reference, value_range=value_range, statistic_quantiles=quantiles)


def test_the_excess_of_a_band_without_width_counts_gray_levels(reference):
    black = fixed(reference, "border_max", 0, 0)
    np.testing.assert_allclose(
        black.excess("border_max", np.array([0, 0.4, -0.5, 1.5, 200.5, -3.5])), [0, 0, 0, 1, 200, 3]
    )
    unit = fixed(reference, "border_max", 0, 0, "0..1")
    np.testing.assert_allclose(unit.excess("border_max", np.array([0.4, 1.5, 200.5]) / 255), [0, 1, 200])


def test_the_excess_of_a_wide_band_counts_band_widths(reference):
    band = fixed(reference, "mean", 20, 69)  # 50 levels wide with half a level at each end
    np.testing.assert_allclose(
        band.excess("mean", np.array([40, 19.5, 69.5, 94.5, 169.5, -30.5])), [0, 0, 0, 0.5, 2, 1]
    )


def test_training_images_have_no_excess_inside_the_widest_band(reference, training):
    for name, values in statistics(training[0][:300], "0..1").items():
        excess = reference.excess(name, values, 0.0, 1.0)
        assert excess.shape == (300,)
        assert (excess > 0).mean() <= 0.01, name


def test_a_rounding_error_beyond_the_last_quantile_is_not_outside(reference):
    black = fixed(reference, "border_max", 0, 0)
    np.testing.assert_allclose(black.percentile("border_max", np.array([-0.5, 0, 0.5])), 0.5)
    np.testing.assert_array_equal(black.percentile("border_max", np.array([-0.6, 0.6])), [0, 1])
