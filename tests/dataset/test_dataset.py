"""Claims about the data set as a value."""

import numpy as np
import pytest

from lib.dataset import Dataset, Pictures
from lib.picture import Picture

IMAGES = np.arange(3 * 2 * 2, dtype=np.uint8).reshape(3, 2, 2)
LABELS = np.array([0, 2, 2])


def test_counts_are_those_of_every_class():
    np.testing.assert_array_equal(Dataset(IMAGES, LABELS, tuple("ABC")).counts, [1, 0, 2])


@pytest.mark.parametrize(
    "images", [IMAGES, Pictures(Picture.from_array(image) for image in IMAGES)], ids=["array", "pictures"]
)
def test_taking_some_takes_images_and_labels(images):
    taken = Dataset(images, LABELS, tuple("ABC"), name="x", notes=("n",)).take(np.array([2, 0]))
    np.testing.assert_array_equal(taken.labels, [2, 0])
    for position, original in enumerate((2, 0)):
        np.testing.assert_array_equal(taken.picture(position).pixels[..., 0], IMAGES[original])
    assert taken.notes == ("n",)


def test_pictures_can_be_sliced():
    pictures = Pictures(Picture.from_array(image) for image in IMAGES)
    assert len(pictures[1:]) == 2
    np.testing.assert_array_equal(pictures[1:][0].pixels, pictures[1].pixels)


@pytest.mark.parametrize(
    ("images", "labels", "names", "sentence"),
    [
        (IMAGES.astype(float), LABELS, "ABC", "uint8"),
        (IMAGES[..., None], LABELS, "ABC", r"\(N, H, W, 3\)"),
        (IMAGES, LABELS[:2], "ABC", "3 images cannot have labels"),
        (IMAGES, LABELS, "AB", "no class name"),
        (IMAGES, LABELS - 1, "ABC", "no class name"),
    ],
)
def test_a_data_set_that_contradicts_itself_is_refused(images, labels, names, sentence):
    with pytest.raises(ValueError, match=sentence):
        Dataset(images, labels, tuple(names))
