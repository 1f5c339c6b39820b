"""Claims about feeding images to the training."""

import dataclasses

import numpy as np

from lib.training.batches import Batches
from lib.training.data import Labelled, concatenate
from lib.training.letters_mlp import RECIPE


def labels_of(batches):
    return np.concatenate([batches[index][1] for index in range(len(batches))])


def test_an_epoch_gives_every_letter_once_in_a_new_order(tiny_letters):
    batches = Batches(tiny_letters.fit, dataclasses.replace(RECIPE, batch_size=100), seed=0)
    first = labels_of(batches)
    batches.on_epoch_end()
    second = labels_of(batches)
    for labels in (first, second):
        np.testing.assert_array_equal(np.sort(labels), np.sort(tiny_letters.fit.labels))
    assert (first != second).any()


def test_batches_hold_the_recipes_tensors_in_step_with_their_labels(tiny_letters):
    inputs, labels = Batches(tiny_letters.fit, RECIPE, seed=0)[3]
    assert inputs.shape == (32, 784)
    assert inputs.dtype == np.float32
    known = {image.tobytes(): label for image, label in zip(*vars(tiny_letters.fit).values(), strict=True)}
    assert [known[row.astype(np.uint8).tobytes()] for row in inputs] == labels.tolist()


def test_a_smaller_last_batch_is_left_out_unless_it_is_the_only_one(tiny_letters):
    assert len(Batches(tiny_letters.fit, dataclasses.replace(RECIPE, batch_size=90), seed=0)) == 6
    assert len(Batches(tiny_letters.fit, dataclasses.replace(RECIPE, batch_size=999), seed=0)) == 1


def test_each_epoch_is_augmented_anew(tiny_letters):
    calls = []

    def darken(letters, random):
        calls.append(len(letters))
        return Labelled(letters.images // 2, letters.labels)

    batches = Batches(tiny_letters.fit, dataclasses.replace(RECIPE, augment=darken), seed=0)
    assert batches[0][0].max() <= 127
    batches.on_epoch_end()
    assert calls == [600, 600]


def test_an_augmentation_may_give_more_images_than_it_got(tiny_letters):
    twice = dataclasses.replace(RECIPE, augment=lambda letters, random: concatenate([letters, letters]))
    batches = Batches(tiny_letters.fit, twice, seed=0)
    assert len(batches) == 1200 // 32
    np.testing.assert_array_equal(batches[0][0], Batches(tiny_letters.fit, RECIPE, seed=0)[0][0])
