"""Which pictures an input shape can stand for."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.contract import Contract, ContractError
from lib.input_sizes import picture_shapes, with_picture


def test_784_numbers_are_28_by_28_gray_before_anything_else() -> None:
    shapes = picture_shapes((784,))
    assert shapes is not None and shapes[0] == (28, 28, 1)
    assert (16, 49, 1) in shapes and (14, 56, 1) in shapes
    assert all(height * width * channels == 784 for height, width, channels in shapes)


def test_3072_numbers_are_32_by_32_in_colour() -> None:
    shapes = picture_shapes((3072,))
    assert shapes is not None and shapes[0] == (32, 32, 3)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [((28, 28), (28, 28, 1)), ((28, 20, 1), (28, 20, 1)), ((32, 48, 3), (32, 48, 3))],
)
def test_a_picture_says_its_size_itself(shape: tuple[int, ...], expected: tuple[int, int, int]) -> None:
    assert picture_shapes(shape) == (expected,)


@pytest.mark.parametrize("shape", [(None, None, 3), (None, 28, 1), (28, None)])
def test_with_open_sides_any_size_goes(shape: tuple[int | None, ...]) -> None:
    assert picture_shapes(shape) is None


@given(st.integers(1, 40_000))
def test_every_shape_of_a_vector_has_its_numbers_and_no_shape_comes_twice(length: int) -> None:
    shapes = picture_shapes((length,))
    assert shapes is not None and len(set(shapes)) == len(shapes)
    assert all(math.prod(shape) == length for shape in shapes)


def test_another_size_keeps_the_layout() -> None:
    vector = Contract((784,), (28, 28), ("A",))
    assert with_picture(vector, 14, 56, 1).input_shape == (784,)
    assert with_picture(vector, 14, 56, 1).size == (14, 56)
    matrix = Contract((28, 28), (28, 28), ("A",))
    assert with_picture(matrix, 30, 20, 1).input_shape == (30, 20)
    colour = Contract((224, 224, 3), (224, 224), ("A",), channels=3)
    assert with_picture(colour, 160, 128, 3).input_shape == (160, 128, 3)
    with pytest.raises(ContractError, match="size"):
        with_picture(colour, 0, 5, 3)
