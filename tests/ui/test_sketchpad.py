"""The canvas: what it is sent, and what its reports say, whoever sent them."""

from __future__ import annotations

import base64
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.drawing import Drawing, Stroke
from lib.picture import Picture
from lib.ui import wire
from lib.ui.sketchpad import SketchpadOptions, drawn, given_file, sketchpad_message

LINE = Drawing((Stroke("pen", 90, ((100, 100, 255), (900, 900, 51))),))


def as_text(drawing: Drawing) -> str:
    return base64.b64encode(drawing.to_bytes()).decode()


def header(drawing: Drawing = LINE, revision: int = 1, backdrop: Picture | None = None) -> dict[str, Any]:
    found, arrays = wire.unpack(sketchpad_message(drawing, revision, 28, backdrop))
    assert arrays == {}
    return found


# ---- what the browser gets -----------------------------------------------------------------------------------------------


def test_the_browser_gets_the_strokes_the_revision_and_the_grid() -> None:
    options = {"tool": "brush", "width": 90, "grid": False}
    sent = {"strokes": as_text(LINE), "revision": 4, "grid": 28, "options": options}
    assert header(LINE, revision=4) == sent


def test_blank_white_paper_sends_no_strokes_and_black_paper_sends_itself() -> None:
    assert not header(Drawing()).get("strokes")
    black = header(Drawing((), "black"))["strokes"]
    assert Drawing.from_bytes(base64.b64decode(black)) == Drawing((), "black")


@pytest.mark.parametrize(
    ("shape", "expected"), [((480, 960), (120, 240)), ((10, 20), (10, 20)), ((900, 2), (240, 1))]
)
def test_the_backdrop_is_a_small_jpeg_of_the_picture(
    shape: tuple[int, int], expected: tuple[int, int]
) -> None:
    picture = Picture.from_array(np.full((*shape, 3), (200, 30, 60), np.uint8))
    kind, _, data = header(backdrop=picture)["backdrop"].partition(",")
    assert kind == "data:image/jpeg;base64" and len(data) < 20_000
    small = cv2.imdecode(np.frombuffer(base64.b64decode(data), np.uint8), cv2.IMREAD_COLOR_RGB)
    assert small.shape == (*expected, 3)
    np.testing.assert_allclose(small.mean((0, 1)), (200, 30, 60), atol=4)


def test_without_another_picture_there_is_no_backdrop() -> None:
    assert "backdrop" not in header()


# ---- what the browser reports --------------------------------------------------------------------------------------------


def test_a_growing_and_an_ended_stroke_are_reported_with_their_numbers() -> None:
    assert drawn({"strokes": as_text(LINE), "final": False, "seq": 5}) == (LINE, False, 5)
    assert drawn({"strokes": as_text(LINE), "final": True, "seq": 6}) == (LINE, True, 6)


@pytest.mark.parametrize("seq", [None, "7", 1.5, [1]])
def test_a_number_of_another_kind_is_zero(seq: object) -> None:
    assert drawn({"strokes": as_text(LINE), "final": True, "seq": seq}) == (LINE, True, 0)


@pytest.mark.parametrize(
    "strokes", [None, "", "?", "ü", "\ud800", "AAAA", "A" * 5, 3, [], "AQADAA==", "💥" * 9]
)
def test_strokes_that_our_canvas_would_never_send_are_left_out(strokes: object) -> None:
    assert drawn({"strokes": strokes, "final": True, "seq": 1}) is None


@pytest.mark.parametrize("value", [None, 3, "text", [], {}])
def test_a_report_of_another_kind_is_left_out(value: object) -> None:
    assert drawn(value) is None
    assert given_file(value) == (b"", "")


def test_a_pasted_file_arrives_with_its_name() -> None:
    data = base64.b64encode(b"\x89PNG...").decode()
    assert given_file({"data": data, "name": "pasted.png"}) == (b"\x89PNG...", "pasted.png")


@pytest.mark.parametrize("data", [None, "ü", "A", "💥", "AAA!", 3, ["AAAA"]])
def test_a_file_that_cannot_be_unpacked_arrives_empty_so_that_it_is_told(data: object) -> None:
    assert given_file({"data": data, "name": "odd.png"}) == (b"", "odd.png")


# ---- what lies in the visitor's hand -------------------------------------------------------------------------------------


@given(
    st.builds(
        SketchpadOptions, st.sampled_from(["brush", "pen", "eraser"]), st.integers(15, 220), st.booleans()
    )
)
def test_tool_width_and_grid_come_back_from_a_link(options: SketchpadOptions) -> None:
    assert SketchpadOptions.from_json(options.to_json()) == options


@pytest.mark.parametrize(
    "value", [None, 3, "{", '{"tool": "laser", "width": "wide", "grid": 1}', {"tool": ["pen"], "width": None}]
)
def test_what_no_canvas_has_is_the_usual_brush(value: Any) -> None:
    assert SketchpadOptions.from_json(value) == SketchpadOptions("brush", 90, False)


def test_a_width_beyond_the_slider_is_its_end() -> None:
    assert SketchpadOptions.from_json({"width": 9_999}).width == 220
    assert SketchpadOptions.from_json({"width": -5}).width == 15
