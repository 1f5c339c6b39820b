"""Claims about noise, specks and JPEG: how strong they are, and that they repeat."""

import numpy as np
import pytest

from lib.evaluate.disturbance import DISTURBANCES, jpeg, noise, specks

GRAY = np.full((200, 200), 128, np.uint8)


def test_noise_has_the_deviation_that_it_is_asked_for() -> None:
    changed = noise(GRAY, 20, 3).astype(float)
    assert changed.std() == pytest.approx(20, rel=0.02) and changed.mean() == pytest.approx(128, abs=0.5)


def test_twice_the_noise_is_the_same_noise_twice_as_strong() -> None:
    weak, strong = (noise(GRAY, d, 3).astype(float) - 128 for d in (10, 20))
    np.testing.assert_allclose(strong, 2 * weak, atol=1.5)


def test_specks_are_black_and_white_in_equal_parts() -> None:
    changed = specks(GRAY, 20, 3)
    assert (changed == 0).mean() == pytest.approx(0.1, abs=0.01)
    assert (changed == 255).mean() == pytest.approx(0.1, abs=0.01)
    assert (changed == 128).mean() == pytest.approx(0.8, abs=0.01)


def test_jpeg_of_a_lower_quality_is_further_from_the_picture() -> None:
    picture = np.kron(np.random.default_rng(0).integers(0, 256, (16, 16)), np.ones((4, 4))).astype(np.uint8)
    errors = [np.abs(jpeg(picture, q, 0).astype(float) - picture).mean() for q in (95, 50, 10)]
    assert errors[0] < errors[1] < errors[2] and errors[0] < 5


@pytest.mark.parametrize("name", DISTURBANCES)
@pytest.mark.parametrize("shape", [(9, 7), (9, 7, 3)])
def test_each_keeps_shape_and_bytes_repeats_itself_and_differs_between_pictures(
    name: str, shape: tuple
) -> None:
    picture = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    kind = DISTURBANCES[name]
    before = picture.copy()
    first, again, other = (kind.apply(picture, 40, seed) for seed in (1, 1, 2))
    assert first.shape == shape and first.dtype == np.uint8
    np.testing.assert_array_equal(first, again)
    np.testing.assert_array_equal(picture, before)
    assert name == "jpeg" or not np.array_equal(first, other)


def test_no_noise_and_no_specks_change_nothing() -> None:
    assert np.array_equal(noise(GRAY, 0, 1), GRAY) and np.array_equal(specks(GRAY, 0, 1), GRAY)


def test_the_colours_of_a_jpeg_do_not_change_places() -> None:
    red = np.zeros((16, 16, 3), np.uint8)
    red[..., 0] = 250
    assert jpeg(red, 95, 0)[..., 0].mean() > 200 > 50 > jpeg(red, 95, 0)[..., 2].mean()
