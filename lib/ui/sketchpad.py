"""The canvas as the page sees it: it shows a drawing and reports strokes and pasted or dropped files."""

from __future__ import annotations

import base64
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import cv2

from lib.drawing import Drawing, DrawingError
from lib.picture import Picture
from lib.ui import wire
from lib.ui.component import view
from lib.ui.event import event

_view = view("sketchpad")
_BACKDROP = 240  # px, of the longest side


def sketchpad(
    key: str,
    drawing: Drawing,
    revision: int,
    grid: int,
    on_drawing: Callable[[Drawing, bool, int], None],
    on_file: Callable[[bytes, str], None],
    backdrop: Picture | None = None,
) -> None:
    """Mounts the canvas.

    Args:
        drawing: what it shows when it is mounted or when `revision` changes; in between the browser's strokes count.
        revision: grows when the server replaces the drawing.
        grid: lines of the network's own resolution, on demand.
        on_drawing: called with the drawing, whether the stroke has ended, and the number to acknowledge.
        on_file: called with the bytes and the name of a pasted or dropped file.
        backdrop: the picture that is looked at instead of the drawing, until somebody draws.
    """

    def drawn() -> None:
        value = event(key, "drawing")
        try:
            strokes = Drawing.from_bytes(_unpacked(value.get("strokes")))
        except DrawingError:
            return  # not what our canvas sends: nothing that a visitor drew is lost by leaving it out
        on_drawing(strokes, bool(value.get("final")), _number(value.get("seq")))

    def given() -> None:
        value = event(key, "file")
        on_file(_unpacked(value.get("data")), str(value.get("name", "")))

    strokes = (
        base64.b64encode(drawing.to_bytes()).decode() if drawing.strokes or drawing.paper != "white" else ""
    )
    header = {"strokes": strokes, "revision": revision, "grid": grid}
    if backdrop is not None:
        header["backdrop"] = _data_url(backdrop)
    message = wire.pack(header)
    _view(key=key, data=message, on_drawing_change=drawn, on_file_change=given)


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _unpacked(text: Any) -> bytes:
    """The bytes of a base64 text; none for anything else."""
    try:
        return base64.b64decode(text, validate=True) if isinstance(text, str) else b""
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
