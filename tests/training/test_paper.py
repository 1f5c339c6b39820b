"""Claims about photographed paper."""

import numpy as np

from lib.training.paper import Paper, on_paper

PLAIN = Paper(shade=0, grain=(0, 0), stain=(0, 0), neighbours=0, ruled=0, jpeg=0)


def letters(count):
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 4:24, 12:16] = 255
    return images


def test_plain_paper_and_ink_are_where_the_bounds_put_them():
    result = on_paper(letters(400), np.random.default_rng(0), PLAIN).astype(int)
    paper, ink = result[:, 0, 0], result[:, 14, 13]
    assert paper.min() >= 255 - 225 and paper.max() <= 255 - 150
    assert (ink - paper).min() >= 79 and (ink - paper).max() <= 151
    assert (result[:, 20, 5] == paper).all()


def test_shading_makes_the_corners_differ_and_nothing_else_does():
    shaded = on_paper(
        letters(200),
        np.random.default_rng(0),
        Paper(shade=40, grain=(0, 0), stain=(0, 0), neighbours=0, ruled=0, jpeg=0),
    )
    corners = shaded[:, [0, 0, -1, -1], [0, -1, 0, -1]].astype(int)
    spread = np.ptp(corners, axis=1)
    assert spread.min() < 5
    assert 30 < spread.max() < 90


def test_grain_has_the_deviation_asked_for():
    how = Paper(shade=0, grain=(5, 5), stain=(0, 0), neighbours=0, ruled=0, jpeg=0)
    rough = on_paper(np.zeros((50, 28, 28), np.uint8), np.random.default_rng(0), how).astype(float)
    assert abs(rough.std((1, 2)).mean() - 5) < 0.2


def test_neighbours_touch_the_border_and_leave_the_middle_alone():
    how = Paper(shade=0, grain=(0, 0), stain=(0, 0), neighbours=1, ruled=0, jpeg=0)
    blank = np.zeros((200, 28, 28), np.uint8)
    others = np.zeros((10, 28, 28), np.uint8)
    others[:, 4:24, 4:24] = 255
    result = on_paper(blank, np.random.default_rng(0), how, others).astype(int)
    bright = result - np.median(result, axis=(1, 2))[:, None, None] > 40
    assert bright.any((1, 2)).mean() > 0.9
    assert not bright[:, 9:19, 9:19].any()


def test_the_same_draws_give_the_same_photo_and_none_gives_none():
    first, second = (on_paper(letters(5), np.random.default_rng(3), Paper()) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert on_paper(letters(0), np.random.default_rng(3), Paper()).shape == (0, 28, 28)
