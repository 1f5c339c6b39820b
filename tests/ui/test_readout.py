from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lib.ui.readout import HistogramBand, readout_message
from lib.ui.wire import unpack


def _band(high: float = 1.0) -> HistogramBand:
    """A data set of mostly zeros with some ink, in four bins."""
    edges = np.linspace(0, high, 5)
    return HistogramBand(
        edges, np.array([0.7, 0, 0, 0.05]), np.array([0.8, 0.02, 0.02, 0.1]), np.array([0.9, 0.1, 0.1, 0.2])
    )


def _like_training(high: float = 1.0) -> np.ndarray:
    tensor = np.zeros((10, 10), np.float32)
    tensor.flat[:4] = 0.4 * high
    tensor.flat[4:18] = high
    return tensor


def _sent(tensor, **more):
    header, sent = unpack(readout_message(np.asarray(tensor), **more))
    return dict(header["facts"]), header, sent


def test_the_facts_are_those_of_the_tensor() -> None:
    facts, header, sent = _sent(np.array([[0, 0, 1], [0, 3, 2]], np.float32))
    assert facts == {
        "shape": "(2, 3)",
        "dtype": "float32",
        "min": "0",
        "max": "3",
        "mean": "1",
        "zeros": "50 %",
    }
    assert (header["from"], header["to"]) == ("0", "3")
    assert sent["shares"][0] == pytest.approx(0.5)
    assert sent["shares"][-1] == pytest.approx(1 / 6)


def test_a_vector_is_written_as_numpy_writes_it() -> None:
    assert _sent(np.zeros(784, np.float32))[0]["shape"] == "(784,)"


@given(arrays(np.float32, array_shapes(max_dims=3, max_side=6), elements=st.floats(width=32)))
def test_shares_of_the_finite_values_sum_to_one_whatever_the_tensor(tensor: np.ndarray) -> None:
    for band in (None, _band()):
        _, header, sent = _sent(tensor, band=band)
        total = float(sent["shares"].sum()) + header["below"] + header["above"]
        assert total == pytest.approx(1 if np.isfinite(tensor).any() else 0, abs=1e-5)


def test_a_tensor_like_the_training_data_draws_no_sentence() -> None:
    _, header, sent = _sent(_like_training(), band=_band())
    assert header["sentences"] == []
    assert sent["shares"].tolist() == pytest.approx([0.82, 0.04, 0, 0.14])
    assert sent["mid"].tolist() == pytest.approx([0.8, 0.02, 0.02, 0.1])


def test_values_beyond_the_training_range_are_said_and_counted_apart() -> None:
    _, header, sent = _sent(_like_training(255.0), band=_band())
    assert header["sentences"] == ["Values reach 255; the training data stayed within 0..1."]
    assert header["above"] == pytest.approx(0.18)
    assert sent["shares"].tolist() == pytest.approx([0.82, 0, 0, 0])


def test_values_below_the_training_range_are_said() -> None:
    _, header, _ = _sent(_like_training() * 2 - 1, band=_band())
    assert header["sentences"] == ["Values go down to −1; the training data stayed within 0..1."]


def test_a_range_that_is_far_too_small_is_said() -> None:
    _, header, _ = _sent(_like_training(1.0), band=_band(255.0))
    assert header["sentences"] == [
        "No value exceeds 1; training images reach 255: the range looks too small."
    ]


def test_the_wrong_polarity_shows_as_bins_outside_the_band() -> None:
    _, header, _ = _sent(1 - _like_training(), band=_band())
    assert "of 4 bins are outside" in header["sentences"][0]
    assert header["sentences"][1] == ("82 % of the values lie in 0.75..1; for the training data it is 10 %.")


def test_a_blank_or_broken_tensor_is_said() -> None:
    assert _sent(np.full((2, 2), 7, np.float32))[1]["sentences"] == [
        "Every value is 7: there is nothing to read in this tensor."
    ]
    broken = np.array([1, np.nan, np.inf, 2], np.float32)
    facts, header, _ = _sent(broken)
    assert (facts["min"], facts["max"]) == ("1", "2")
    assert header["sentences"] == ["2 values are NaN or infinite: every layer after them is spoilt."]
    assert "no finite value" in _sent(np.array([np.nan], np.float32))[1]["sentences"][1]


def test_integers_are_read_too() -> None:
    facts, _, _ = _sent(np.array([[0, 255]], np.uint8))
    assert (facts["dtype"], facts["max"]) == ("uint8", "255")
