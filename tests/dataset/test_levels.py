"""Claims about what the numbers of an array mean; layouts are tested where files are read."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lib.dataset.levels import scale_of


@pytest.mark.parametrize(
    ("values", "levels"),
    [
        ([0.0, 0.5, 1.0], [0, 128, 255]),
        ([-1.0, 0.0, 1.0], [0, 128, 255]),
        ([0.0, 0.4, 254.6], [0, 0, 255]),
        ([0.0, 0.0, 0.0], [0, 0, 0]),
        ([False, True, True], [0, 255, 255]),
    ],
)
def test_the_scale_is_read_from_the_values(values, levels):
    block = np.array(values).reshape(1, 1, 3)
    result, wrong = scale_of(block).levels(block)
    assert result.ravel().tolist() == levels
    assert wrong == []


@settings(deadline=None)
@given(arrays.arrays(np.uint8, (2, 3, 3)), st.sampled_from([(1 / 255, 0.0), (1 / 127.5, -1.0)]))
def test_scaling_to_fractions_and_back_loses_nothing(images, scale):
    factor, offset = scale
    images[0, 0, :2] = (0, 255)
    block = (images * factor + offset).astype(np.float32)
    np.testing.assert_array_equal(scale_of(block).levels(block)[0], images)


def test_a_value_outside_of_the_scale_is_told_with_its_row():
    block = np.zeros((3, 2, 2))
    block[0, 0, 0] = 1
    _, wrong = scale_of(block[:1]).levels(np.where(np.arange(3)[:, None, None] == 2, 7.0, block))
    assert wrong == [(2, "a value of 7.0 does not fit the others' range")]
