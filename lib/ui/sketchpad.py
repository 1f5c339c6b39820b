"""The canvas as the page sees it: what it is sent, and what its strokes and files say."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

import cv2

from lib.drawing import TOOLS, Drawing, DrawingError
from lib.picture import Picture
from lib.ui import wire
from lib.ui.view_options import compact_json, one_of, sequence_number, settings, whole_number

_BACKDROP = 240  # px, of the longest side
_THINNEST, _THICKEST = 15, 220


@dataclass(frozen=True)
class SketchpadOptions:
    """What lies in the visitor's hand; what a link keeps.

    Attributes:
        tool: one of TOOLS.
        width: of the line, in the drawing's units.
        grid: whether the network's own resolution is drawn over the canvas.
    """

    tool: str = "brush"
    width: int = 90
    grid: bool = False

    @classmethod
    def from_json(cls, value: object) -> SketchpadOptions:
        """Options out of a link or a browser's report; what is unknown falls back to the default."""
        given = settings(value)
        return cls(
            one_of(given.get("tool"), TOOLS, cls.tool),
            whole_number(given.get("width"), _THINNEST, _THICKEST, cls.width),
            given.get("grid") is True,
        )

    def to_json(self) -> str:
        """What differs from the defaults, as short JSON: "{}" if nothing does."""
        return compact_json(
            {f.name: getattr(self, f.name) for f in fields(self) if getattr(self, f.name) != f.default}
        )


def sketchpad_message(
    drawing: Drawing,
    revision: int,
    grid: int,
    backdrop: Picture | None = None,
    options: SketchpadOptions | None = None,
) -> bytes:
    """The message for `frontend/sketchpad.js`.

    Args:
        drawing: what the canvas shows when it appears or when `revision` changes; in between the browser's strokes count.
        revision: grows when the server replaces the drawing.
        grid: lines of the network's own resolution, on demand.
        backdrop: the picture that is looked at instead of the drawing, until somebody draws.
        options: taken by the canvas when it takes the drawing.
    """
    options = options or SketchpadOptions()
    header: dict[str, Any] = {"revision": revision, "grid": grid, "options": asdict(options)}
    if drawing.strokes or drawing.paper != "white":
        header["strokes"] = base64.b64encode(drawing.to_bytes()).decode()
    if backdrop is not None:
        header["backdrop"] = _data_url(backdrop)
    return wire.pack(header)


def drawn(value: Any) -> tuple[Drawing, bool, int] | None:
    """The drawing that the canvas reported, whether the stroke has ended, and the number to acknowledge.

    None for what our canvas does not send: nothing that a visitor drew is lost by leaving it out.
    """
    if not isinstance(value, Mapping):
        return None
    try:
        drawing = Drawing.from_bytes(_unpacked(value.get("strokes")))
    except DrawingError:
        return None
    return drawing, bool(value.get("final")), sequence_number(value)


def given_file(value: Any) -> tuple[bytes, str]:
    """The bytes and the name of a pasted or dropped file; no bytes for what our canvas does not send."""
    if not isinstance(value, Mapping):
        return b"", ""
    return _unpacked(value.get("data")), str(value.get("name", ""))


def _unpacked(text: Any) -> bytes:
    """The bytes of a base64 text; none for anything else."""
    try:
        return base64.b64decode(text) if isinstance(text, str) else b""
    except ValueError:
        return b""


@lru_cache(maxsize=64)
def _data_url(picture: Picture) -> str:
    """The picture as a small JPEG, a few kilobytes: it travels with every update of the page."""
    scale = min(1.0, _BACKDROP / max(picture.pixels.shape[:2]))
    size = [max(1, round(n * scale)) for n in picture.pixels.shape[1::-1]]
    small = cv2.resize(picture.pixels, size, interpolation=cv2.INTER_AREA)
    _, data = cv2.imencode(".jpg", small[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 80])
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode()
