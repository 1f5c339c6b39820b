"""decode(): guards, facts and notes from Pillow, pixels from `read_pixels` wherever both agree on them."""

from __future__ import annotations

import hashlib
import io
import threading
import warnings

import cv2
import numpy as np
import pillow_heif
from PIL import Image, ImageOps

from lib.picture.guards import (
    DEFAULT_LIMITS,
    Limits,
    PictureError,
    called,
    check_bytes,
    check_size,
    chunks_fit,
    shown_name,
    unreadable,
)
from lib.picture.picture import Picture, check_background
from lib.picture.pixels import composite, read_pixels

pillow_heif.register_heif_opener()
# A damaged upload is told to its owner, not the log.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

# No other plugin is ever asked: EPS, for one, would be run through Ghostscript.
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "TIFF", "GIF", "HEIF")
_EXTENSIONS = {
    "PNG": ("png", "apng"),
    "JPEG": ("jpg", "jpeg", "jpe", "jfif", "mpo"),
    "WEBP": ("webp",),
    "BMP": ("bmp", "dib"),
    "TIFF": ("tif", "tiff"),
    "GIF": ("gif",),
    "HEIF": ("heic", "heif", "hif", "heics", "heifs"),
}
_TITLES = {"WEBP": "WebP", "HEIF": "HEIC"}
_FRAMES_COUNTED = 100
_ORIENTATION_TAG = 0x0112
_TURNED = {
    2: "mirrored left to right",
    3: "turned by 180°",
    4: "mirrored top to bottom",
    5: "mirrored and turned by 90°",
    6: "turned by 90°",
    7: "mirrored and turned by 90°",
    8: "turned by 90°",
}
# Largest difference between two correct decoders: chroma upsampling and CMYK conversion vary by some levels.
_SAME_PICTURE = 8
# Annex K of the JPEG standard, the luminance table in rising order; libjpeg scales it by the quality.
_JPEG_LUMINANCE = np.array(
    list(
        bytes.fromhex(
            "0a 0b 0c 0c 0d 0e 0e 0e 10 10 10 11 12 13 16 16 "
            "18 18 18 1a 1d 23 25 28 28 31 33 33 37 37 38 38 "
            "39 3a 3c 3d 3e 40 40 44 45 48 4d 4e 50 51 57 57 "
            "5c 5c 5f 62 63 64 65 67 67 67 68 6d 70 71 78 79"
        )
    )
)

# Python's warning filters belong to the process, and one large picture at a time bounds the memory.
_one_at_a_time = threading.Lock()


def decode(
    data: bytes, name: str = "", background: str = "white", limits: Limits = DEFAULT_LIMITS
) -> Picture:
    """Decode PNG, JPEG, WebP, BMP, TIFF, GIF (first frame) or HEIC, with notes on everything that was done.

    `name` is only shown and compared with the format. Raises PictureError, and nothing else, for any bytes.
    """
    check_background(background)
    label = shown_name(name)
    if not isinstance(data, (bytes, bytearray, memoryview)):
        raise PictureError(
            f"{called(label)} must be given as the bytes of a file, not as {type(data).__name__}."
        )
    data = bytes(data)
    check_bytes(data, label, limits)
    try:
        with _one_at_a_time, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _decode(data, label, background, limits)
    except PictureError:
        raise
    except Image.DecompressionBombError as error:
        raise PictureError(
            f"{called(label)} would unpack to far more than the limit of {limits.pixels / 1e6:g} megapixels. "
            "Make the picture smaller, then load it again."
        ) from error
    except Exception as error:  # decoders raise anything from struct.error to MemoryError on damaged files
        raise PictureError(
            f"{called(label)} could not be read: the file is damaged or incomplete ({_reason(error)}). "
            "Download or export it again, or load a PNG copy."
        ) from error


def _decode(data: bytes, label: str, background: str, limits: Limits) -> Picture:
    try:
        image = Image.open(io.BytesIO(data), formats=_FORMATS)
    except Image.UnidentifiedImageError as error:
        raise unreadable(data, label) from error
    with image:
        check_size(*image.size, label, limits)
        orientation = _orientation(image)
        frames = _frame_count(image)
        image.load()
        check_size(*image.size, label, limits)
        image_format = "JPEG" if image.format == "MPO" else str(image.format)
        bit_depth = _bit_depth(image, data)
        notes = _notes(image, image_format, label, orientation, frames, bit_depth)
        quality = _jpeg_quality(image)
        icc = bool(image.info.get("icc_profile"))
        by_pillow = _pillow_pixels(image)
        mode = image.mode
    raw, doubt = _agreed_pixels(data, by_pillow)
    if icc:
        notes.append("The file carries a colour profile (ICC), which was ignored, as most loaders do.")
    if doubt:
        notes.append(doubt)
    return Picture(
        raw=raw,
        name=label,
        background=background,
        digest=hashlib.sha256(data).hexdigest(),
        decoding=tuple(notes),
        cv2_readable=not doubt,
        format=image_format,
        mode=mode,
        bit_depth=bit_depth,
        exif_orientation=orientation,
        jpeg_quality=quality,
    )


def _agreed_pixels(data: bytes, by_pillow: np.ndarray) -> tuple[np.ndarray, str]:
    """What `read_pixels` gives if it shows what Pillow shows, else Pillow's pixels and a sentence why."""
    try:
        if not chunks_fit(data):
            raise ValueError("The PNG ends in the middle of a chunk.")
        by_cv2 = read_pixels(data)
    except Exception:  # cv2.error, ValueError, MemoryError: whatever it is, exported code would meet it too
        doubt = "OpenCV cannot read this file, so its pixels were read by Pillow."
    else:
        if _looks_the_same(by_cv2, by_pillow):
            return by_cv2, ""
        doubt = (
            "OpenCV reads this file differently (transparency or orientation), so Pillow's pixels were taken."
        )
    return by_pillow, f"{doubt} Exported code reads pictures with OpenCV: give it a PNG copy of this one."


def _looks_the_same(first: np.ndarray, second: np.ndarray) -> bool:
    if first.shape[:2] != second.shape[:2]:
        return False
    transparent = first.shape[2] == 4 or second.shape[2] == 4
    for top in range(0, first.shape[0], 256):  # in bands, so that 50 megapixels need no further copies
        for background in ("white", "black") if transparent else ("white",):
            one, other = (composite(side[top : top + 256], background) for side in (first, second))
            if cv2.norm(one, other, cv2.NORM_INF) > _SAME_PICTURE:
                return False
    return True


def _pillow_pixels(image: Image.Image) -> np.ndarray:
    """uint8 (H, W, 3 | 4), upright, by Pillow alone, following the rules that `read_pixels` states."""
    image = ImageOps.exif_transpose(image)
    if image.mode == "F" or image.mode.startswith("I"):
        values = np.nan_to_num(np.asarray(image).astype(np.float64), nan=0.0, posinf=0.0, neginf=0.0)
        sixteen_bit = image.mode.startswith("I;16") or values.max() > 255
        scale = 1 / 257 if sixteen_bit else 1.0 if values.max() > 1 else 255.0
        gray = np.rint(np.clip(values * scale, 0, 255)).astype(np.uint8)
        return np.repeat(gray[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        pixels = np.array(image.convert("RGBA"))
        return np.ascontiguousarray(pixels[:, :, :3]) if (pixels[:, :, 3] == 255).all() else pixels
    return np.array(image.convert("RGB"))


def _orientation(image: Image.Image) -> int:
    try:
        orientation = image.getexif().get(_ORIENTATION_TAG, 1)
    except Exception:  # damaged EXIF does not make the pixels unreadable
        return 1
    return orientation if orientation in _TURNED else 1


def _frame_count(image: Image.Image) -> int:
    """How many frames the file holds, counted up to _FRAMES_COUNTED for TIFF.

    There Pillow walks the chain of pages in quadratic time: a 1 MB file took 3.5 s, 20 MB would take it
    some twenty minutes.
    """
    try:
        if image.format != "TIFF":
            return int(getattr(image, "n_frames", 1))
        frames = 1
        try:
            while frames < _FRAMES_COUNTED:
                image.seek(frames)
                frames += 1
        except EOFError:
            pass
        image.seek(0)
        return frames
    except Exception:  # a damaged later frame does not concern the first
        return 1


def _bit_depth(image: Image.Image, data: bytes) -> int:
    """Bits per channel in the file; Pillow shows 16-bit colour as 8, so the file's header is asked."""
    if image.mode == "P":
        return 8
    if image.format == "PNG" and len(data) > 24:
        return data[24]
    if image.format == "TIFF":
        bits = image.tag_v2.get(258, 1)  # type: ignore[attr-defined]
        return int(bits[0] if isinstance(bits, tuple) else bits)
    if image.format == "HEIF":
        return int(image.info.get("bit_depth", 8))
    return 1 if image.mode == "1" else 8


def _jpeg_quality(image: Image.Image) -> int | None:
    """The libjpeg quality whose luminance table comes closest to the file's."""
    table = getattr(image, "quantization", {}).get(0)
    if not table or len(table) != 64:
        return None
    quality = np.arange(1, 101)[:, None]
    percent = np.where(quality < 50, 5000 // quality, 200 - 2 * quality)
    candidates = np.clip((_JPEG_LUMINANCE * percent + 50) // 100, 1, 255)
    return int(np.abs(candidates - np.sort(table)).sum(axis=1).argmin()) + 1


def _notes(
    image: Image.Image, image_format: str, label: str, orientation: int, frames: int, bits: int
) -> list[str]:
    notes = []
    extension = label.rsplit(".", 1)[-1].lower() if "." in label else ""
    known = any(extension in extensions for extensions in _EXTENSIONS.values())
    if known and extension not in _EXTENSIONS[image_format]:
        title = _TITLES.get(image_format, image_format)
        notes.append(f"The name ends in .{extension}, but this is a {title} file: it was read as what it is.")
    if orientation in _TURNED:
        notes.append(
            f"The camera stored this photo {_TURNED[orientation]}: it was turned upright (EXIF orientation "
            f"{orientation}). Loaders such as Pillow's Image.open do not do that by themselves."
        )
    if frames > 1:
        least = "at least " if image_format == "TIFF" and frames == _FRAMES_COUNTED else ""
        notes.append(f"The file holds {least}{frames} frames: the first one is used.")
    mode = image.mode
    if mode == "P":
        notes.append("The colours were stored as a palette: they were expanded to RGB.")
    elif mode == "1":
        notes.append("The picture has 1 bit per pixel, black or white only: these became 0 and 255.")
    elif mode == "CMYK":
        notes.append(
            "The colours were stored for print (CMYK): they were converted to RGB without a colour profile."
        )
    elif mode == "F":
        notes.append(
            "The pixels are floating-point numbers: up to 1 they count as 0..1, up to 255 as 0..255, above "
            "that as 0..65535; they were scaled to 0..255 and rounded."
        )
    elif bits > 8:
        notes.append(
            f"The file has {bits} bits per channel: the values were divided by 257 and rounded to 0..255."
        )
    if mode in ("1", "L", "LA", "La", "F") or mode.startswith("I"):
        notes.append("The picture is grayscale: the one channel was repeated to three.")
    return notes


def _reason(error: Exception) -> str:
    text = shown_name(str(error).split("\n", 1)[0].replace("/", " "))
    return text or type(error).__name__
