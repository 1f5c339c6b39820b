"""Claims about pictures that are larger than their numbers need."""

import numpy as np
import pytest

from lib.autopsy.thinned import thinned


@pytest.mark.parametrize("shape", [(1, 1), (280, 280, 3), (2047, 5000)])
def test_what_is_not_twice_too_large_stays_as_it_is(shape: tuple[int, ...]) -> None:
    image = np.zeros(shape, np.uint8)
    assert thinned(image).shape == shape


def test_of_a_larger_one_every_nth_row_and_column_is_left() -> None:
    image = np.arange(3072 * 3100, dtype=np.int32).reshape(3072, 3100)
    few = thinned(image)
    assert few.shape == (1024, 1034)
    assert few[1, 2] == image[3, 6]
