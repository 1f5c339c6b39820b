"""Claims about what the camera makes of a scene."""

import numpy as np

from lib.training.house_digits_camera import photograph
from lib.training.house_digits_scene import HEIGHT, WIDTH, Scene


def scene_with_a_bar(bright=230.0, dark=30.0):
    """A bright upright bar in the middle of a dark scene."""
    image = np.full((HEIGHT, WIDTH, 3), dark, np.float32)
    image[24:72, 56:72] = bright
    return Scene(image, 1, (56, 24, 72, 72), np.full(3, dark))


def test_a_photograph_is_a_small_colour_picture():
    photo = photograph(scene_with_a_bar(), np.random.default_rng(0))
    assert photo.shape == (32, 32, 3) and photo.dtype == np.uint8


def test_the_same_seed_gives_the_same_photograph_and_another_one_another():
    first, again, other = (photograph(scene_with_a_bar(), np.random.default_rng(seed)) for seed in (4, 4, 5))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_what_is_in_the_box_comes_to_the_middle():
    photos = np.stack([photograph(scene_with_a_bar(), np.random.default_rng(seed)) for seed in range(60)])
    average = photos.mean((0, 3))
    assert average[8:24, 13:19].mean() > average[8:24, :5].mean() + 40
    assert average[8:24, 13:19].mean() > average[8:24, 27:].mean() + 40


def test_contrast_falls_but_its_sign_stays():
    for seed in range(40):
        photo = photograph(scene_with_a_bar(), np.random.default_rng(seed)).astype(float)
        assert photo[10:22, 12:20].max() > photo[10:22, :4].mean()


def test_photographs_differ_in_brightness_and_sharpness():
    photos = np.stack([photograph(scene_with_a_bar(), np.random.default_rng(seed)) for seed in range(60)])
    assert photos.mean((1, 2, 3)).std() > 15
    steepest = np.abs(np.diff(photos.mean(3), axis=2)).max((1, 2))
    assert np.quantile(steepest, 0.9) > 2 * np.quantile(steepest, 0.1)
