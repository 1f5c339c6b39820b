"""Claims about random samples of streams."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.dataset.guards import DatasetLimits, Request, Watch
from lib.dataset.packing import Packed
from lib.dataset.sampling import Collector, choose, lowest

LIMITS = DatasetLimits()


def request(most, balanced=False, seed=0, limits=LIMITS):
    return Request("", limits, Watch("", limits, None, None), most, seed, balanced)


@settings(deadline=None)
@given(
    codes=st.lists(st.integers(0, 4), min_size=1, max_size=60),
    cuts=st.lists(st.integers(0, 60), max_size=5),
    most=st.integers(1, 70),
    balanced=st.booleans(),
    seed=st.integers(0, 5),
)
def test_a_sample_does_not_depend_on_the_blocks_it_comes_in(codes, cuts, most, balanced, seed):
    codes = np.array(codes)
    images = np.arange(len(codes), dtype=np.uint8)[:, None]
    collector = Collector(request(most, balanced, seed))
    for part in np.split(np.arange(len(codes)), sorted(min(cut, len(codes)) for cut in cuts)):
        collector.offer(images[part], codes[part])
    kept, labels = collector.finish()
    expected = choose(codes, most, seed, balanced)
    np.testing.assert_array_equal(kept[:, 0], expected)
    np.testing.assert_array_equal(labels, codes[expected])
    assert len(kept) == min(most, len(codes))


def test_the_lowest_numbers_stay():
    keys = np.array([0.5, 0.1, 0.9, 0.3])
    np.testing.assert_array_equal(lowest(keys, np.zeros(4, int), 2, False), [1, 3])


def test_a_balanced_sample_fills_up_with_the_classes_that_have_more():
    codes = np.repeat([0, 1, 2], [2, 10, 50])
    counts = np.bincount(codes[choose(codes, 20, 0, True)])
    assert counts[0] == 2
    assert sorted(counts[1:]) == [9, 9]
    counts = np.bincount(codes[choose(codes, 21, 0, True)])
    assert counts.sum() == 21 and counts[0] == 2 and sorted(counts[1:]) == [9, 10]


def test_every_image_is_as_likely_as_any_other():
    seen = np.zeros(40)
    for seed in range(600):
        seen[choose(np.zeros(40, int), 10, seed, False)] += 1
    # 600 draws with probability 1/4: mean 150, standard deviation 10.6.
    assert abs(seen - 150).max() < 5 * 10.6


def test_only_the_places_of_the_sample_are_held():
    collector = Collector(request(3))
    for first in range(0, 1000, 10):
        collector.offer(np.full((10, 4), first % 256, np.uint8), np.zeros(10, int))
        assert collector._places.shape == (3, 4)
    assert collector.seen == 1000


def test_a_sample_that_would_not_fit_is_made_smaller():
    assert request(100, limits=DatasetLimits(pixels=40)).sample_size(10) == 4
    assert request(100, limits=DatasetLimits(images=7)).sample_size(10) == 7
    assert request(None).sample_size(10) is None


def test_everything_is_kept_packed():
    collector = Collector(request(None))
    collector.offer(np.uint8([[1, 2], [3, 4]]), np.array([5, 6]))
    collector.offer(np.uint8([[7, 8]]), np.array([6]))
    images, labels = collector.finish()
    assert isinstance(images, Packed)
    assert images.unpacked().tolist() == [[1, 2], [3, 4], [7, 8]] and labels.tolist() == [5, 6, 6]


@pytest.mark.parametrize("most", [None, 5])
def test_nothing_offered_is_nothing_kept(most):
    images, labels = Collector(request(most)).finish()
    assert len(images) == len(labels) == 0
