"""What a file says about itself, and what of that is a fault."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from lib.autopsy.examination.file_facts import compression, orientation_tag, pixel_format, transparency
from lib.picture import Picture
from tests.autopsy.examination.pictures import SAMPLES, clue, file_of, found, letter_h, letters, view

H = letter_h().pixels


def tagged(orientation: int) -> Picture:
    exif = Image.Exif()
    exif[0x0112] = orientation
    lopsided = H[:200].copy()
    lopsided[150:, 180:] = 90
    return file_of(lopsided, "JPEG", exif=exif, quality=95)


@pytest.mark.parametrize("orientation", range(2, 9))
def test_the_turn_that_undoes_each_tag_gives_the_stored_pixels_back(orientation: int) -> None:
    picture = tagged(orientation)
    noted = clue(orientation_tag, view(picture))
    assert noted is not None and noted.weight == 0 and "turned upright" in noted.sentence
    for turn in letters().pipeline()["orientation"].parameters()["turn"].options:  # type: ignore[union-attr]
        turned = view(picture, letters().pipeline().with_step("orientation", on=True, turn=turn))
        again = clue(orientation_tag, turned)
        assert again is not None
        step = turned.acting("orientation")
        assert step is not None
        stored = step[2].shape == tagged(1).pixels.shape and np.abs(step[2] - tagged(1).pixels).mean() < 3
        assert (again.weight == 1) == stored, turn


def test_a_picture_without_a_tag_is_silent() -> None:
    assert found(orientation_tag, view(tagged(1))) == ""


def black_on_nothing() -> Picture:
    rgba = np.zeros((280, 280, 4), np.uint8)
    rgba[..., 3] = 255 - H[..., 0]
    return Picture.from_array(rgba)


def test_dropping_alpha_from_black_ink_leaves_nothing() -> None:
    dropped = letters().pipeline().with_step("transparency", background="ignore")
    one = clue(transparency, view(black_on_nothing(), dropped))
    assert one is not None and (one.cause, one.weight, one.level) == ("alpha-channel", 1.0, "proof")
    assert [w.value for w in one.witnesses] == [0, 255]
    assert "the file holds (0, 0, 0) everywhere" in one.evidence[1]


def test_black_ink_laid_on_black_is_lost_as_well() -> None:
    on_black = letters().pipeline().with_step("transparency", background="black")
    one = clue(transparency, view(black_on_nothing(), on_black))
    assert one is not None and one.weight == 1


def test_on_white_the_transparency_is_only_noted_and_opaque_pictures_are_silent() -> None:
    one = clue(transparency, view(black_on_nothing()))
    assert one is not None and one.weight == 0
    assert clue(transparency, view(letter_h())) is None


@pytest.mark.parametrize("mode", ["P", "1", "CMYK"])
def test_unusual_formats_are_noted(mode: str) -> None:
    kind = "TIFF" if mode == "CMYK" else "PNG"
    one = clue(pixel_format, view(file_of(H, kind, mode)))
    assert one is not None and one.weight == 0 and f"mode {mode}" in one.sentence


def test_sixteen_bits_are_noted_with_their_divisor() -> None:
    one = clue(pixel_format, view(file_of(H[..., 0].astype(np.uint16) * 257)))
    assert one is not None and "16 bits" in one.sentence and "257" in one.code


@pytest.mark.parametrize(("brightest", "weight"), [(4095, 1), (60 * 257, 0), (255 * 257, 0)])
def test_twelve_bits_are_a_fault_and_a_dark_picture_is_none(brightest: int, weight: int) -> None:
    levels = (H[..., 0].astype(np.float64) / 255 * brightest).astype(np.uint16)
    one = clue(pixel_format, view(file_of(levels)))
    assert one is not None and one.weight == weight


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA"])
def test_usual_formats_are_silent(mode: str) -> None:
    assert clue(pixel_format, view(file_of(H, "PNG", mode))) is None


@pytest.mark.parametrize(
    ("quality", "cause"), [(10, "jpeg-artifacts"), (30, "jpeg-artifacts"), (75, ""), (95, "")]
)
def test_strong_compression(quality: int, cause: str) -> None:
    picture = view(file_of(H, "JPEG", quality=quality))
    assert found(compression, picture) == cause
    one = clue(compression, picture)
    assert one is not None and one.witnesses[0].value == quality


def test_a_png_has_no_compression_to_speak_of() -> None:
    picture = Picture.from_array(np.asarray(Image.open(SAMPLES / "r-clean.png").convert("RGB")))
    assert clue(compression, view(picture)) is None
