"""The canvas as the page mounts it: what it is told, and what it may report."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np
import pytest

from lib.drawing import Drawing, Stroke
from lib.picture import Picture
from lib.ui import event as event_module
from lib.ui import sketchpad as module
from lib.ui import wire
from lib.ui.sketchpad import sketchpad

LINE = Drawing((Stroke("pen", 90, ((100, 100, 255), (900, 900, 51))),))


class Canvas:
    """Mounts the sketchpad and plays the browser."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.state: dict[str, Any] = {}
        self.drawn: list[tuple[Drawing, bool, int]] = []
        self.files: list[tuple[bytes, str]] = []
        self.mounted: dict[str, Any] = {}
        monkeypatch.setattr(event_module.st, "session_state", self.state)
        monkeypatch.setattr(module, "_view", lambda **given: self.mounted.update(given))

    def mount(
        self, drawing: Drawing = LINE, revision: int = 1, backdrop: Picture | None = None
    ) -> dict[str, Any]:
        """The header that the browser gets."""
        sketchpad(
            "pad",
            drawing,
            revision,
            28,
            lambda *given: self.drawn.append(given),
            lambda *given: self.files.append(given),
            backdrop,
        )
        header, arrays = wire.unpack(self.mounted["data"])
        assert arrays == {}
        return header

    def send(self, name: str, value: object) -> None:
        self.state["pad"] = {name: value}
        self.mounted[f"on_{name}_change"]()


@pytest.fixture
def canvas(monkeypatch: pytest.MonkeyPatch) -> Canvas:
    return Canvas(monkeypatch)


def as_text(drawing: Drawing) -> str:
    return base64.b64encode(drawing.to_bytes()).decode()


def test_the_browser_gets_the_strokes_the_revision_and_the_grid(canvas: Canvas) -> None:
    header = canvas.mount(LINE, revision=4)
    assert header == {"strokes": as_text(LINE), "revision": 4, "grid": 28}
    assert canvas.mounted["key"] == "pad"


def test_blank_white_paper_sends_nothing_and_black_paper_sends_itself(canvas: Canvas) -> None:
    assert canvas.mount(Drawing())["strokes"] == ""
    assert (
        Drawing.from_bytes(base64.b64decode(canvas.mount(Drawing((), "black"))["strokes"])).paper == "black"
    )


def test_a_growing_and_an_ended_stroke_are_reported_with_their_numbers(canvas: Canvas) -> None:
    canvas.mount()
    canvas.send("drawing", {"strokes": as_text(LINE), "final": False, "seq": 5})
    canvas.send("drawing", {"strokes": as_text(LINE), "final": True, "seq": 6})
    assert canvas.drawn == [(LINE, False, 5), (LINE, True, 6)]


@pytest.mark.parametrize("seq", [None, "7", 1.5, [1]])
def test_a_number_of_another_kind_is_zero(seq: object, canvas: Canvas) -> None:
    canvas.mount()
    canvas.send("drawing", {"strokes": as_text(LINE), "final": True, "seq": seq})
    assert canvas.drawn == [(LINE, True, 0)]


@pytest.mark.parametrize(
    "strokes", [None, "", "?", "ü", "\ud800", "AAAA", "A" * 5, 3, [], "AQADAA==", "💥" * 9]
)
def test_what_our_canvas_would_never_send_is_left_out(strokes: object, canvas: Canvas) -> None:
    canvas.mount()
    canvas.send("drawing", {"strokes": strokes, "final": True, "seq": 1})
    assert canvas.drawn == []


def test_a_pasted_file_arrives_with_its_name(canvas: Canvas) -> None:
    canvas.mount()
    canvas.send("file", {"data": base64.b64encode(b"\x89PNG...").decode(), "name": "pasted.png"})
    assert canvas.files == [(b"\x89PNG...", "pasted.png")]


@pytest.mark.parametrize("data", [None, "ü", "A", "💥", "AAA!", 3, ["AAAA"]])
def test_a_file_that_cannot_be_unpacked_arrives_empty_so_that_it_is_told(
    data: object, canvas: Canvas
) -> None:
    canvas.mount()
    canvas.send("file", {"data": data, "name": "odd.png"})
    assert canvas.files == [(b"", "odd.png")]


@pytest.mark.parametrize(
    ("shape", "expected"), [((480, 960), (120, 240)), ((10, 20), (10, 20)), ((900, 2), (240, 1))]
)
def test_the_backdrop_is_a_small_jpeg_of_the_picture(
    shape: tuple[int, int], expected: tuple[int, int], canvas: Canvas
) -> None:
    picture = Picture.from_array(np.full((*shape, 3), (200, 30, 60), np.uint8))
    url = canvas.mount(backdrop=picture)["backdrop"]
    kind, _, data = url.partition(",")
    assert kind == "data:image/jpeg;base64" and len(url) < 20_000
    small = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert small.shape == (*expected, 3)
    np.testing.assert_allclose(small.mean((0, 1)), (200, 30, 60), atol=4)


def test_without_another_picture_there_is_no_backdrop(canvas: Canvas) -> None:
    assert "backdrop" not in canvas.mount()
