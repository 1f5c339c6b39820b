"""What a file must satisfy before it is decoded, and the sentences people read when it does not."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

SUPPORTED = "PNG, JPEG, WebP, BMP, TIFF, GIF, HEIC"


class PictureError(ValueError):
    """A file or array that cannot become a Picture; the message says which, why, and what to do."""


@dataclass(frozen=True)
class Limits:
    """The largest file that is decoded: `bytes` on disk, `pixels` (width x height), `side` in pixels."""

    bytes: int = 20_000_000
    pixels: int = 50_000_000
    side: int = 20_000


DEFAULT_LIMITS = Limits()


def shown_name(name: object) -> str:
    """The last part of a file name without control characters, at most 60 characters; "" if there is none."""
    text = "" if name is None else str(name)
    # Category C holds control, format (such as right-to-left override), surrogate and unassigned characters.
    text = "".join(" " if unicodedata.category(sign).startswith("C") else sign for sign in text[-1000:])
    text = " ".join(text.replace("\\", "/").rsplit("/", 1)[-1].split())
    return text if len(text) <= 60 else f"{text[:39]}…{text[-20:]}"


def called(name: str) -> str:
    """How a sentence begins for a file: its name in quotes, or "This file"."""
    return f"“{name}”" if name else "This file"


def check_bytes(data: bytes, name: str, limits: Limits) -> None:
    """Raise PictureError for a file that is empty or too large to be looked at."""
    if not data:
        raise PictureError(f"{called(name)} is empty (0 bytes). Save or download it again, then load it.")
    if len(data) > limits.bytes:
        raise PictureError(
            f"{called(name)} has {len(data) / 1e6:.1f} MB; the limit is {limits.bytes / 1e6:g} MB. "
            "Make the picture smaller or save it as JPEG, then load it again."
        )


def check_size(width: int, height: int, name: str, limits: Limits) -> None:
    """Raise PictureError for a picture without pixels or with more than can be decoded safely."""
    if width < 1 or height < 1:
        raise PictureError(
            f"{called(name)} says it is {width} x {height} pixels large: there is nothing to show. "
            "Save it again."
        )
    if max(width, height) > limits.side:
        raise PictureError(
            f"{called(name)} is {width} x {height} pixels large; the longest side allowed is "
            f"{limits.side:,}. "
            "Cut out the part that matters or make the picture smaller."
        )
    if width * height > limits.pixels:
        raise PictureError(
            f"{called(name)} is {width} x {height} = {width * height / 1e6:.0f} megapixels large; "
            f"the limit is {limits.pixels / 1e6:g} megapixels. Make the picture smaller, then load it again."
        )


def chunks_fit(data: bytes) -> bool:
    """Whether the chunks of a PNG lie inside the file up to IEND; True for every other format.

    OpenCV allocates what a chunk's length claims, up to 2 GB, before it looks whether the file is that long.
    """
    if not data.startswith(b"\x89PNG"):
        return True
    position = 8
    while position + 12 <= len(data):
        length = int.from_bytes(data[position : position + 4], "big")
        if position + 12 + length > len(data):
            return False
        if data[position + 4 : position + 8] == b"IEND":
            return True
        position += 12 + length
    return False


def unreadable(data: bytes, name: str) -> PictureError:
    """The error for bytes that are none of the supported formats; names what they look like."""
    kind = _looks_like(data)
    return PictureError(
        f"{called(name)} {kind}. Pictures can be {SUPPORTED}: open it where it was made, "
        "export it as PNG or JPEG and load that."
    )


def _looks_like(data: bytes) -> str:
    start = data[:1024]
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"%PDF"):
        return "is a PDF document, not a picture"
    if start.startswith((b"%!PS", b"\xc5\xd0\xd3\xc6")):
        return "is a PostScript (EPS) file: a program, which is not run here"
    if b"<svg" in text:
        return "is an SVG drawing: text, not pixels"
    if text.startswith((b"<!doctype html", b"<html")):
        return "is a web page, not a picture (was the page saved instead of the image?)"
    for signature, kind in (
        (b"8BPS", "is a Photoshop document"),
        (b"PK\x03\x04", "is a ZIP archive"),
        (b"\x00\x00\x01\x00", "is an icon file (ICO)"),
        (b"\x00\x00\x00\x0cjP", "is a JPEG 2000 file"),
    ):
        if start.startswith(signature):
            return kind
    if start[4:12] in (b"ftypavif", b"ftypavis"):
        return "is an AVIF file"
    if start[4:8] == b"ftyp":
        return "is a video or an image of a kind that cannot be read"
    for signature, kind in (
        (b"\x89PNG", "PNG"),
        (b"\xff\xd8", "JPEG"),
        (b"GIF8", "GIF"),
        (b"BM", "BMP"),
        (b"II*\x00", "TIFF"),
        (b"MM\x00*", "TIFF"),
        (b"RIFF", "WebP"),
    ):
        if start.startswith(signature):
            return f"begins like a {kind} file but is damaged, or of a rare kind that cannot be read"
    if all(byte >= 32 or byte in b"\t\r\n" for byte in start):
        return "is text, not a picture, whatever its name says"
    return "is not a picture that can be read"
