"""First-layer weights become pictures the right way up, in the right colours, or a sentence says why not."""

from __future__ import annotations

import re
from dataclasses import replace

import keras
import numpy as np
import pytest

from lib.contract import Contract
from lib.filters import Filters, coloured, diverging, first_filters
from lib.network import Network
from tests.keras_models import branches, contract_for, functional_convolution, sequential_matrix, two_levels

L = keras.layers


def found(model: keras.Model, **contract: object) -> tuple[Filters | None, str]:
    return first_filters(Network(model, replace(contract_for(model), **contract)))


def test_a_dense_unit_is_laid_out_row_by_row_as_the_picture_is() -> None:
    model = keras.Sequential([keras.Input((6,)), L.Dense(2, name="hidden")])
    model.set_weights([np.array([[0, 9], [1, 9], [2, 9], [3, 9], [4, 9], [5, 9]]), np.zeros(2)])
    contract = Contract((6,), (2, 3), ("a", "b"))
    filters, sentence = first_filters(Network(model, contract))
    assert filters is not None and filters.layer == "hidden" and not filters.in_colour
    assert filters.values[0].tolist() == [[0, 1, 2], [3, 4, 5]]
    assert "6 weights, laid out as the 2 × 3 pixels" in sentence


def test_a_flattened_picture_and_scaling_inside_the_model_change_nothing() -> None:
    i = keras.Input((2, 3, 1))
    x = L.Flatten()(L.Rescaling(1 / 255)(i))
    model = keras.Model(i, L.Dense(2, name="hidden")(L.Dropout(0.5)(x)))
    model.get_layer("hidden").set_weights([np.arange(12).reshape(6, 2), np.zeros(2)])
    filters, _ = found(model)
    assert filters is not None and filters.values[1].tolist() == [[1, 3, 5], [7, 9, 11]]


def test_dense_units_on_colour_are_in_colour() -> None:
    i = keras.Input((2, 2, 3))
    model = keras.Model(i, L.Dense(1, name="hidden", use_bias=False)(L.Flatten()(i)))
    model.set_weights([np.arange(12, dtype=np.float32).reshape(12, 1)])
    filters, _ = found(model)
    assert filters is not None and filters.in_colour
    assert filters.values[0, 1, 0].tolist() == [6, 7, 8]


@pytest.mark.parametrize(("order", "expected"), [("RGB", [1, 2, 3]), ("BGR", [3, 2, 1])])
def test_a_kernel_keeps_its_orientation_and_red_comes_first(order: str, expected: list[int]) -> None:
    i = keras.Input((8, 8, 3))
    model = keras.Model(i, L.Dense(2)(L.Flatten()(L.Conv2D(2, (2, 3), name="conv")(i))))
    kernel = np.zeros((2, 3, 3, 2), np.float32)
    kernel[0, 2, :, 1] = [1, 2, 3]  # filter 1, top right
    model.get_layer("conv").set_weights([kernel, np.zeros(2)])
    filters, sentence = found(model, channel_order=order)
    assert filters is not None and filters.values.shape == (2, 2, 3, 3)
    assert filters.values[1, 0, 2].tolist() == expected
    assert filters.values[0].any() == np.False_ and "one scale for all three" in sentence


def test_the_first_layer_is_found_inside_nested_models() -> None:
    filters, _ = found(two_levels()[0])
    assert filters is not None and filters.layer == "outer/inner/conv"
    assert filters.values.shape == (2, 5, 5)


def test_a_frozen_layer_and_parallel_convolutions_show_too() -> None:
    model, _ = functional_convolution()
    model.trainable = False
    filters, _ = found(model)
    assert filters is not None and filters.values.shape == (4, 3, 3)
    filters, _ = found(branches()[0])
    assert filters is not None and filters.layer == "left" and filters.in_colour


def rows_only() -> keras.Model:
    i = keras.Input((4, 5))
    return keras.Model(i, L.Dense(2)(L.Flatten()(L.Dense(3, name="rows")(i))))


def mixed_before(last: keras.layers.Layer) -> keras.Model:
    i = keras.Input((8, 8, 3))
    x = (
        L.Concatenate()([i, L.MaxPooling2D(2, 1, "same")(i)])
        if isinstance(last, L.Conv2D)
        else L.Permute((2, 1, 3))(i)
    )
    x = last(x if isinstance(last, L.Conv2D) else L.Flatten()(x))
    return keras.Model(i, L.Dense(2)(L.Flatten()(x)))


def only(layer: keras.layers.Layer, shape: tuple[int, ...] = (8, 8, 3)) -> keras.Model:
    i = keras.Input(shape)
    return keras.Model(i, L.Dense(2)(L.Flatten()(layer(i))))


@pytest.mark.parametrize(
    ("build", "says"),
    [
        (
            lambda: only(L.DepthwiseConv2D(3, name="dw")),
            r"The first layer with weights is dw \(DepthwiseConv2D\)",
        ),
        (rows_only, "rows .* does not weigh the picture's 20 values one by one"),
        (
            lambda: mixed_before(L.Conv2D(2, 3, name="conv")),
            "Before the first convolution, conv, other layers mix",
        ),
        (lambda: mixed_before(L.Dense(2, name="flat")), "flat .* does not weigh the picture's 192 values"),
    ],
)
def test_where_there_is_nothing_to_show_a_sentence_says_why(build, says: str) -> None:
    filters, sentence = found(build())
    assert filters is None
    assert re.search(says, sentence), sentence


def test_a_network_without_weights_has_no_filters() -> None:
    i = keras.Input((2,))
    contract = Contract((2,), (1, 2), ("a", "b"), output="softmax")
    filters, sentence = first_filters(Network(keras.Model(i, L.Softmax()(i)), contract))
    assert (filters, sentence) == (
        None,
        "This network has no layer with weights, so there are no filters to show.",
    )


def test_other_numbers_of_channels_are_named() -> None:
    i = keras.Input((8, 8))
    x = L.Conv2D(2, 1, name="conv")(L.Reshape((4, 8, 2))(i))
    filters, sentence = found(keras.Model(i, L.Dense(2)(L.Flatten()(x))))
    assert filters is None and "conv, have 2 channels" in sentence


def test_a_sequence_of_flat_and_dropout_shows_the_output_layer_itself() -> None:
    filters, _ = found(sequential_matrix()[0])
    assert filters is not None and (filters.layer, filters.values.shape) == ("out", (3, 28, 28))


# ---- colours --------------------------------------------------------------------------------------------------------------


def test_the_table_is_blue_white_red() -> None:
    table = diverging()
    assert table.shape == (256, 3)
    assert table[0].tolist() == [0x05, 0x30, 0x61] and table[255].tolist() == [0x67, 0x00, 0x1F]
    assert table[[127, 128]].min() >= 250
    assert table[64, 2] > table[64, 0] and table[192, 0] > table[192, 2]


def test_one_scale_shows_who_is_strong_and_own_scales_show_the_form() -> None:
    filters = Filters("x", "Conv2D", np.array([[[2.0, -2.0]], [[1.0, 0.0]]], np.float32))
    table = diverging()
    shared = coloured(filters)
    assert shared[0, 0].tolist() == [table[255].tolist(), table[0].tolist()]
    assert shared[1, 0].tolist() == [
        table[191].tolist(),
        table[128].tolist(),
    ]  # 127.5 + 127.5 / 2, and the middle
    assert coloured(filters, one_scale=False)[1, 0, 0].tolist() == table[255].tolist()
    assert filters.sizes.tolist() == [2, 1]
    assert filters.strengths == pytest.approx([8**0.5, 1])


def test_three_channels_share_one_scale_around_middle_gray() -> None:
    values = np.array([[[[4.0, -2.0, 0.0]]]], np.float32)
    # 127.5 + 127.5 * (1, -1/2, 0), ties to the even number
    assert coloured(Filters("x", "Conv2D", values))[0, 0, 0].tolist() == [255, 64, 128]


def test_broken_weights_are_magenta_and_do_not_set_the_scale() -> None:
    values = np.array([[[np.nan, 1.0], [np.inf, -1.0]]], np.float32)
    filters = Filters("x", "Conv2D", values)
    picture = coloured(filters)[0]
    assert picture[:, 0].tolist() == [[255, 0, 255], [255, 0, 255]]
    assert picture[0, 1].tolist() == diverging()[255].tolist()
    colour = np.array([[[[np.nan, 1.0, 0.0]]]], np.float32)
    assert coloured(Filters("x", "Conv2D", colour))[0, 0, 0].tolist() == [255, 0, 255]


def test_all_zero_weights_are_the_middle() -> None:
    filters = Filters("x", "Dense", np.zeros((1, 2, 2), np.float32))
    assert (coloured(filters) == diverging()[128]).all()
