"""The Picture: decoded pixels, upright, with the facts about their file. Decoding itself lives beside it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property

import cv2
import numpy as np

from lib.picture.guards import PictureError, shown_name
from lib.picture.pixels import composite

BACKGROUNDS = ("white", "black", "ignore")


@dataclass(frozen=True, eq=False)
class Picture:
    """A decoded picture. Equal, and hashed, by `digest` and `background`, so that it can key a cache.

    raw               uint8 (H, W, 3) RGB, or (H, W, 4) RGBA if not all is opaque; 0..255, upright, read-only
    name              what to call it on screen: cleaned, at most 60 characters; still untrusted, escape it
    background        what lies under transparent pixels: "white", "black", or "ignore" (alpha dropped)
    digest            sha256 (hex) of the file's bytes; for arrays of the shape and pixels
    decoding          sentences on what decoding did, without the one on the background (see `notes`)
    cv2_readable      `read_pixels(file)` gives `raw` exactly; if not, exported code must read `to_png()`
    format, mode      as Pillow names them ("PNG", "RGBA"); "array" and e.g. "RGB" for arrays
    bit_depth         bits per channel in the file
    exif_orientation  1..8, 1 if the file has none
    jpeg_quality      1..100 estimated from the luminance table, None for other formats
    """

    raw: np.ndarray
    name: str
    background: str
    digest: str
    decoding: tuple[str, ...] = ()
    cv2_readable: bool = True
    format: str = "array"
    mode: str = "RGB"
    bit_depth: int = 8
    exif_orientation: int = 1
    jpeg_quality: int | None = None

    def __post_init__(self) -> None:
        check_background(self.background)
        self.raw.setflags(write=False)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Picture):
            return NotImplemented
        return (self.digest, self.background) == (other.digest, other.background)

    def __hash__(self) -> int:
        return hash((self.digest, self.background))

    @classmethod
    def from_array(cls, array: np.ndarray, name: str = "", background: str = "white") -> Picture:
        """A Picture of uint8 (H, W), (H, W, 1), (H, W, 3) RGB or (H, W, 4) RGBA pixels, which are copied."""
        if not isinstance(array, np.ndarray) or array.dtype != np.uint8:
            found = f"{array.dtype} array" if isinstance(array, np.ndarray) else type(array).__name__
            raise PictureError(
                f"A picture needs a uint8 array with values 0..255, this is a {found}: convert it first."
            )
        if (
            array.ndim not in (2, 3)
            or (array.ndim == 3 and array.shape[2] not in (1, 3, 4))
            or array.size == 0
        ):
            raise PictureError(
                f"A picture needs an array of shape (H, W), (H, W, 1), (H, W, 3) or (H, W, 4) with at least "
                f"one pixel, this one has the shape {array.shape}."
            )
        pixels = array.reshape(*array.shape[:2], -1)
        channels = pixels.shape[2]
        if channels == 1:
            pixels = cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB)
        elif channels == 4 and (pixels[:, :, 3] == 255).all():
            pixels = pixels[:, :, :3]
        pixels = np.array(pixels, order="C")
        return cls(
            raw=pixels,
            name=shown_name(name),
            background=background,
            digest=hashlib.sha256(repr(pixels.shape).encode() + pixels.tobytes()).hexdigest(),
            mode={1: "L", 3: "RGB", 4: "RGBA"}[channels],
            decoding=("The picture is grayscale: the one channel was repeated to three.",)
            if channels == 1
            else (),
        )

    @cached_property
    def pixels(self) -> np.ndarray:
        """uint8 (H, W, 3) RGB, 0..255, on the chosen background; read-only."""
        pixels = composite(self.raw, self.background)
        pixels.setflags(write=False)
        return pixels

    @property
    def has_alpha(self) -> bool:
        """Whether some pixel is not opaque."""
        return self.raw.shape[2] == 4

    @property
    def alpha(self) -> np.ndarray | None:
        """uint8 (H, W), 0 transparent .. 255 opaque; None if every pixel is opaque."""
        return self.raw[:, :, 3] if self.has_alpha else None

    @property
    def size(self) -> tuple[int, int]:
        """(height, width) in pixels, after turning upright."""
        return self.raw.shape[0], self.raw.shape[1]

    @property
    def notes(self) -> tuple[str, ...]:
        """What decoding did, in sentences for people; the one on transparency depends on the background."""
        return self.decoding + ((_transparency_note(self.background),) if self.has_alpha else ())

    def on(self, background: str) -> Picture:
        """The same picture on another background: "white", "black" or "ignore"."""
        return self if background == self.background else replace(self, background=background)

    def to_png(self) -> bytes:
        """`raw` as a PNG file, without loss: `read_pixels` gives it back exactly."""
        code = cv2.COLOR_RGBA2BGRA if self.has_alpha else cv2.COLOR_RGB2BGR
        return cv2.imencode(".png", cv2.cvtColor(self.raw, code))[1].tobytes()


def check_background(background: str) -> None:
    """Raise PictureError unless `background` is one of BACKGROUNDS."""
    if background not in BACKGROUNDS:
        raise PictureError(
            f"The background must be one of {', '.join(BACKGROUNDS)}, not {str(background)[:60]!r}."
        )


def _transparency_note(background: str) -> str:
    if background == "ignore":
        return (
            "The picture has transparent pixels and their alpha channel was ignored: the colours hidden "
            "under transparent pixels show, which are often all black or all white."
        )
    return (
        f"The picture has transparent pixels: they were laid on {background}. "
        "Loaders that drop the alpha channel show whatever colour was hidden there."
    )
