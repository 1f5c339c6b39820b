"""Claims about decode() on hostile bytes: a Picture or a PictureError, never anything else."""

from __future__ import annotations

import io
import struct
import warnings

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from PIL import Image, TiffImagePlugin

from lib.picture import Limits, PictureError, decode, read_pixels

ROWS, COLUMNS = np.mgrid[0:12, 0:16]
SMALL = np.dstack([COLUMNS * 6, ROWS * 10, np.full_like(ROWS, 90)]).astype(np.uint8)
ALPHA = (COLUMNS * 6 + 10).astype(np.uint8)


def saved(array: np.ndarray, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, image_format, **options)
    return buffer.getvalue()


def turned_by_tag(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


EXAMPLES = [
    saved(SMALL, "PNG"),
    saved(np.dstack([SMALL, ALPHA]), "PNG", exif=turned_by_tag(6)),
    saved(SMALL, "JPEG", exif=turned_by_tag(8)),
    saved(SMALL, "JPEG", progressive=True),
    saved(SMALL, "WEBP"),
    saved(SMALL, "WEBP", lossless=True, save_all=True, append_images=[Image.fromarray(SMALL[::-1])]),
    saved(SMALL, "BMP"),
    saved(SMALL, "TIFF", compression="tiff_lzw"),
    saved(SMALL.astype(np.float32)[:, :, 0], "TIFF"),
    saved(SMALL, "GIF", save_all=True, append_images=[Image.fromarray(SMALL[::-1])]),
    saved(SMALL, "HEIF"),
]
LIMITS = Limits(pixels=1_000_000)
fuzz = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def survives(data: bytes) -> None:
    """Either a Picture that keeps its promises or a PictureError: no other exception and no warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            picture = decode(data, "hostile", limits=LIMITS)
        except PictureError as error:
            sentence = str(error)
            picture = None
    if picture is None:
        assert 20 < len(sentence) < 500
        return
    assert picture.raw.dtype == np.uint8
    assert picture.raw.shape[2] in (3, 4)
    assert picture.pixels.shape == (*picture.size, 3)
    if picture.cv2_readable:
        assert np.array_equal(read_pixels(data), picture.raw)


@given(st.binary(max_size=300))
@example(b"BM" + b"\xff" * 60)
@example(b"II*\x00\x08\x00\x00\x00" + b"\xff" * 40)
@fuzz
def test_random_bytes_never_raise_anything_else(data: bytes) -> None:
    survives(data)


@given(st.sampled_from([example[:16] for example in EXAMPLES]), st.binary(max_size=300))
@fuzz
def test_random_bytes_behind_a_valid_signature_never_raise_anything_else(start: bytes, rest: bytes) -> None:
    survives(start + rest)


@given(st.sampled_from(EXAMPLES), st.data())
@fuzz
def test_truncated_files_never_raise_anything_else(example: bytes, data: st.DataObject) -> None:
    survives(example[: data.draw(st.integers(1, len(example)))])


@given(st.sampled_from(EXAMPLES), st.data())
@fuzz
def test_files_with_flipped_bits_never_raise_anything_else(example: bytes, data: st.DataObject) -> None:
    damaged = bytearray(example)
    for _ in range(data.draw(st.integers(1, 8))):
        damaged[data.draw(st.integers(0, len(example) - 1))] ^= data.draw(st.integers(1, 255))
    survives(bytes(damaged))


def tiff_of_empty_pages(pages: int) -> bytes:
    """A TIFF whose chain of one-pixel pages costs Pillow quadratic time to walk."""
    tags = [
        (256, 3, 1),
        (257, 3, 1),
        (258, 3, 8),
        (259, 3, 1),
        (262, 3, 1),
        (273, 4, 0),
        (278, 3, 1),
        (279, 4, 1),
    ]
    data = b"II*\0" + struct.pack("<I", 8)
    entries = b"".join(struct.pack("<HHII", tag, kind, 1, value) for tag, kind, value in tags)
    length = 2 + len(entries) + 4
    for page in range(1, pages + 1):
        following = 8 + page * length if page < pages else 0
        data += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return data


def test_the_pages_of_a_tiff_are_counted_to_a_hundred_and_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    assert decode(tiff_of_empty_pages(3)).notes[0] == "The file holds 3 frames: the first one is used."
    visited: list[int] = []
    seek = TiffImagePlugin.TiffImageFile.seek
    monkeypatch.setattr(TiffImagePlugin.TiffImageFile, "seek", lambda *a: (visited.append(a[1]), seek(*a))[1])
    picture = decode(tiff_of_empty_pages(300))
    assert picture.notes[0] == "The file holds at least 100 frames: the first one is used."
    assert picture.pixels.tolist() == [[[73, 73, 73]]]  # the byte at offset 0: the I of the signature
    assert max(visited) == 99
