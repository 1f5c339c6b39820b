"""Claims about grain: roughness at the scale where it is, in the range's own unit, and distances to known pictures."""

import numpy as np
import pytest

from lib.reference.grain import Grain, fit_grain, grain_vectors


def checks(period: int, level: float = 1.0) -> np.ndarray:
    """float32 (1, 16, 16): squares of `period` pixels, 0 and `level` in turn."""
    rows, columns = np.mgrid[:16, :16] // period
    return (level * ((rows + columns) % 2))[None].astype(np.float32)


def test_checks_are_rough_at_their_own_scale_only():
    for scale in range(3):
        found = grain_vectors(checks(2**scale), "0..1")[0]
        floor = np.log(np.float32(0.004))
        # Only the third number of a scale sees squares that differ from both neighbours, 0.5 in the root mean square.
        expected = np.full(13, floor)
        expected[3 * scale + 2] = np.log(0.5 + 0.004)
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_stripes_are_told_from_lying_ones():
    upright = np.tile(np.array([0.0, 1.0]), (1, 16, 8))
    across, down, both = grain_vectors(upright, "0..1")[0, :3]
    assert across == pytest.approx(np.log(0.504), abs=1e-5) and down == both == pytest.approx(np.log(0.004))


def test_the_unit_is_the_range():
    np.testing.assert_allclose(
        grain_vectors(255 * checks(2), "0..255"), grain_vectors(checks(2), "0..1"), atol=1e-4
    )


def test_gray_in_three_channels_adds_nothing_and_colour_does():
    gray = np.repeat(checks(1)[..., None], 3, axis=-1)
    found = grain_vectors(gray, "0..1")[0]
    assert len(found) == 26
    np.testing.assert_allclose(found[0::2], grain_vectors(checks(1), "0..1")[0], atol=1e-5)
    np.testing.assert_allclose(found[1::2], np.log(0.004), atol=1e-5)
    red = gray * np.float32([1, 0, 0])
    assert grain_vectors(red, "0..1")[0, 5] > np.log(0.2)


def test_small_pictures_have_fewer_scales():
    assert grain_vectors(np.zeros((2, 3, 3)), "0..1").shape == (2, 4)
    assert np.isfinite(grain_vectors(np.zeros((1, 7)), "0..1")).all()  # one row of seven values


def test_a_known_picture_is_near_and_the_distance_counts_spreads():
    bank = np.random.default_rng(0).normal(size=(200, 4)).astype(np.float32)
    grain = fit_grain(bank)
    np.testing.assert_allclose(grain.spread, bank.std(0) + 0.05, rtol=1e-5)
    assert grain.distances(np.full((1, 4), 100, np.float32))[0] > 150
    one = Grain(np.zeros((1, 2), np.float16), np.float32([1, 2]))
    assert one.distances(np.float32([[3, 8]]))[0] == pytest.approx(5)


def test_numbers_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="do not fit"):
        Grain(np.zeros((3, 2), np.float16), np.zeros(2, np.float32))
