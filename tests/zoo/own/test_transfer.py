"""A model taken apart and built again is the same model; parts that do not fit are refused."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from lib.zoo.own.transfer import TransferError, describe, outline, pack, rebuild, unpack
from tests.keras_models import BUILDS, batch_for, shaken

L = keras.layers


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_a_model_built_again_answers_as_before(build: Any) -> None:
    model = shaken(build()[0])
    heads, data = pack(model.get_weights())
    again = rebuild(describe(model), unpack(heads, data))
    batch = batch_for(model)
    np.testing.assert_allclose(again(batch), model(batch), rtol=1e-5, atol=1e-5)


def test_an_adapted_normalization_stays_adapted() -> None:
    layer = L.Normalization(axis=None)
    layer.adapt(np.arange(100, dtype=np.float32))
    inner = keras.Sequential([keras.Input((8, 8)), layer], name="inner")
    model = keras.Sequential([keras.Input((8, 8)), inner, L.Flatten()])
    again = rebuild(describe(model), model.get_weights())
    batch = np.full((1, 8, 8), 49.5, np.float32)
    np.testing.assert_allclose(again(batch), 0, atol=1e-5)


def test_an_outline_counts_without_allocating() -> None:
    model = keras.Sequential([keras.Input((1000,)), L.Dense(3, name="wide")])
    config = describe(model)
    config["config"]["layers"][1]["config"]["units"] = 10**8
    assert outline(config).count_params() == 1001 * 10**8


@given(
    st.lists(
        arrays.arrays(
            st.sampled_from([np.float32, np.float16, np.int64, np.uint8, np.bool_]),
            arrays.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
        ),
        max_size=4,
    )
)
def test_packed_arrays_come_back_bit_by_bit(given_arrays: list[np.ndarray]) -> None:
    found = unpack(*pack(given_arrays))
    assert [a.tobytes() for a in found] == [a.tobytes() for a in given_arrays]
    assert [(a.shape, a.dtype) for a in found] == [(a.shape, a.dtype) for a in given_arrays]


@pytest.mark.parametrize(
    ("heads", "data"),
    [
        (None, b""),
        ([["float32", [2]]], b"1234"),
        ([["float32", [1]]], b"12345"),
        ([["object", [1]]], bytes(8)),
        ([["float32", [-1]]], b""),
        ([["float32", [True]]], bytes(4)),
        ([["float32", 1]], bytes(4)),
        (["float32"], b""),
        ([["float32", [10**30]]], b""),
    ],
)
def test_parts_that_do_not_fit_are_refused(heads: object, data: bytes) -> None:
    with pytest.raises(TransferError):
        unpack(heads, data)
