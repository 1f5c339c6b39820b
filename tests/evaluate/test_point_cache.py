"""Claims about remembered points: the oldest go first, and names are made of content."""

import dataclasses

import numpy as np

from lib.dataset import Dataset
from lib.dataset.dataset import Pictures
from lib.evaluate.axis import Axis
from lib.evaluate.point_cache import Point, PointCache, data_key, network_key, point_key
from lib.evaluate.running import as_stored
from lib.network import Network
from lib.picture import Picture
from tests.evaluate.tiny import halves, pictures


def test_what_was_not_asked_for_for_longest_goes_first() -> None:
    cache = PointCache(most=2)
    one, two, three = (Point(10, n, 5.0) for n in (1, 2, 3))
    cache.put("one", one)
    cache.put("two", two)
    assert cache.get("one") == one
    cache.put("three", three)
    assert (cache.get("one"), cache.get("two"), cache.get("three")) == (one, None, three) and len(cache) == 2


def test_accuracy_and_mean_confidence_of_a_point() -> None:
    assert (Point(8, 6, 4.0).accuracy, Point(8, 6, 4.0).confidence) == (0.75, 0.5)
    assert np.isnan(Point(0, 0, 0.0).accuracy)


def test_a_network_is_named_by_its_weights_and_by_what_its_outputs_are_called() -> None:
    import keras

    network = halves()
    copy = Network(keras.models.clone_model(network.model), network.contract)
    copy.model.set_weights(network.model.get_weights())
    assert network_key(copy) == network_key(network)
    renamed = network.with_contract(dataclasses.replace(network.contract, class_names=("right", "left")))
    assert network_key(renamed) != network_key(network)
    other = keras.models.clone_model(network.model)
    other.set_weights([2 * weights for weights in network.model.get_weights()])
    assert network_key(Network(other, network.contract)) != network_key(network)


def test_images_are_named_by_pixels_and_classes_wherever_they_come_from() -> None:
    rows, labels = np.arange(5), np.zeros(5, np.int64)
    assert data_key(pictures(9), rows, labels) == data_key(pictures(30), rows, labels)
    assert data_key(pictures(9), rows, labels) != data_key(pictures(9, seed=1), rows, labels)
    assert data_key(pictures(9), rows, labels) != data_key(pictures(9), rows, labels + 1)


def test_the_same_pictures_in_other_rows_meet_other_noise_and_have_another_name() -> None:
    data, labels, rows = pictures(6), np.zeros(5, np.int64), np.arange(5)
    several = [Picture.from_array(image) for image in data.images]
    files = dataclasses.replace(data, images=Pictures(several))
    behind_a_stray = Dataset(
        Pictures([several[5], *several]), np.zeros(7, np.int64), data.class_names, total=7
    )
    assert data_key(files, rows, labels) != data_key(behind_a_stray, rows + 1, labels)
    assert data_key(files, rows, labels) == data_key(files, rows, labels.copy())


def test_the_order_of_two_axes_does_not_make_another_point() -> None:
    pipeline = as_stored(pictures(2), halves().contract)
    turn, tone = Axis("move", "rotation", (5.0,)), Axis("tone", "gamma", (2.0,))
    assert point_key("n", "d", pipeline, [turn, tone], [5.0, 2.0]) == point_key(
        "n", "d", pipeline, [tone, turn], [2.0, 5.0]
    )
    assert point_key("n", "d", pipeline, [turn], [5.0]) != point_key("n", "d", pipeline, [turn], [6.0])
