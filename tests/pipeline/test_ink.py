"""Finding ink: the same in either polarity, blind to specks, and defined for pictures without any."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.pipeline.ink import border_level, contrast_map, fill_value, ink_box, ink_is_dark, ink_mask


def page(paper: float = 220, ink: float = 40, shape: tuple[int, ...] = (60, 80)) -> np.ndarray:
    """Paper with ink in rows 20..39 and columns 30..44."""
    image = np.full(shape, paper, np.float32)
    image[20:40, 30:45] = ink
    return image


def test_the_border_level_is_the_median_of_the_outermost_pixels() -> None:
    image = np.zeros((3, 3), np.float32)
    image[0] = [1, 2, 3]
    image[1] = [8, 100, 4]
    image[2] = [7, 6, 5]
    # Corners lie on two edges and count twice: 1 1 2 3 3 4 5 5 6 7 7 8.
    assert border_level(image) == 4.5
    colour = np.dstack([image, image + 10, image * 0])
    assert border_level(colour).tolist() == [4.5, 14.5, 0]
    assert fill_value(image) == (4.5,)
    assert fill_value(colour) == (4.5, 14.5, 0)


def test_a_blot_on_the_border_does_not_change_the_border_level() -> None:
    image = page()
    image[:20, 0] = 0
    assert border_level(image) == 220


def test_contrast_is_signed_and_averaged_over_channels() -> None:
    image = np.full((4, 4, 3), 100, np.float32)
    image[1, 1] = [130, 100, 40]
    contrast = contrast_map(image)
    assert contrast.shape == (4, 4) and contrast[0, 0] == 0
    assert contrast[1, 1] == pytest.approx((30 + 0 - 60) / 3)


@pytest.mark.parametrize(("paper", "ink"), [(220, 40), (40, 220), (255, 0), (0, 1), (128, 120)])
def test_the_ink_is_found_in_either_polarity_and_at_any_contrast(paper: float, ink: float) -> None:
    expected = np.zeros((60, 80), bool)
    expected[20:40, 30:45] = True
    np.testing.assert_array_equal(ink_mask(page(paper, ink)), expected)
    assert ink_box(page(paper, ink)) == (20, 40, 30, 45)
    assert ink_is_dark(page(paper, ink)) == (ink < paper)


@given(level=st.floats(0, 255), height=st.integers(1, 20), width=st.integers(1, 20))
@settings(deadline=None)
def test_blank_paper_has_no_ink_and_its_box_is_the_whole(level: float, height: int, width: int) -> None:
    image = np.full((height, width), level, np.float32)
    assert not ink_mask(image).any()
    assert ink_box(image) == (0, height, 0, width)
    assert ink_is_dark(image) == (np.float32(level) > 127.5)


@given(seed=st.integers(0, 999), paper=st.sampled_from([0.0, 60.0, 200.0, 255.0]))
@settings(max_examples=50, deadline=None)
def test_inverting_a_picture_leaves_its_ink_where_it_was(seed: int, paper: float) -> None:
    rng = np.random.default_rng(seed)
    image = np.full((40, 40), paper, np.float32)
    top, left = rng.integers(2, 20, 2)
    image[top : top + 12, left : left + 9] = 255 - paper
    image += rng.uniform(-2, 2, image.shape).astype(np.float32)
    np.testing.assert_array_equal(ink_mask(255 - image), ink_mask(image))
    assert ink_is_dark(255 - image) != ink_is_dark(image)


def test_specks_are_noise_unless_there_is_nothing_else() -> None:
    image = page(shape=(100, 100))
    image[5, 5] = image[90, 3] = 0  # one pixel each; 1/2000 of the picture would be five
    assert ink_box(image) == (20, 40, 30, 45)
    only_specks = np.full((100, 100), 220, np.float32)
    only_specks[5, 5] = only_specks[90, 3] = 0
    assert ink_box(only_specks) == (5, 91, 3, 6)


def test_where_some_ink_is_large_and_some_is_not_only_the_large_is_left_in_its_place() -> None:
    image = page(shape=(100, 100))
    image[60:80, 5:10] = 40
    expected = image == 40
    image[50, 20] = image[90, 99] = 40  # one speck within the box around the ink, one at its corner
    np.testing.assert_array_equal(ink_mask(image), expected)


def test_a_soft_edge_belongs_to_its_stroke() -> None:
    image = np.zeros((50, 50), np.float32)
    image[20:30, 20:30] = 255
    image[20:30, [19, 30]] = 100  # above half of Otsu's threshold
    image[20:30, [18, 31]] = 10  # below it
    assert ink_box(image) == (20, 30, 19, 31)


def test_ink_in_one_channel_is_ink() -> None:
    image = np.full((60, 80, 3), 255, np.float32)
    image[20:40, 30:45, 2] = 0  # yellow on white
    assert ink_box(image) == (20, 40, 30, 45)
    assert ink_is_dark(image)


def test_as_many_specks_as_there_can_be_are_counted_one_by_one() -> None:
    # More than 16 bits can number: a picture of nothing but specks has no large one, so that all of them are ink.
    image = np.zeros((600, 600), np.float32)
    image[1:-1:2, 1:-1:2] = 255
    assert ink_mask(image).sum() == (image > 0).sum() == 299 * 299
