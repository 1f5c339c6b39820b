"""The canvas as the page sees it: it shows a drawing and reports strokes and pasted or dropped files."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from typing import Any

from lib.drawing import Drawing, DrawingError
from lib.ui import wire
from lib.ui.component import view
from lib.ui.event import event

_view = view("sketchpad")


def sketchpad(
    key: str,
    drawing: Drawing,
    revision: int,
    grid: int,
    on_drawing: Callable[[Drawing, bool, int], None],
    on_file: Callable[[bytes, str], None],
) -> None:
    """Mounts the canvas.

    Args:
        drawing: what it shows when it is mounted or when `revision` changes; in between the browser's strokes count.
        revision: grows when the server replaces the drawing.
        grid: lines of the network's own resolution, on demand.
        on_drawing: called with the drawing, whether the stroke has ended, and the number to acknowledge.
        on_file: called with the bytes and the name of a pasted or dropped file.
    """

    def drawn() -> None:
        value = event(key, "drawing")
        try:
            strokes = Drawing.from_bytes(base64.b64decode(str(value.get("strokes", ""))))
        except (DrawingError, binascii.Error):
            return  # not what our canvas sends: nothing that a visitor drew is lost by leaving it out
        on_drawing(strokes, bool(value.get("final")), _number(value.get("seq")))

    def given() -> None:
        value = event(key, "file")
        try:
            data = base64.b64decode(str(value.get("data", "")))
        except binascii.Error:
            data = b""
        on_file(data, str(value.get("name", "")))

    strokes = (
        base64.b64encode(drawing.to_bytes()).decode() if drawing.strokes or drawing.paper != "white" else ""
    )
    message = wire.pack({"strokes": strokes, "revision": revision, "grid": grid})
    _view(key=key, data=message, on_drawing_change=drawn, on_file_change=given)


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
