"""Claims about the values that every recipe trains on."""

import numpy as np

from lib.training.data import Labelled, concatenate


def numbered(*labels):
    values = np.array(labels, np.int64)
    return Labelled(np.broadcast_to(values[:, None, None].astype(np.uint8), (len(values), 4, 4)), values)


def test_images_and_labels_are_taken_together():
    some = numbered(3, 1, 4, 1, 5)
    for which in (np.array([4, 0]), some.labels > 2):
        taken = some.take(which)
        np.testing.assert_array_equal(taken.images[:, 2, 2], taken.labels)
    assert some.take(np.array([4, 0])).labels.tolist() == [5, 3]
    assert len(some.take(some.labels == 1)) == 2


def test_parts_are_put_one_after_the_other():
    both = concatenate([numbered(1, 2), numbered(), numbered(3)])
    assert both.labels.tolist() == both.images[:, 0, 0].tolist() == [1, 2, 3]
