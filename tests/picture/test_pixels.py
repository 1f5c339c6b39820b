"""Claims about read_pixels and composite, the functions that exported code carries."""

from __future__ import annotations

import inspect
import io
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PIL import Image

from lib.picture import composite, read_pixels

ROWS = np.arange(13, dtype=np.uint8)[:, None]
COLUMNS = np.arange(17, dtype=np.uint8)[None, :]
RGB = np.dstack([ROWS * 19 + 0 * COLUMNS, COLUMNS * 15 + 0 * ROWS, (ROWS + COLUMNS) * 8])


def saved(array: np.ndarray, image_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(array).save(buffer, image_format, **options)
    return buffer.getvalue()


@pytest.mark.parametrize("image_format", ["PNG", "BMP", "TIFF"])
def test_red_stays_red_in_lossless_formats(image_format: str) -> None:
    assert np.array_equal(read_pixels(saved(RGB, image_format)), RGB)


@given(st.integers(0, 65535))
def test_sixteen_bits_become_the_nearest_of_256_levels(value: int) -> None:
    data = cv2.imencode(".png", np.full((2, 3), value, np.uint16))[1].tobytes()
    assert read_pixels(data).tolist() == [[[round(Fraction(value, 257))] * 3] * 3] * 2


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ([0.0, 0.5, 1.0, float("nan")], [0, 128, 255, 0]),
        ([0.0, 100.4, 255.0, float("inf")], [0, 100, 255, 0]),
        ([-5.0, 257.0, 65535.0, float("-inf")], [0, 1, 255, 0]),
    ],
)
def test_the_largest_float_decides_whether_white_is_1_or_255_or_65535(stored: list, read: list) -> None:
    data = saved(np.array([stored], np.float32), "TIFF")
    assert read_pixels(data)[0, :, 0].tolist() == read


def test_an_alpha_channel_that_hides_nothing_is_dropped() -> None:
    opaque = np.dstack([RGB, np.full(RGB.shape[:2], 255, np.uint8)])
    assert np.array_equal(read_pixels(saved(opaque, "PNG")), RGB)
    opaque[3, 4, 3] = 254
    assert np.array_equal(read_pixels(saved(opaque, "PNG")), opaque)


def test_bytes_that_are_no_image_raise_a_value_error() -> None:
    for data in (b"not an image", b"\xff\xd8 not a JPEG either"):
        with pytest.raises(ValueError, match="OpenCV cannot read"):
            read_pixels(data)


@pytest.mark.parametrize(("background", "paper"), [("white", 255), ("black", 0)])
def test_compositing_is_the_exact_fraction_rounded_for_every_colour_and_alpha(
    background: str, paper: int
) -> None:
    colour, alpha = np.meshgrid(np.arange(256), np.arange(256))
    rgba = np.dstack([colour, 255 - colour, colour, alpha]).astype(np.uint8)
    exact = (colour * alpha + paper * (255 - alpha)) / 255  # no tie exists: 255 is odd
    assert np.array_equal(composite(rgba, background)[:, :, 0], np.rint(exact).astype(np.uint8))


@given(arrays(np.uint8, (3, 5, 4)))
def test_ignoring_alpha_shows_the_hidden_colours(rgba: np.ndarray) -> None:
    assert np.array_equal(composite(rgba, "ignore"), rgba[:, :, :3])


@given(arrays(np.uint8, (3, 5, 3)), st.sampled_from(["white", "black", "ignore"]))
def test_a_picture_without_alpha_looks_the_same_on_any_background(rgb: np.ndarray, background: str) -> None:
    assert np.array_equal(composite(rgb, background), rgb)


def test_the_source_alone_gives_the_same_bytes_in_a_fresh_python(tmp_path: Path) -> None:
    alpha = (ROWS * 7 + COLUMNS * 11).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    files = {
        "rgba.png": saved(np.dstack([RGB, alpha]), "PNG"),
        "gray.png": saved(RGB[:, :, 0], "PNG"),
        "deep.png": cv2.imencode(".png", RGB.astype(np.uint16) * 200)[1].tobytes(),
        "turned.jpg": saved(RGB, "JPEG", exif=exif),
        "lossy.webp": saved(RGB, "WEBP"),
        "float.tiff": saved(RGB[:, :, 0].astype(np.float32) / 255, "TIFF"),
    }
    script = ["import sys", "import cv2", "import numpy as np"]
    script += [inspect.getsource(read_pixels), inspect.getsource(composite)]
    script += [
        "for path in sys.argv[1:]:",
        "    pixels = composite(read_pixels(open(path, 'rb').read()), 'white')",
    ]
    script += ["    np.save(path + '.npy', pixels)"]
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "alone.py").write_text("\n".join(script), encoding="utf-8")
    subprocess.run([sys.executable, "-I", "alone.py", *files], cwd=tmp_path, check=True, timeout=60)
    for name, data in files.items():
        here = composite(read_pixels(data), "white")
        assert here.shape[2] == 3
        assert np.array_equal(np.load(tmp_path / f"{name}.npy"), here), name
