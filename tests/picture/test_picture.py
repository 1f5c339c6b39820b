"""Claims about the Picture value: arrays, backgrounds, notes, equality, PNG copies."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from lib.picture import BACKGROUNDS, Picture, PictureError, decode, read_pixels

DRAWINGS = st.one_of(
    arrays(np.uint8, array_shapes(min_dims=2, max_dims=2, max_side=9)),
    *(arrays(np.uint8, st.tuples(st.integers(1, 9), st.integers(1, 9), st.just(n))) for n in (1, 3, 4)),
)
INK = np.array([[[200, 10, 0, 0], [200, 10, 0, 255], [200, 10, 0, 51]]], np.uint8)


@given(DRAWINGS, st.sampled_from(BACKGROUNDS))
def test_a_png_copy_decodes_to_the_same_picture(drawing: np.ndarray, background: str) -> None:
    picture = Picture.from_array(drawing, background=background)
    copy = decode(picture.to_png(), "copy.png", background)
    assert np.array_equal(copy.raw, picture.raw)
    assert np.array_equal(read_pixels(picture.to_png()), picture.raw)
    assert np.array_equal(copy.pixels, picture.pixels)
    assert copy.cv2_readable


@pytest.mark.parametrize(
    ("background", "seen"),
    [
        ("white", [[255, 255, 255], [200, 10, 0], [244, 206, 204]]),
        ("black", [[0, 0, 0], [200, 10, 0], [40, 2, 0]]),
        ("ignore", [[200, 10, 0], [200, 10, 0], [200, 10, 0]]),
    ],
)
def test_transparent_ink_lies_on_the_chosen_background(background: str, seen: list) -> None:
    picture = Picture.from_array(INK).on(background)
    assert picture.pixels.tolist() == [seen]
    assert picture.alpha is not None
    assert picture.alpha.tolist() == [[0, 255, 51]]
    assert np.array_equal(picture.raw, INK)


def test_the_note_on_transparency_follows_the_background() -> None:
    picture = Picture.from_array(INK)
    assert "laid on white" in picture.notes[-1]
    assert "laid on black" in picture.on("black").notes[-1]
    assert "alpha channel was ignored" in picture.on("ignore").notes[-1]
    assert len(picture.on("black").notes) == 1


def test_gray_arrays_become_three_equal_channels_and_say_so() -> None:
    gray = np.array([[0, 7], [250, 255], [1, 2]], np.uint8)
    for array in (gray, gray[:, :, None]):
        picture = Picture.from_array(array, "gray")
        assert np.array_equal(picture.pixels, np.dstack([gray, gray, gray]))
        assert picture.size == (3, 2)
        assert picture.alpha is None
        assert "grayscale" in picture.notes[0]


def test_gray_arrays_with_gaps_between_their_pixels_are_read_as_they_look() -> None:
    gray = np.arange(48, dtype=np.uint8).reshape(6, 8)[::-1, ::3]
    assert np.array_equal(Picture.from_array(gray).raw, np.stack([gray] * 3, 2))


def test_an_opaque_alpha_channel_counts_as_none() -> None:
    picture = Picture.from_array(INK[:, 1:2])
    assert not picture.has_alpha
    assert picture.notes == ()


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((3, 3), np.float32),
        np.zeros((3, 3), bool),
        np.zeros((3,), np.uint8),
        np.zeros((3, 3, 2), np.uint8),
        np.zeros((1, 3, 3, 3), np.uint8),
        np.zeros((0, 3), np.uint8),
        [[0, 255]],
    ],
)
def test_other_arrays_are_refused_with_what_was_found(array: object) -> None:
    with pytest.raises(PictureError, match=r"A picture needs .* (array|list|shape)"):
        Picture.from_array(array)  # type: ignore[arg-type]


def test_an_unknown_background_is_refused() -> None:
    with pytest.raises(PictureError, match="white, black, ignore, not 'pink'"):
        Picture.from_array(INK, background="pink")
    with pytest.raises(PictureError, match="'pink'"):
        Picture.from_array(INK).on("pink")


def test_pictures_are_equal_by_pixels_and_background_but_not_by_name() -> None:
    one, same = Picture.from_array(INK, "one"), Picture.from_array(INK.copy(), "other")
    assert one == same
    assert len({one, same, one.on("white")}) == 1
    assert one != one.on("black")
    assert one != Picture.from_array(INK.reshape(3, 1, 4))
    assert one != "one"


def test_neither_the_picture_nor_the_array_it_came_from_can_change_the_other() -> None:
    array = INK.copy()
    picture = Picture.from_array(array)
    array[:] = 0
    assert np.array_equal(picture.raw, INK)
    for view in (picture.raw, picture.pixels, picture.alpha, Picture.from_array(INK[:, :, :3]).pixels):
        with pytest.raises(ValueError, match="read-only"):
            view[0, 0] = 1  # type: ignore[index]
