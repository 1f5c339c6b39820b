"""Claims about wrongly scaled tensors, by hand."""

import numpy as np
import pytest

from benchmarks.misfed import misfed


def test_every_other_range_and_the_inversion_of_the_first_question():
    found = misfed(np.array([[0.0, 51.0, 255.0]], np.float32), "0..255")
    assert list(found) == ["as 0..1", "as -1..1", "as caffe", "as torch", "1 - pixels of 0..255"]
    np.testing.assert_allclose(found["as 0..1"], [[0, 0.2, 1]])
    np.testing.assert_allclose(found["as -1..1"], [[-1, -0.6, 1]])
    np.testing.assert_allclose(found["1 - pixels of 0..255"], [[1, -50, -254]])
    assert all(tensor.dtype == np.float32 and tensor.shape == (1, 3) for tensor in found.values())


@pytest.mark.parametrize("value_range", ["0..1", "-1..1"])
def test_the_same_picture_is_misfed_alike_from_any_range(value_range):
    shares = np.array([[0.0, 0.25, 1.0]])
    low, high = (0, 1) if value_range == "0..1" else (-1, 1)
    found = misfed((low + shares * (high - low)).astype(np.float32), value_range)
    assert f"as {value_range}" not in found
    np.testing.assert_allclose(found["as 0..255"], [[0, 63.75, 255]])
