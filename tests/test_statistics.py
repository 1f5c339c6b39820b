"""Claims about the pixel statistics and histograms of network inputs."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lib.statistics import STATISTICS, bounds, histogram, statistics

FLOATS = st.floats(-(2.0**100), 2.0**100, width=32)
RANGES = st.sampled_from(["0..255", "0..1", "-1..1", "standardise", "caffe", "torch"])


def bar(width: int, side: int = 40) -> np.ndarray:
    """A white upright bar of the given width and 30 px height on black, (1, side, side)."""
    image = np.zeros((1, side, side))
    image[:, 5:35, 10 : 10 + width] = 255
    return image


def test_the_eleven_numbers_of_a_small_image_are_those_counted_by_hand():
    image = np.array([[[0, 0, 0, 0], [0, 255, 100, 0], [0, 255, 0, 0], [0, 0, 0, 40]]], np.uint8)
    found = {name: values.item() for name, values in statistics(image, "0..255").items()}
    assert tuple(found) == STATISTICS
    assert found["max"] == 255
    assert found["min"] == 0
    assert found["mean"] == pytest.approx(650 / 16)
    assert found["sd"] == pytest.approx(np.sqrt((2 * 255**2 + 100**2 + 40**2) / 16 - (650 / 16) ** 2))
    assert found["ink_share"] == 2 / 16
    assert found["mid_gray_share"] == 2 / 16
    assert found["zero_share"] == 12 / 16
    assert found["border_max"] == 40
    assert found["border_mean"] == pytest.approx(40 / 12)
    # 40 is fainter than a quarter of the range, 100 is not: the ink is a box of 2 x 2.
    assert found["ink_extent"] == 2 / 4


def test_a_wrong_value_range_shows_in_the_numbers_but_not_in_the_shape():
    right, wrong = statistics(bar(3), "0..255"), statistics(bar(3) / 255, "0..255")
    assert wrong["max"] == 1
    assert wrong["ink_share"] == 0 < right["ink_share"]
    assert wrong["ink_extent"] == right["ink_extent"] == 30 / 40
    assert wrong["stroke_radius"] == pytest.approx(right["stroke_radius"])


def test_half_a_pixel_of_shift_hardly_changes_the_ink_extent():
    here, there = bar(3), bar(3)
    there[:, 5, 10:13] = there[:, 35, 10:13] = 127.5
    extents = [statistics(image, "0..255")["ink_extent"].item() for image in (here, there)]
    assert extents == pytest.approx([30 / 40, 30 / 40])


def test_the_extent_is_that_of_the_longer_side_also_with_gaps_and_for_one_pixel():
    image = np.zeros((2, 10, 20))
    image[0, 2, [3, 11]] = 9
    image[1, 4, 4] = 9
    np.testing.assert_allclose(statistics(image, "0..255")["ink_extent"], [9 / 20, 1 / 20])


def test_an_inverted_picture_has_a_white_border_and_ink_everywhere():
    found = statistics(255 - bar(3), "0..255")
    assert found["border_mean"] == 255
    assert found["ink_extent"] == 1
    assert found["ink_share"] == 1 - 90 / 1600


@pytest.mark.parametrize("width", [1, 2, 4, 6])
def test_the_stroke_radius_of_a_long_bar_is_nearly_half_its_width(width):
    radius = statistics(bar(width), "0..255")["stroke_radius"].item() * 40
    # Its ends count as edges too, which makes the radius smaller by the share width / (height + width).
    assert 0.85 * width / 2 * 30 / (30 + width) <= radius <= width / 2


def test_a_soft_stroke_has_about_the_radius_of_a_hard_one_of_the_same_ink():
    hard, soft = bar(4), bar(4).copy()
    soft[:, 5:35, 10], soft[:, 5:35, 13] = 170, 170
    soft[:, 5:35, 9], soft[:, 5:35, 14] = 85, 85
    radii = [statistics(image, "0..255")["stroke_radius"].item() for image in (hard, soft)]
    assert radii[1] == pytest.approx(radii[0], rel=0.15)


def test_a_vector_of_784_is_a_square_image_and_channels_of_one_value_are_gray():
    batch = np.random.default_rng(0).integers(0, 256, (3, 28, 28)).astype(np.float32)
    expected = statistics(batch, "0..255")
    for same in (batch.reshape(3, 784), batch[..., None], np.repeat(batch[..., None], 3, -1)):
        for name, values in statistics(same, "0..255").items():
            np.testing.assert_allclose(values, expected[name], rtol=1e-12)


def test_each_image_of_a_batch_is_measured_by_itself():
    batch = np.random.default_rng(1).random((4, 5, 7))
    together = statistics(batch, "0..1")
    for index in range(4):
        for name, values in statistics(batch[index : index + 1], "0..1").items():
            assert values[0] == together[name][index]


@pytest.mark.parametrize(
    ("value_range", "black", "white"),
    [
        ("0..255", 0, 255),
        ("0..1", 0, 1),
        ("-1..1", -1, 1),
        ("caffe", -114.799, 140.201),
        ("torch", -1.986, 2.439),
    ],
)
def test_black_counts_as_zero_and_white_as_ink_in_every_range(value_range, black, white):
    assert bounds(value_range) == pytest.approx((black, white), abs=1e-3)
    low, high = bounds(value_range)
    found = statistics(np.array([[[low, high]]]), value_range)
    assert found["zero_share"] == 0.5
    assert found["ink_share"] == 0.5


@given(arrays(np.float32, array_shapes(min_dims=3, max_dims=3, max_side=6), elements=FLOATS), RANGES)
def test_any_finite_batch_gives_finite_numbers_without_a_warning(batch, value_range):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = statistics(batch, value_range)
    for name, values in found.items():
        assert values.shape == (len(batch),), name
        assert np.isfinite(values).all(), name
    for name in ("ink_share", "mid_gray_share", "zero_share", "ink_extent"):
        assert ((found[name] >= 0) & (found[name] <= 1)).all()
    assert (found["min"] <= found["mean"] + 1e-9 * np.abs(found["mean"])).all()
    assert (found["border_max"] <= found["max"]).all()


@given(arrays(np.uint8, (2, 6, 6)), st.floats(0.01, 100), st.floats(-100, 100))
def test_the_shape_does_not_depend_on_contrast_or_offset(batch, scale, offset):
    plain, changed = statistics(batch, "0..255"), statistics(batch * scale + offset, "0..255")
    np.testing.assert_allclose(changed["stroke_radius"], plain["stroke_radius"], rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("value", [0.0, 1.0, 255.0, -3.5])
@pytest.mark.parametrize("side", [1, 2, 28])
def test_an_image_of_one_value_has_no_shape(value, side):
    found = statistics(np.full((1, side, side), value), "0..255")
    assert found["ink_extent"] == found["stroke_radius"] == found["sd"] == 0
    assert found["border_mean"] == found["max"] == found["min"] == value


def test_an_empty_batch_gives_empty_columns():
    assert statistics(np.zeros((0, 28, 28)), "0..255")["mean"].shape == (0,)


def test_values_are_counted_in_the_bin_whose_lower_edge_they_reach():
    shares = histogram(np.array([[[0, 1], [1.5, 2]], [[-7, 9], [3, 3]]]), np.array([0, 1, 2, 3]))
    np.testing.assert_array_equal(shares, [[0.25, 0.5, 0.25], [0.25, 0, 0.75]])


@given(arrays(np.float32, array_shapes(min_dims=3, max_dims=3, max_side=6), elements=FLOATS))
def test_the_shares_of_a_histogram_sum_to_one_whatever_lies_outside(batch):
    np.testing.assert_allclose(histogram(batch, np.linspace(0, 255, 33)).sum(1), 1)


@pytest.mark.parametrize("edges", [[0], [0, 0], [1, 0], [[0, 1]]])
def test_edges_that_do_not_increase_are_refused(edges):
    with pytest.raises(ValueError, match="increasing"):
        histogram(np.zeros((1, 4)), np.array(edges))


def test_what_is_not_a_batch_of_images_is_refused_with_its_shape():
    with pytest.raises(ValueError, match=r"\(1, 2, 2, 4\)"):
        statistics(np.zeros((1, 2, 2, 4)), "0..1")
    with pytest.raises(ValueError, match="not finite"):
        statistics(np.array([[[np.nan]]]), "0..1")
    with pytest.raises(ValueError, match=r"'0\.\.7'.*0\.\.255"):
        statistics(np.zeros((1, 4)), "0..7")
