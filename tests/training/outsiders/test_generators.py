"""Claims about every generated kind of outsider (`scribbles`, `doodles`, `textures`)."""

import numpy as np
import pytest

from lib.training.outsiders import kinds, textures
from lib.training.outsiders.pen import SIDE

LINES = sorted({*kinds.LINES, *kinds.VALIDATION_LINES, *kinds.TEST_LINES}, key=lambda kind: kind.__name__)
SURFACES = sorted(
    {*kinds.SURFACES, *kinds.VALIDATION_SURFACES, *kinds.TEST_SURFACES}, key=lambda kind: kind.__name__
)


@pytest.mark.parametrize("kind", LINES + SURFACES, ids=lambda kind: kind.__name__)
def test_the_same_draws_give_the_same_picture_and_others_another(kind):
    first, again = (kind(np.random.default_rng(5)) for _ in range(2))
    assert first.shape == (SIDE, SIDE) and first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    assert len({kind(np.random.default_rng(seed)).tobytes() for seed in range(20)}) >= 3


@pytest.mark.parametrize("kind", LINES, ids=lambda kind: kind.__name__)
def test_a_drawing_always_has_ink_and_paper(kind):
    for seed in range(40):
        picture = kind(np.random.default_rng(seed))
        assert picture.max() > 150
        assert 0.005 < (picture > 100).mean() < 0.97


@pytest.mark.parametrize(
    "kind",
    [kind for kind in SURFACES if kind not in (textures.blank, textures.automaton)],
    ids=lambda k: k.__name__,
)
def test_a_surface_is_never_blank(kind):
    assert all(np.ptp(kind(np.random.default_rng(seed))) > 0 for seed in range(40))


def test_a_blank_sheet_has_one_value_and_is_mostly_black_or_white():
    levels = [np.unique(textures.blank(np.random.default_rng(seed))) for seed in range(100)]
    assert all(len(level) == 1 for level in levels)
    values = np.concatenate(levels)
    assert (values == 0).sum() > 30 and (values == 255).sum() > 8


def test_white_noise_is_white_and_coloured_noise_has_more_power_in_the_low_frequencies():
    def share_of_low(kind):
        shares = []
        for seed in range(30):
            picture = kind(np.random.default_rng(seed)).astype(float)
            power = np.abs(np.fft.fft2(picture - picture.mean())) ** 2
            radius = np.hypot(*np.meshgrid(np.fft.fftfreq(SIDE), np.fft.fftfreq(SIDE)))
            shares.append(power[radius < 0.1].sum() / power.sum())
        return np.array(shares)

    assert share_of_low(textures.coloured_noise).mean() > share_of_low(textures.white_noise).mean() + 0.2


def test_a_halftone_repeats_and_checks_are_half_black():
    white = [(textures.checks(np.random.default_rng(seed)) > 127).mean() for seed in range(40)]
    assert 0.4 < np.mean(white) < 0.6
