"""Claims about drawing printed glyphs with a pen."""

import cv2
import numpy as np

from lib.training.outsiders.skeleton import as_drawn, skeletons


def bar():
    image = np.zeros((1, 64, 64), np.uint8)
    image[0, 10:54, 26:38] = 255
    return image


def ring():
    rows, columns = np.indices((64, 64)) - 31.5
    radius = np.hypot(rows, columns)
    return ((radius > 14) & (radius < 26)).astype(np.uint8)[None] * np.uint8(255)


def parts(picture, connectivity=8):
    return cv2.connectedComponents(picture.astype(np.uint8), connectivity=connectivity)[0] - 1


def test_a_bar_becomes_a_line_along_its_middle():
    line = skeletons(bar())[0]
    assert (line[20:44].sum(1) == 1).all()
    assert np.abs(np.nonzero(line[20:44])[1] - 31.5).max() <= 1
    assert line.any(1).sum() >= 30


def test_a_ring_stays_one_ring_with_a_hole():
    line = skeletons(ring())[0]
    assert parts(line) == 1
    assert parts(~line, connectivity=4) == 2
    radius = np.hypot(*(np.nonzero(line) - np.array([[31.5], [31.5]])))
    assert np.abs(radius - 20).max() < 2.5


def test_what_is_one_pixel_wide_stays_and_glyphs_do_not_touch_each_other():
    both = np.concatenate([bar(), np.zeros((1, 64, 64), np.uint8), ring()])
    thinned = skeletons(both)
    np.testing.assert_array_equal(thinned[0], skeletons(bar())[0])
    assert not thinned[1].any()
    np.testing.assert_array_equal(skeletons(thinned.astype(np.uint8) * np.uint8(255)), thinned)


def test_a_drawn_glyph_has_one_stroke_width_of_four_to_eight_pixels():
    drawn = as_drawn(np.repeat(bar(), 40, 0), np.random.default_rng(0))
    width = (drawn[:, 32] > 0).sum(1)
    assert set(width.tolist()) == {4, 5, 6, 7, 8}
    np.testing.assert_array_equal(drawn, as_drawn(np.repeat(bar(), 40, 0), np.random.default_rng(0)))
