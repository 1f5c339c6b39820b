"""Claims about digits out of font files."""

import dataclasses

import numpy as np
import pytest

from lib.training.house_digits_glyphs import DIGIT_HEIGHT, STRIP_HEIGHT, font_files, read_faces
from lib.training.house_digits_glyphs import _readable as readable
from tests.training.house_faces import write_font


@pytest.fixture
def face(tmp_path):
    return read_faces([write_font(tmp_path / "a.ttf")])[0]


def test_fonts_are_found_below_a_folder_in_the_order_of_their_names(tmp_path):
    (tmp_path / "z").mkdir()
    inner, outer = write_font(tmp_path / "z" / "a.ttf"), write_font(tmp_path / "b.TTF")
    (tmp_path / "readme.txt").write_text("no font")
    assert font_files(tmp_path) == (inner, outer)


def test_no_font_is_a_sentence_that_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no font file .* --fonts"):
        font_files(tmp_path)


def test_the_tallest_digit_of_a_face_is_as_high_as_promised_and_all_stand_on_one_line(face):
    tops = [np.flatnonzero(mask.max(1) > 64)[0] for mask in face.masks]
    bottoms = [np.flatnonzero(mask.max(1) > 64)[-1] for mask in face.masks]
    assert max(bottoms) - min(tops) + 1 == pytest.approx(DIGIT_HEIGHT, abs=2)
    # Lining figures: round digits hang over the line by a pixel or two.
    assert max(bottoms) - min(bottoms) <= 3
    assert all(mask.shape[0] == STRIP_HEIGHT for mask in face.masks)


def test_a_mask_holds_no_empty_column_at_its_sides(face):
    assert all(mask[:, 0].max() > 64 and mask[:, -1].max() > 64 for mask in face.masks)
    assert face.masks[1].shape[1] < face.masks[0].shape[1]
    assert (face.family, face.style) == ("Aileron", "Regular")


def test_a_face_of_other_shapes_than_digits_is_dropped_and_one_odd_digit_is_forgiven(face):
    turned = dataclasses.replace(face, masks=face.masks[5:] + face.masks[:5])
    one = [*face.masks]
    one[3] = face.masks[8]
    odd = dataclasses.replace(face, masks=tuple(one))
    kept = readable([face, face, face, odd, turned])
    assert [id(k) for k in kept] == [id(face)] * 3 + [id(odd)]


def test_a_file_that_is_no_font_is_passed_over(tmp_path):
    (tmp_path / "broken.ttf").write_bytes(b"\0\1\0\0 nothing")
    with pytest.raises(ValueError, match="digits 0 to 9"):
        read_faces(font_files(tmp_path))
    write_font(tmp_path / "a.ttf")
    assert len(read_faces(font_files(tmp_path))) == 1
