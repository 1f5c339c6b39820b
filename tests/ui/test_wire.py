from __future__ import annotations

import json
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lib.ui.wire import pack, unpack

_DTYPES = st.sampled_from([np.uint8, np.int16, np.uint16, np.int32, np.float32])
_ARRAYS = _DTYPES.flatmap(
    lambda dtype: arrays(dtype, array_shapes(min_dims=1, max_dims=3, min_side=0, max_side=5))
)


@given(st.dictionaries(st.text(max_size=5), _ARRAYS, max_size=4), st.text(max_size=20))
def test_what_is_packed_comes_back(given_arrays: dict[str, np.ndarray], text: str) -> None:
    header, unpacked = unpack(pack({"text": text}, given_arrays))
    assert header == {"text": text}
    assert unpacked.keys() == given_arrays.keys()
    for name, array in given_arrays.items():
        assert unpacked[name].dtype == array.dtype
        np.testing.assert_array_equal(unpacked[name], array)


@given(st.text(max_size=9), st.integers(1, 9))
def test_every_array_starts_where_a_browser_can_lay_a_typed_array(text: str, size: int) -> None:
    message = pack({"text": text}, {"a": np.zeros(size, np.uint8), "b": np.ones(2, np.float32)})
    (length,) = struct.unpack_from("<I", message)
    entries = json.loads(message[4 : 4 + length])["arrays"]
    assert length % 4 == 0
    assert all(entry["offset"] % 4 == 0 for entry in entries.values())


def test_a_transposed_array_travels_in_the_order_of_its_shape() -> None:
    array = np.arange(6, dtype=np.int16).reshape(2, 3).T
    _, unpacked = unpack(pack({}, {"a": array}))
    assert unpacked["a"].tolist() == [[0, 3], [1, 4], [2, 5]]


def test_numbers_that_json_has_no_word_for_become_null() -> None:
    header, _ = unpack(pack({"a": [float("nan"), np.float32("inf"), 1.5], "b": {"c": np.int64(3)}}))
    assert header == {"a": [None, None, 1.5], "b": {"c": 3}}


def test_an_array_that_the_browser_cannot_read_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="'weights' has dtype float64"):
        pack({}, {"weights": np.zeros(3)})


def test_numbers_whose_bytes_stand_the_other_way_round_are_refused() -> None:
    with pytest.raises(TypeError, match="'far' has dtype >f4"):
        pack({}, {"far": np.zeros(2, ">f4")})


@given(st.binary(max_size=9))
def test_bytes_travel_as_they_are(data: bytes) -> None:
    _, unpacked = unpack(pack({}, {"part": data, "after": np.ones(1, np.int32)}))
    assert unpacked["part"].dtype == np.uint8 and unpacked["part"].tobytes() == data
    assert unpacked["after"].tolist() == [1]
