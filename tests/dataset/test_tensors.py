"""Claims about data sets as tensors: training images stay as they are."""

import dataclasses

import numpy as np
import pytest

from lib.contract import Contract
from lib.dataset import Dataset, Pictures
from lib.dataset.tensors import Tensors, training_pipeline
from lib.picture import Picture

NAMES = ("a", "b")
LETTERS = Contract(
    (784,),
    (28, 28),
    NAMES,
    polarity="white on black",
    frame="crop to ink",
    margin=0.1,
    centre="centre of mass",
)


def random_images(*shape):
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def dataset(images):
    return Dataset(images, np.zeros(len(images), np.int64), NAMES)


def test_images_of_the_networks_size_are_only_scaled_and_laid_out():
    images = random_images(5, 28, 28)
    for contract, expected in (
        (LETTERS, images.reshape(5, 784).astype(np.float32)),
        (dataclasses.replace(LETTERS, value_range="0..1"), images.reshape(5, 784) / np.float32(255)),
        (dataclasses.replace(LETTERS, input_shape=(28, 28, 1)), images[..., None].astype(np.float32)),
    ):
        tensors = Tensors(dataset(images), contract)
        assert tensors.shape == (5, *contract.input_shape)
        assert tensors[:].dtype == np.float32
        np.testing.assert_array_equal(tensors[:], expected)


@pytest.mark.parametrize("frame", ["squash", "pad to square", "centre crop", "crop to ink"])
def test_a_size_that_is_not_square_is_left_alone_too(frame):
    images = random_images(2, 20, 30, 3)
    contract = Contract((20, 30, 3), (20, 30), NAMES, channels=3, channel_order="BGR", frame=frame)
    for source in (images, Pictures(Picture.from_array(image) for image in images)):
        np.testing.assert_array_equal(Tensors(dataset(source), contract)[:], images[..., ::-1])


def test_rows_are_those_that_are_asked_for():
    tensors = Tensors(dataset(random_images(5, 28, 28)), LETTERS)
    everything = tensors[:]
    np.testing.assert_array_equal(tensors[1:3], everything[1:3])
    np.testing.assert_array_equal(tensors[np.array([4, 0])], everything[[4, 0]])
    assert tensors[5:].shape == (0, 784)


def test_dark_ink_is_not_inverted_and_ink_in_a_corner_not_moved():
    image = np.full((1, 28, 28), 255, np.uint8)
    image[0, 2:6, 2:6] = 0
    np.testing.assert_array_equal(Tensors(dataset(image), LETTERS)[:][0], image.reshape(784))
    steps = training_pipeline(LETTERS)
    assert (steps["invert"].on, steps["centre"].on, steps["frame"].mode) == (False, False, "pad to square")


def test_pictures_of_another_size_are_padded_rather_than_cropped():
    picture = Picture.from_array(np.full((56, 28), 80, np.uint8))
    tensor = Tensors(dataset(Pictures([picture])), LETTERS)[:][0]
    np.testing.assert_array_equal(tensor, np.full(784, 80, np.float32))
    wide = np.zeros((28, 56), np.uint8)
    wide[:, 20:36] = 255
    tensor = Tensors(dataset(Pictures([Picture.from_array(wide)])), LETTERS)[:][0].reshape(28, 28)
    assert tensor[:7].max() == tensor[21:].max() == 0
    assert tensor[7:21, 10:18].min() == 255


def test_an_array_and_the_same_images_as_pictures_give_the_same_tensors():
    for images in (random_images(3, 40, 30), random_images(3, 40, 30, 3)):
        for contract in (LETTERS, Contract((32, 32, 3), (32, 32), NAMES, channels=3, value_range="caffe")):
            pictures = Pictures(Picture.from_array(image) for image in images)
            for pipeline in (None, contract.pipeline()):
                np.testing.assert_array_equal(
                    Tensors(dataset(images), contract, pipeline)[:],
                    Tensors(dataset(pictures), contract, pipeline)[:],
                )


def test_a_given_pipeline_does_what_it_says():
    images = random_images(3, 28, 28)
    pipeline = LETTERS.pipeline()
    expected = [pipeline.run(image).final for image in images]
    np.testing.assert_array_equal(Tensors(dataset(images), LETTERS, pipeline)[:], expected)


def test_another_value_range_can_follow_the_same_levels():
    tensors = Tensors(dataset(random_images(3, 28, 28)), LETTERS)
    other = Tensors(tensors.dataset, dataclasses.replace(LETTERS, value_range="-1..1"))
    assert tensors.ranges_can_change
    np.testing.assert_array_equal(tensors.finished(tensors.levels(2), "-1..1"), other[2:][0])
    without = Tensors(tensors.dataset, LETTERS, LETTERS.pipeline().with_step("value_range", on=False))
    assert not without.ranges_can_change
