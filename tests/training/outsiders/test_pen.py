"""Claims about the pen that draws scribbles and doodles."""

import numpy as np

from lib.training.outsiders.pen import SIDE, Sheet, jitter, smooth


def sheet(width=3):
    return Sheet(np.random.default_rng(0), width)


def test_a_smooth_line_goes_through_its_points():
    points = np.array([[0.1, 0.2], [0.5, 0.9], [0.8, 0.3], [0.9, 0.9]])
    for closed in (False, True):
        line = smooth(points, closed)
        gap = np.abs(line[:, None] - points[None]).sum(-1).min(0)
        np.testing.assert_allclose(gap, 0, atol=1e-12)


def test_a_line_has_its_length_its_width_and_its_place():
    drawn = sheet(3)
    drawn.line(np.array([[0.2, 0.5], [0.8, 0.5]]))
    rows, columns = np.nonzero(drawn.image > 127)
    assert 3 <= np.ptp(rows) + 1 <= 6
    assert abs(rows.mean() - (SIDE - 1) / 2) <= 0.5
    assert abs(np.ptp(columns) + 1 - 0.6 * SIDE) < 4


def test_a_full_arc_is_a_ring_and_a_dot_a_disc():
    ring, disc = sheet(2), sheet(2)
    ring.arc((0.5, 0.5), (0.4, 0.4), 0, 2 * np.pi)
    disc.dot((0.5, 0.5), 0.4)
    assert ring.image[SIDE // 2, SIDE // 2] == 0
    assert disc.image[SIDE // 2, SIDE // 2] == 255
    assert abs((disc.image > 127).mean() - np.pi * 0.4**2) < 0.03
    assert (disc.image[ring.image > 200] > 0).mean() > 0.5


def test_a_polygon_is_filled_and_jitter_moves_a_little():
    drawn = sheet()
    corners = np.array([[0.1, 0.1], [0.9, 0.1], [0.9, 0.9], [0.1, 0.9]])
    drawn.fill(corners)
    assert abs((drawn.image > 127).mean() - 0.64) < 0.03
    moved = jitter(corners, np.random.default_rng(0), 0.02)
    assert 0 < np.abs(moved - corners).max() < 0.1


def test_a_pen_without_a_width_gets_a_random_one_from_two_to_five():
    assert {Sheet(np.random.default_rng(seed)).width for seed in range(60)} == {2, 3, 4, 5}
