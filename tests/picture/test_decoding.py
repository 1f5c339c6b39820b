"""Claims about decode(): every format against known pixels, its notes and its guards."""

from __future__ import annotations

import io
import struct
import zlib

import cv2
import numpy as np
import pillow_heif
import pytest
from PIL import Image

from lib.picture import Limits, PictureError, decode, read_pixels

# Asymmetric under every turn and mirror, smooth enough for JPEG: red grows to the right, green downwards.
ROWS, COLUMNS = np.mgrid[0:24, 0:40]
SCENE = np.dstack([COLUMNS * 6, ROWS * 10, np.full_like(ROWS, 90)]).astype(np.uint8)
GRAY = (COLUMNS * 5 + ROWS * 2).astype(np.uint8)
ALPHA = (COLUMNS * 6 + 10).astype(np.uint8)


def saved(image: Image.Image | np.ndarray, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    if isinstance(image, np.ndarray):
        image = Image.fromarray(image)
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def turned_by_tag(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def stored_for(orientation: int, upright: np.ndarray) -> np.ndarray:
    """What a camera stores so that the EXIF orientation turns it into `upright` (EXIF 2.3, table 6)."""
    return {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: np.rot90(upright, 1),
        7: upright[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(upright, -1),
    }[orientation].copy()


def png(header: bytes, body: bytes) -> bytes:
    """A PNG written by hand from its IHDR and uncompressed IDAT contents."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def grayed(gray: np.ndarray) -> np.ndarray:
    return np.repeat(gray[:, :, None], 3, axis=2)


# ---- formats and modes


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF", "WEBP"])
def test_lossless_colour_comes_back_exactly(image_format: str) -> None:
    options = {"lossless": True} if image_format == "WEBP" else {}
    picture = decode(saved(SCENE, image_format, **options))
    assert np.array_equal(picture.raw, SCENE)
    assert (picture.format, picture.mode, picture.bit_depth) == (image_format, "RGB", 8)
    assert picture.cv2_readable
    assert picture.notes == ()


@pytest.mark.parametrize("image_format", ["JPEG", "WEBP"])
@pytest.mark.parametrize("quality", [80, 95])
def test_lossy_colour_comes_back_within_a_few_levels(image_format: str, quality: int) -> None:
    picture = decode(saved(SCENE, image_format, quality=quality))
    assert np.abs(picture.raw.astype(int) - SCENE).max() <= 24
    assert np.abs(picture.raw.astype(int) - SCENE).mean() <= 3
    assert picture.cv2_readable


@pytest.mark.parametrize("quality", [1, 10, 35, 50, 75, 90, 95, 100])
def test_the_jpeg_quality_is_estimated_from_its_table(quality: int) -> None:
    assert decode(saved(SCENE, "JPEG", quality=quality)).jpeg_quality == quality
    assert decode(saved(SCENE, "PNG")).jpeg_quality is None


@pytest.mark.parametrize("subsampling", [0, 1, 2])
@pytest.mark.parametrize("progressive", [False, True])
def test_every_kind_of_jpeg_is_read_the_same_by_the_exported_function(
    subsampling: int, progressive: bool
) -> None:
    noise = np.random.default_rng(5).integers(0, 256, (33, 47, 3)).astype(np.uint8)
    data = saved(noise, "JPEG", subsampling=subsampling, progressive=progressive)
    picture = decode(data)
    assert picture.cv2_readable
    assert np.array_equal(read_pixels(data), picture.raw)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(data))), picture.raw)


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF"])
def test_gray_is_repeated_to_three_channels(image_format: str) -> None:
    picture = decode(saved(GRAY, image_format))
    assert np.array_equal(picture.pixels, grayed(GRAY))
    assert picture.notes == ("The picture is grayscale: the one channel was repeated to three.",)


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF", "GIF"])
def test_one_bit_becomes_0_and_255(image_format: str) -> None:
    picture = decode(saved(Image.fromarray(GRAY > 100), image_format))
    assert np.array_equal(picture.pixels, grayed(np.where(GRAY > 100, 255, 0).astype(np.uint8)))
    if image_format != "GIF":  # which knows palettes only
        assert "1 bit per pixel" in picture.notes[0]
        assert picture.bit_depth == 1


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF", "GIF"])
def test_a_palette_is_expanded(image_format: str) -> None:
    index = (ROWS // 6 * 4 + COLUMNS // 10).astype(np.uint8)
    palette = np.random.default_rng(1).integers(0, 256, (16, 3)).astype(np.uint8)
    image = Image.fromarray(index)
    image.putpalette(palette.tobytes())
    picture = decode(saved(image, image_format))
    assert np.array_equal(picture.pixels, palette[index])
    assert picture.mode == "P"
    assert "palette" in picture.notes[0]


@pytest.mark.parametrize("image_format", ["PNG", "TIFF"])
def test_sixteen_bit_gray_is_divided_by_257(image_format: str) -> None:
    deep = GRAY.astype(np.uint16) * 257 + 100
    picture = decode(saved(deep, image_format))
    assert np.array_equal(picture.pixels, grayed(GRAY))
    assert picture.bit_depth == 16
    assert "16 bits per channel" in picture.notes[0]


@pytest.mark.parametrize("extension", [".png", ".tiff"])
def test_sixteen_bit_colour_is_divided_by_257(extension: str) -> None:
    data = cv2.imencode(extension, SCENE[:, :, ::-1].astype(np.uint16) * 257 - 60)[1].tobytes()
    picture = decode(data)
    # -60 is not enough to reach the level below, except at 0 where 16 bits wrap around to the top.
    assert np.array_equal(picture.pixels, np.where(SCENE == 0, 255, SCENE))
    assert (picture.mode, picture.bit_depth) == ("RGB", 16)
    assert "divided by 257" in picture.notes[0]


def test_float_tiff_is_scaled_and_says_how() -> None:
    picture = decode(saved(GRAY.astype(np.float32) / 255, "TIFF"))
    assert np.array_equal(picture.pixels, grayed(GRAY))
    assert "floating-point" in picture.notes[0]
    assert picture.cv2_readable


def test_float_tiff_with_nothing_finite_is_black_not_an_error() -> None:
    picture = decode(saved(np.full((4, 4), np.nan, np.float32), "TIFF"))
    assert picture.pixels.max() == 0


@pytest.mark.parametrize("image_format", ["JPEG", "TIFF"])
def test_print_colours_follow_the_plain_formula(image_format: str) -> None:
    ink = np.zeros((16, 64, 4), np.uint8)
    ink[:, :16] = [255, 0, 0, 0]
    ink[:, 16:32] = [0, 255, 255, 0]
    ink[:, 32:48] = [0, 0, 0, 128]
    picture = decode(saved(Image.frombytes("CMYK", (64, 16), ink.tobytes()), image_format, quality=95))
    truth = (255 - ink[:, :, :3].astype(float)) * (255 - ink[:, :, 3:]) / 255
    assert np.abs(picture.pixels - truth).max() <= (6 if image_format == "JPEG" else 1)
    assert "print (CMYK)" in " ".join(picture.notes)


def test_heic_is_read_by_pillow_and_exported_code_is_warned() -> None:
    picture = decode(saved(SCENE, "HEIF", quality=95), "IMG_0042.HEIC")
    assert np.abs(picture.pixels.astype(int) - SCENE).max() <= 16
    assert picture.format == "HEIF"
    assert not picture.cv2_readable
    assert "PNG copy" in picture.notes[-1]
    assert np.array_equal(read_pixels(picture.to_png()), picture.raw)


def test_heic_with_ten_bits_is_scaled_to_eight() -> None:
    deep = GRAY.astype(np.uint16) * 257
    data = io.BytesIO()
    pillow_heif.from_bytes("L;16", (40, 24), deep.tobytes()).save(data, quality=-1)
    picture = decode(data.getvalue())
    assert np.abs(picture.pixels.astype(int) - grayed(GRAY)).max() <= 2
    assert picture.bit_depth == 10


@pytest.mark.parametrize("image_format", ["GIF", "WEBP", "PNG", "TIFF"])
def test_of_an_animation_the_first_frame_is_used(image_format: str) -> None:
    levels = [np.full((20, 30), level, np.uint8) for level in (40, 120, 200)]
    first, *others = (Image.fromarray(level) for level in levels)
    options = {"lossless": True} if image_format == "WEBP" else {}
    picture = decode(saved(first, image_format, save_all=True, append_images=others, **options))
    assert (picture.pixels == 40).all()
    assert "3 frames: the first" in " ".join(picture.notes)


def test_a_phone_jpeg_with_a_second_picture_inside_is_a_jpeg() -> None:
    scene = Image.fromarray(SCENE)
    picture = decode(saved(scene, "MPO", save_all=True, append_images=[scene.rotate(180)]), "IMG_1.jpg")
    assert picture.format == "JPEG"
    assert picture.notes == ("The file holds 2 frames: the first one is used.",)
    assert np.abs(picture.pixels.astype(int) - SCENE).max() <= 24


# ---- orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_every_exif_orientation_is_turned_upright(orientation: int, image_format: str) -> None:
    options = {"JPEG": {"quality": 100, "subsampling": 0}, "WEBP": {"lossless": True}}.get(image_format, {})
    data = saved(stored_for(orientation, SCENE), image_format, exif=turned_by_tag(orientation), **options)
    picture = decode(data)
    assert picture.raw.shape == SCENE.shape
    assert np.abs(picture.raw.astype(int) - SCENE).max() <= (4 if image_format == "JPEG" else 0)
    assert picture.exif_orientation == orientation
    assert picture.cv2_readable
    assert np.array_equal(read_pixels(data), picture.raw)
    assert [f"(EXIF orientation {orientation})" in note for note in picture.notes] == [True] * (
        orientation > 1
    )


@pytest.mark.parametrize("orientation", [2, 3, 4, 5, 6, 7, 8])
@pytest.mark.parametrize("image_format", ["PNG", "WEBP"])
def test_orientation_together_with_alpha_is_left_to_pillow(orientation: int, image_format: str) -> None:
    options = {"lossless": True, "exact": True} if image_format == "WEBP" else {}
    rgba = np.dstack([SCENE, ALPHA])
    picture = decode(
        saved(stored_for(orientation, rgba), image_format, exif=turned_by_tag(orientation), **options)
    )
    assert np.array_equal(picture.raw, rgba)
    assert not picture.cv2_readable


@pytest.mark.parametrize("tag", [0, 9, 60000])
def test_an_orientation_that_does_not_exist_changes_nothing(tag: int) -> None:
    picture = decode(saved(SCENE, "PNG", exif=turned_by_tag(tag)))
    assert np.array_equal(picture.raw, SCENE)
    assert picture.exif_orientation == 1


# ---- transparency


@pytest.mark.parametrize("image_format", ["PNG", "WEBP", "TIFF"])
def test_alpha_is_kept_and_laid_on_the_background(image_format: str) -> None:
    options = {"lossless": True, "exact": True} if image_format == "WEBP" else {}
    rgba = np.dstack([SCENE, ALPHA])
    picture = decode(saved(rgba, image_format, **options), background="black")
    assert np.array_equal(picture.raw, rgba)
    assert np.array_equal(picture.pixels, np.rint(SCENE * (ALPHA[:, :, None] / 255)).astype(np.uint8))
    assert np.array_equal(picture.on("ignore").pixels, SCENE)
    assert picture.cv2_readable == (image_format != "TIFF")  # OpenCV multiplies TIFF colours by alpha
    assert "laid on black" in picture.notes[-1]


def test_gray_with_alpha_keeps_its_alpha() -> None:
    image = Image.merge("LA", (Image.fromarray(GRAY), Image.fromarray(ALPHA)))
    for image_format in ("PNG", "TIFF"):
        assert np.array_equal(decode(saved(image, image_format)).raw, np.dstack([grayed(GRAY), ALPHA]))


def test_a_transparent_level_of_gray_is_transparent_although_opencv_misses_it() -> None:
    picture = decode(saved(GRAY, "PNG", transparency=int(GRAY[5, 5])))
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha == 0, GRAY[5, 5] == GRAY)
    assert not picture.cv2_readable


@pytest.mark.parametrize("image_format", ["PNG", "GIF"])
def test_a_transparent_palette_entry_is_transparent(image_format: str) -> None:
    image = Image.fromarray((COLUMNS // 10).astype(np.uint8))
    image.putpalette(bytes(range(10, 22)))
    picture = decode(saved(image, image_format, transparency=2))
    assert picture.alpha is not None
    assert np.array_equal(picture.alpha, np.where(COLUMNS // 10 == 2, 0, 255))
    assert (picture.pixels[:, 20:30] == 255).all()
    assert (picture.pixels[:, 30:] == [19, 20, 21]).all()


# ---- notes and facts


def test_a_name_that_lies_about_the_format_is_noted() -> None:
    assert "ends in .png, but this is a JPEG file" in decode(saved(SCENE, "JPEG"), "a.PNG").notes[0]
    for honest in ("a.jpg", "a.JPEG", "a", "", "a.backup"):
        assert decode(saved(SCENE, "JPEG"), honest).notes == ()
    assert decode(saved(SCENE, "JPEG"), None).name == ""  # type: ignore[arg-type]


def test_a_colour_profile_is_noted() -> None:
    assert "(ICC)" in decode(saved(SCENE, "PNG", icc_profile=b"\0" * 128)).notes[0]


def test_the_same_bytes_are_the_same_picture_whatever_their_name() -> None:
    data = saved(SCENE, "PNG")
    assert decode(data, "a.png") == decode(data, "b.png")
    assert decode(data) != decode(saved(SCENE, "BMP"))
    assert decode(memoryview(data)) == decode(bytearray(data))  # type: ignore[arg-type]


# ---- guards


def refusal(data: bytes, name: str = "file.png", **options: object) -> str:
    with pytest.raises(PictureError) as caught:
        decode(data, name, **options)  # type: ignore[arg-type]
    return str(caught.value)


def test_an_empty_file_is_refused() -> None:
    assert refusal(b"") == "“file.png” is empty (0 bytes). Save or download it again, then load it."


def test_a_large_file_is_refused_unread() -> None:
    assert "the limit is 20 MB" in refusal(b"\0" * 20_000_001)
    assert "the limit is 0.0001 MB" in refusal(saved(SCENE, "PNG"), limits=Limits(bytes=100))


@pytest.mark.parametrize(
    ("width", "height", "words"),
    [
        (10_000, 10_000, "100 megapixels"),  # Pillow would warn
        (19_999, 19_999, "megapixels"),  # Pillow would refuse
        (30_000, 1, "longest side"),
        (2**31 - 1, 2**31 - 1, "limit"),
    ],
)
def test_a_decompression_bomb_is_refused_by_its_header(width: int, height: int, words: str) -> None:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    sentence = refusal(png(header, b"\0" * 1000), "bomb.png")
    assert words in sentence
    assert "“bomb.png”" in sentence
    assert "smaller" in sentence


def test_a_picture_without_pixels_is_refused() -> None:
    assert "“file.png”" in refusal(png(struct.pack(">IIBBBBB", 0, 5, 8, 2, 0, 0, 0), b""))
    gif = b"GIF89a" + struct.pack("<HHBBB", 0, 0, 0, 0, 0) + b","
    assert "file.gif" in refusal(
        gif + struct.pack("<HHHHB", 0, 0, 0, 0, 0) + b"\x02\x02\x44\x01\0;", "file.gif"
    )


@pytest.mark.parametrize("image_format", ["PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "HEIF"])
def test_half_a_file_is_refused(image_format: str) -> None:
    noise = np.random.default_rng(2).integers(0, 256, (64, 64, 3)).astype(np.uint8)
    data = saved(noise, image_format)
    assert "damaged" in refusal(data[: len(data) // 2], "half")


@pytest.mark.parametrize(
    "data", [b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", b"hello", b"P6 1 1 255 abc"]
)
def test_files_of_other_kinds_are_refused_whatever_their_name(data: bytes) -> None:
    assert "Pictures can be PNG, JPEG, WebP" in refusal(data)


def test_what_is_not_bytes_is_refused() -> None:
    assert "bytes of a file, not as str" in refusal("path.png")  # type: ignore[arg-type]


def test_an_unknown_background_is_refused() -> None:
    assert "white, black, ignore" in refusal(saved(SCENE, "PNG"), background="pink")
