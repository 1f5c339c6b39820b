"""Claims about the surfaces that house numbers hang on."""

import numpy as np
import pytest

from lib.training.house_digits_textures import SIDE, boards, bricks, grain, leaves, plaster, stone, surfaces


def test_surfaces_have_no_level_and_one_strength():
    made = surfaces(6, np.random.default_rng(0))
    assert made.shape == (6, SIDE, SIDE) and made.dtype == np.float32
    np.testing.assert_allclose(made.mean((1, 2)), 0, atol=1e-4)
    np.testing.assert_allclose(made.std((1, 2)), 1, atol=1e-4)


def test_the_same_seed_gives_the_same_surfaces_and_another_one_others():
    first, again, other = (surfaces(2, np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert np.abs(first - other).mean() > 0.1


@pytest.mark.parametrize("kind", [plaster, bricks, boards, stone, leaves, grain])
def test_every_kind_varies_over_the_picture(kind):
    made = kind(np.random.default_rng(3))
    assert made.shape == (SIDE, SIDE)
    assert np.isfinite(made).all() and made.std() > 0


def test_plaster_is_rougher_at_large_scale_than_at_small():
    """Power falls with frequency, which is what makes it look like a wall rather than like noise."""
    spectrum = np.abs(np.fft.rfft2(plaster(np.random.default_rng(0)))) ** 2
    assert spectrum[1:5, 1:5].mean() > 30 * spectrum[60:100, 60:100].mean()
