"""Pictures: from the bytes of a file, or an array, to uint8 pixels with notes on what decoding did.

What is done to a picture afterwards (gray, crop, resize, ...) lives in `lib.pipeline`.
"""

from __future__ import annotations

from lib.picture.decoding import decode
from lib.picture.guards import Limits, PictureError
from lib.picture.picture import BACKGROUNDS, Picture
from lib.picture.pixels import composite, read_pixels

__all__ = ["BACKGROUNDS", "Limits", "Picture", "PictureError", "composite", "decode", "read_pixels"]
