"""Claims about the light affine augmentation."""

import numpy as np

from lib.training.augment import random_affine


def test_a_disc_in_the_middle_keeps_most_of_its_ink_and_moves_at_most_the_shift():
    rows, columns = np.indices((28, 28))
    disc = (((rows - 13.5) ** 2 + (columns - 13.5) ** 2 < 36) * 255).astype(np.uint8)
    batch = np.repeat(disc[None], 200, 0)
    changed = random_affine(batch, np.random.default_rng(0)).astype(float)
    mass = changed.sum((1, 2))
    assert (np.abs(mass / disc.sum() - 1) < 0.28).all()
    down = (changed * rows).sum((1, 2)) / mass - 13.5
    assert np.abs(down).max() < 2.1
    assert np.ptp(down) > 3


def test_the_same_draws_give_the_same_images_and_the_input_is_left_alone():
    batch = np.random.default_rng(1).integers(0, 256, (5, 28, 28)).astype(np.uint8)
    before = batch.copy()
    first, second = (random_affine(batch, np.random.default_rng(2)) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(batch, before)
    assert (random_affine(batch, np.random.default_rng(3)) != first).any()


def test_every_image_of_a_batch_is_changed_in_its_own_way():
    one = np.zeros((28, 28), np.uint8)
    one[4:24, 12:16] = 255
    changed = random_affine(np.repeat(one[None], 20, 0), np.random.default_rng(0))
    assert len({image.tobytes() for image in changed}) == 20
