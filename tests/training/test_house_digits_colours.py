"""Claims about the colours of house numbers."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from lib.training.house_digits_colours import draw_colours, luminance


@given(st.integers(0, 2**32 - 1))
def test_ink_and_ground_can_be_told_apart_by_their_brightness(seed):
    colours = draw_colours(np.random.default_rng(seed))
    # A clipped channel may take a little of the 32 levels away.
    assert abs(luminance(colours.ink) - luminance(colours.ground)) >= 20
    for colour in (colours.ink, colours.ground, colours.around):
        assert colour.shape == (3,) and colour.min() >= 0 and colour.max() <= 255


def test_digits_are_lighter_than_their_ground_about_as_often_as_darker():
    drawn = [draw_colours(np.random.default_rng(seed)) for seed in range(400)]
    lighter = np.mean([luminance(c.ink) > luminance(c.ground) for c in drawn])
    assert 0.35 < lighter < 0.65


def test_luminance_of_white_is_255_and_green_is_brighter_than_blue():
    assert abs(luminance(np.full(3, 255.0)) - 255) < 1e-9
    assert luminance(np.array([0, 255.0, 0])) > luminance(np.array([0, 0, 255.0]))
