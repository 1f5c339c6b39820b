"""Broken and hostile pictures, data sets, links and class names, with what must be said about each; no test lives here.

Hostile model files stand in `hostile_models.py`.
"""

from __future__ import annotations

import gzip
import io
import json
import pickle
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
from PIL import Image

from tests.model_bytes import archive_of


@dataclass(frozen=True)
class HostileInput:
    """One input.

    Attributes:
        name: of the file, or of what is wrong with it.
        make: bytes of a file, or a link's parameters.
        says: what the answer must contain.
    """

    name: str
    make: Callable[[], Any]
    says: str


def _always(value: Any) -> Callable[[], Any]:
    return lambda: value


# ---- pictures ------------------------------------------------------------------------------------------------------------


def _saved(image_format: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    noise = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    Image.fromarray(noise).save(stream, image_format, **options)
    return stream.getvalue()


def _png(width: int, height: int, body: bytes = b"") -> bytes:
    """A PNG whose header says what it likes."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = chunk(b"IHDR", header), chunk(b"IDAT", zlib.compress(body)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


PICTURES: tuple[HostileInput, ...] = (
    HostileInput("empty.png", bytes, "empty"),
    HostileInput("notes.png", _always(b"Remember the milk"), "text"),
    HostileInput("page.jpg", _always(b"<!DOCTYPE html><script>alert(1)</script>"), "web page"),
    HostileInput("drawing.svg", _always(b'<svg onload="alert(1)"/>'), "SVG"),
    HostileInput("scan.pdf", _always(b"%PDF-1.7 and so on"), "PDF"),
    HostileInput("program.png", _always(b"MZ" + bytes(200)), "is not a picture"),
    HostileInput("pickle.png", lambda: pickle.dumps([1, 2]), "is not a picture"),
    HostileInput("random.png", lambda: np.random.default_rng(1).bytes(500), "is not a picture"),
    HostileInput("bomb.png", lambda: _png(60_000, 60_000), "50 megapixels"),
    HostileInput("wide.png", lambda: _png(2_000_000, 1), "2000000 x 1"),
    HostileInput("flat.png", lambda: _png(0, 10), "damaged"),
    HostileInput("short.png", lambda: _png(300, 300, b"\0" * 50), "damaged"),
    HostileInput("ones.bmp", _always(b"BM" + b"\xff" * 60), "damaged"),
    HostileInput("ones.tiff", _always(b"II*\0\x08\0\0\0" + b"\xff" * 40), "damaged"),
    *(
        HostileInput(f"half.{name.lower()}", lambda name=name: _half(_saved(name)), "damaged")
        for name in ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "HEIF")
    ),
)


def _half(data: bytes) -> bytes:
    return data[: len(data) // 2]


# ---- data sets -----------------------------------------------------------------------------------------------------------


def _npz(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def _linked() -> bytes:
    link = zipfile.ZipInfo("A/link.png")
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return archive_of((link, b"/etc/passwd"))


def _locked() -> bytes:
    data = bytearray(archive_of(("A/1.png", b"x")))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def _lying_array() -> bytes:
    text = b"{'descr': '|u1', 'fortran_order': False, 'shape': (6, 100000, 100000), }".ljust(117) + b"\n"
    header = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text
    labels = io.BytesIO()
    np.save(labels, np.zeros(6, np.uint8))
    return archive_of(("images.npy", header), ("labels.npy", labels.getvalue()))


_IMAGES, _LABELS = np.zeros((6, 5, 4), np.uint8), np.arange(6)
_OBJECTS = np.array([{"code": "here"}] * 6, dtype=object)

DATASETS: tuple[HostileInput, ...] = (
    HostileInput("empty.csv", bytes, "is empty"),
    HostileInput("page.csv", _always(b"<!DOCTYPE html><html><body>log in</body></html>"), "“page.csv”"),
    HostileInput("pickle.pkl", lambda: pickle.dumps([1]), "a program"),
    HostileInput("one.npy", _always(b"\x93NUMPY\x01\x00"), "without labels"),
    HostileInput("set.h5", _always(b"\x89HDF\r\n\x1a\n"), "HDF5"),
    HostileInput("set.mat", _always(b"MATLAB 5.0 MAT-file"), "MATLAB"),
    HostileInput("photo.zip", lambda: _saved("PNG"), "single picture"),
    HostileInput("set.parquet", _always(b"PAR1 and so on"), "Parquet"),
    HostileInput("set.rar", _always(b"Rar!\x1a\x07"), "RAR"),
    HostileInput("nothing.zip", _always(b"PK\x05\x06" + bytes(18)), "no pictures"),
    HostileInput("cut.csv.gz", lambda: gzip.compress(b"1,2,3\n" * 50)[:12], "damaged"),
    HostileInput("cut.zip", lambda: archive_of(("A/1.png", b"x"), ("B/1.png", b"x"))[:-30], "damaged"),
    HostileInput("up.zip", lambda: archive_of(("A/1.png", b"x"), ("../evil.png", b"x")), "leads out"),
    HostileInput("root.zip", lambda: archive_of(("/etc/passwd.png", b"x")), "leads out"),
    HostileInput("drive.zip", lambda: archive_of(("C:/evil.png", b"x")), "leads out"),
    HostileInput("share.zip", lambda: archive_of(("\\\\server\\evil.png", b"x")), "leads out"),
    HostileInput("link.zip", _linked, "is a link"),
    HostileInput("locked.zip", _locked, "encrypted"),
    HostileInput("odd.zip", lambda: archive_of(("A/1.png", b"x" * 99), packing=zipfile.ZIP_LZMA), "deflate"),
    HostileInput("code.npz", lambda: _npz(images=_IMAGES, labels=_OBJECTS), "Python objects"),
    HostileInput("lying.npz", _lying_array, "more than the file holds"),
    HostileInput("lonely.npz", lambda: _npz(images=_IMAGES), "images and labels"),
    HostileInput("uneven.npz", lambda: _npz(images=_IMAGES, labels=_LABELS[:4]), "same length"),
    HostileInput("below.npz", lambda: _npz(images=_IMAGES, labels=_LABELS - 1), "start at 0"),
    HostileInput("nan.npz", lambda: _npz(images=np.full((2, 3, 3), np.nan), labels=[0, 1]), "nan"),
)


# ---- links ---------------------------------------------------------------------------------------------------------------


def _pins_in_pins() -> dict[str, str]:
    text = "model=gone"
    for _ in range(40):
        text = urlencode({"sample": "x-soft", "model": "gone", "a": text})[:50_000]
    return {"a": text}


_MARKUP = "<script>alert(1)</script>"

LINKS: tuple[HostileInput, ...] = (
    HostileInput("a model that is not here", _always({"model": "gone"}), "names the model 'gone'"),
    HostileInput("a model that is markup", _always({"model": _MARKUP}), "names the model"),
    HostileInput("a model that is a path", _always({"model": "../../etc/passwd"}), "names the model"),
    HostileInput("somebody's own model", _always({"model": "upload:theirs.keras"}), "theirs.keras"),
    HostileInput("a sample that is a path", _always({"sample": "../../etc/passwd"}), "names the sample"),
    HostileInput("somebody's upload", _always({"upload": "their.png"}), "not in the link"),
    HostileInput("an upload called by a path", _always({"upload": "/etc/passwd\0.png"}), "not in the link"),
    HostileInput("a damaged drawing", _always({"drawing": "!!!"}), "damaged"),
    HostileInput("a drawing of another alphabet", _always({"drawing": "字" * 300}), "damaged"),
    HostileInput("an unknown step", _always({"steps": "gone:on"}), "no step 'gone'"),
    HostileInput("a private attribute", _always({"steps": "invert:__class__=1"}), "left out"),
    HostileInput("an argument called self", _always({"steps": "invert:self=1"}), "left out"),
    HostileInput("a number out of range", _always({"steps": "sigmoid:slope=1e9"}), "from 1 to 60"),
    HostileInput("no number", _always({"steps": "sigmoid:slope=nan"}), "from 1 to 60"),
    HostileInput("a number of 400 digits", _always({"steps": "sigmoid:slope=" + "9" * 400}), "from 1 to 60"),
    HostileInput("a size that fills the memory", _always({"steps": "resize:height=1000000"}), "left out"),
    HostileInput("a thousand unknown steps", _always({"steps": "gone:on;" * 1000}), "more parts"),
    HostileInput("another version", _always({"v": "99"}), "another version"),
    HostileInput("pins in pins in pins", _pins_in_pins, "Pinned state A"),
    HostileInput("a pinned path", _always({"a": urlencode({"sample": "/etc/passwd"})}), "Pinned state A"),
)


# ---- class names ---------------------------------------------------------------------------------------------------------

CLASS_NAMES: tuple[HostileInput, ...] = (
    HostileInput("empty.txt", bytes, "is empty"),
    HostileInput("picture.txt", lambda: _saved("PNG"), "“picture.txt”"),
    HostileInput("nulls.txt", _always(bytes(100)), "“nulls.txt”"),
    HostileInput("cut.json", _always(b'["cat", "do'), "“cut.json”"),
    HostileInput("deep.json", _always(b"[" * 50_000), "“deep.json”"),
    HostileInput("gap.json", _always(json.dumps({"cat": 0, "dog": 7}).encode()), "“gap.json”"),
    HostileInput("huge.txt", lambda: b"a\n" * 1_500_000, "3.0 MB"),
    HostileInput("many.txt", lambda: b"a\n" * 30_000, "“many.txt”"),
)
"""Files of class names that are refused."""

MARKUP_NAMES: tuple[str, ...] = (
    _MARKUP,
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><style>*{display:none}",
    "<!--",
    "&lt;b&gt;",
    "[a](javascript:alert(1))",
    ":material/delete: $x^2$ **b**",
    "{{7*7}} ${7*7} {0.__class__}",
    "\u202egpj.exe",
    "a\0b\x1b[31mc",
    "line\nbreak",
    "x" * 5_000,
    "\ud800",
)
"""Class names that are taken, and must stay text."""
