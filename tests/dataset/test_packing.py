"""Claims about packed images: nothing is lost, drawings take less, and what was unpacked is gone."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.dataset import DatasetError
from lib.dataset.packing import Packed, Unfinished


@given(st.lists(st.integers(0, 9), max_size=8), st.integers(1, 40), st.integers(0, 3))
def test_what_comes_out_is_what_went_in(sizes, slab, seed):
    random = np.random.default_rng(seed)
    # Half of them compress, half do not.
    parts = [random.integers(0, 256 if i % 2 else 2, (n, 5)).astype(np.uint8) for i, n in enumerate(sizes)]
    packed = Packed(slab)
    for part in parts:
        packed.add(part)
    expected = np.concatenate([np.zeros((0, 5), np.uint8), *parts])
    assert len(packed) == len(expected) and packed.largest == expected.max(initial=0)
    np.testing.assert_array_equal(packed.unpacked().reshape(-1, 5), expected)
    assert len(packed) == packed.nbytes == 0


def test_drawings_take_less_and_noise_never_more():
    drawings, noise = np.zeros((100, 100), np.uint8), np.random.default_rng(0).integers(0, 256, (100, 100))
    for images, most in ((drawings, 4_000), (noise.astype(np.uint8), 10_000)):
        packed = Packed(slab=2_500)
        packed.add(images)
        assert 0 < packed.nbytes <= most


def test_where_memory_ends_there_is_a_sentence():
    def build(images):
        raise MemoryError

    with pytest.raises(DatasetError, match=r"a\.csv needs more memory than there is"):
        Unfinished(Packed(), build, "a.csv").finish()
