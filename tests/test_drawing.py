"""Drawings: strokes survive their encoding, hostile bytes are told apart, and ink lies where geometry says."""

import base64
import math
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib import drawing as drawing_module
from lib.drawing import PAPERS, SIDE, TOOLS, UNITS, Drawing, DrawingError, Stroke

points = st.tuples(st.integers(0, UNITS), st.integers(0, UNITS), st.integers(0, 255))
strokes = st.builds(
    Stroke,
    tool=st.sampled_from(TOOLS),
    size=st.integers(1, 255),
    points=st.lists(points, max_size=30).map(tuple),
)
drawings = st.builds(Drawing, strokes=st.lists(strokes, max_size=6).map(tuple), paper=st.sampled_from(PAPERS))


def line(size: int = 100, tool: str = "pen", y: int = 500, pressure: int = 255) -> Stroke:
    """A horizontal line through the middle of the paper: x from 200 to 800 units, 56 to 224 px."""
    return Stroke(tool, size, ((200, y, pressure), (800, y, pressure)))


def ink(*strokes: Stroke) -> np.ndarray:
    """float64 (280, 280): 0 is paper, 1 is ink."""
    return 1 - Drawing(strokes).picture().pixels[..., 0] / 255


# ---- encoding ------------------------------------------------------------------------------------------------------------


@given(drawing=drawings)
@settings(max_examples=200, deadline=None)
def test_strokes_survive_both_encodings(drawing: Drawing) -> None:
    assert Drawing.from_bytes(drawing.to_bytes()) == drawing
    text = drawing.encode()
    assert Drawing.decode(text) == drawing
    assert text.isascii() and not set(text) & set("+/=&?#% ")


def test_the_bytes_are_those_that_the_canvas_writes() -> None:
    # Version, paper, strokes; tool with the pressure bit, size, points; x steps, y steps, pressures.
    drawing = Drawing((Stroke("eraser", 90, ((10, 20, 255), (7, 1000, 51))), line(3)), "black")
    expected = struct.pack("<BBH", 1, 1, 2) + struct.pack("<BBH", 2 | 128, 90, 2)
    expected += struct.pack("<4h2B", 10, -3, 20, 980, 255, 51)
    expected += struct.pack("<BBH4h", 0, 3, 2, 200, 600, 500, 0)
    assert drawing.to_bytes() == expected


def test_points_outside_the_paper_are_put_on_its_edge() -> None:
    raw = struct.pack("<BBHBBH4h", 1, 0, 1, 0, 9, 2, -50, 30000, 30000, -32768)
    assert Drawing.from_bytes(raw).strokes[0].points == ((0, 1000, 255), (1000, 0, 255))


@pytest.mark.parametrize("points", [20_000, 20_001])
def test_as_many_points_as_a_drawing_may_have_pass_and_no_more(points: int) -> None:
    half = points // 2
    parts = (Stroke("pen", 9, ((1, 1, 255),) * half), Stroke("pen", 9, ((2, 2, 7),) * (points - half)))
    drawing = Drawing(parts)
    if points == 20_000:
        assert Drawing.decode(drawing.encode()) == drawing
        return
    with pytest.raises(DrawingError, match="more than 20,000 points"):
        Drawing.from_bytes(drawing.to_bytes())


def test_too_many_strokes_are_refused() -> None:
    drawing = Drawing((Stroke("brush", 255, ((1, 1, 255),)),) * 501)
    with pytest.raises(DrawingError, match="501 strokes; at most 500"):
        Drawing.decode(drawing.encode())


# ---- hostile bytes -------------------------------------------------------------------------------------------------------


def is_told(read, data) -> None:
    """Either a drawing that can be painted, or a sentence."""
    try:
        drawing = read(data)
    except DrawingError as error:
        sentence = str(error)
    else:
        assert Drawing.from_bytes(drawing.to_bytes()) == drawing
        assert drawing.picture().pixels.shape == (SIDE, SIDE, 3)
        return
    assert sentence.endswith(".") and 20 < len(sentence) < 120


@given(raw=st.binary(max_size=60))
@settings(max_examples=200, deadline=None)
def test_random_bytes_give_a_drawing_or_a_sentence(raw: bytes) -> None:
    is_told(Drawing.from_bytes, raw)
    is_told(Drawing.from_bytes, b"\x01\x00\x01\x00" + raw)
    is_told(Drawing.decode, base64.urlsafe_b64encode(zlib.compress(raw)).decode())


@given(text=st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_random_text_gives_a_drawing_or_a_sentence(text: str) -> None:
    is_told(Drawing.decode, text)


@given(drawing=drawings, data=st.data())
@settings(max_examples=100, deadline=None)
def test_damaged_drawings_give_a_drawing_or_a_sentence(drawing: Drawing, data: st.DataObject) -> None:
    raw, text = drawing.to_bytes(), drawing.encode()
    place = data.draw(st.integers(0, len(raw) - 1))
    changed = bytes([*raw[:place], data.draw(st.integers(0, 255)), *raw[place + 1 :]])
    is_told(Drawing.from_bytes, changed)
    is_told(Drawing.decode, text[: data.draw(st.integers(0, len(text) - 1))])


def test_every_truncation_is_refused() -> None:
    raw = Drawing((line(), line(tool="brush", pressure=9))).to_bytes()
    text = Drawing((line(),)).encode()
    for length in range(len(raw)):
        with pytest.raises(DrawingError, match="damaged"):
            Drawing.from_bytes(raw[:length])
    for length in range(len(text) - 1):
        with pytest.raises(DrawingError, match="damaged"):
            Drawing.decode(text[:length])


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"\x02\x00\x00\x00", "format 2; 1 is supported"),
        (b"\x01\x02\x00\x00", "damaged"),  # a third kind of paper
        (b"\x01\x00\x01\x00\x03\x09\x00\x00", "damaged"),  # a fourth tool
        (b"", "damaged"),
    ],
)
def test_impossible_headers_are_told(raw: bytes, says: str) -> None:
    with pytest.raises(DrawingError, match=says):
        Drawing.from_bytes(raw)


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    bomb = zlib.compress(b"\x01\x00\x00\x00" + bytes(50_000_000), 9)
    with pytest.raises(DrawingError, match="too large"):
        Drawing.decode(base64.urlsafe_b64encode(bomb).decode())


def test_a_huge_count_without_the_bytes_for_it_is_refused() -> None:
    with pytest.raises(DrawingError):
        Drawing.from_bytes(struct.pack("<BBHBBH", 1, 0, 1, 0, 9, 65535))


# ---- where the ink lies --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [15, 36, 50, 90, 100, 220])
def test_a_pen_line_is_as_wide_as_it_says_and_lies_where_it_was_drawn(size: int) -> None:
    width = size * SIDE / UNITS
    across = ink(line(size))[:, 140]
    assert across.sum() == pytest.approx(width, abs=0.26)
    # The line runs along y = 500 units = 140 px, the edge between the rows 139 and 140.
    rows = np.arange(SIDE) + 0.5
    assert across @ rows / across.sum() == pytest.approx(140, abs=0.15)
    assert (across[np.abs(rows - 140) < width / 2 - 0.75] == 1).all()
    assert (across[np.abs(rows - 140) > width / 2 + 0.75] == 0).all()


def test_lines_lie_neither_above_nor_below_where_they_were_drawn() -> None:
    rows = np.arange(SIDE) + 0.5
    drawn = np.arange(300, 700, 7)
    found = [(across := ink(line(100, y=int(y)))[:, 140]) @ rows / across.sum() for y in drawn]
    errors = np.array(found) - drawn * SIDE / UNITS
    assert abs(errors.mean()) < 0.03 and np.abs(errors).max() < 0.15


def test_a_pen_line_ends_in_half_discs() -> None:
    size, width = 100, 28.0
    expected = (800 - 200) * SIDE / UNITS * width + math.pi * (width / 2) ** 2
    assert ink(line(size)).sum() == pytest.approx(expected, rel=0.01)
    along = ink(line(size))[139:141].mean(axis=0)
    assert along.sum() == pytest.approx(224 - 56 + width, abs=0.5)
    assert (along[43:237] == 1).all() and (along[:41] == 0).all() and (along[239:] == 0).all()


def test_one_tap_is_a_disc_of_the_pens_width() -> None:
    dot = ink(Stroke("pen", 100, ((500, 250, 255),)))
    assert dot.sum() == pytest.approx(math.pi * 14**2, rel=0.01)
    rows, columns = np.indices(dot.shape) + 0.5
    assert (dot * rows).sum() / dot.sum() == pytest.approx(70, abs=0.15)
    assert (dot * columns).sum() / dot.sum() == pytest.approx(140, abs=0.15)


@pytest.mark.parametrize("angle", [17, 45, 80])
def test_a_slanted_line_is_as_wide_as_a_level_one(angle: int) -> None:
    def area(length: float) -> float:
        x, y = length * math.cos(math.radians(angle)), length * math.sin(math.radians(angle))
        ends = ((round(500 - x), round(500 - y), 255), (round(500 + x), round(500 + y), 255))
        return float(ink(Stroke("pen", 100, ends)).sum())

    assert (area(300) - area(100)) / (2 * 200 * SIDE / UNITS) == pytest.approx(28, rel=0.025)


@pytest.mark.parametrize("pressure", [64, 128, 255])
def test_pressure_scales_the_width(pressure: int) -> None:
    across = ink(line(200, pressure=pressure))[:, 140]
    assert across.sum() == pytest.approx(56 * pressure / 255, abs=0.26)


def test_even_the_lightest_touch_leaves_a_mark_of_a_pixel() -> None:
    assert ink(line(1, pressure=0))[:, 140].sum() == pytest.approx(1, abs=0.26)


def test_a_line_whose_pressure_changes_has_no_gap() -> None:
    # The points lie two widths apart: only the line between them can fill the gap.
    pressed = Stroke("pen", 100, tuple((x, 500, 255 - x // 5) for x in range(200, 801, 200)))
    along = ink(pressed)[139:141, 56:224]
    assert (along == 1).all()
    widths = ink(pressed)[:, [84, 140, 196]].sum(axis=0)
    assert (np.diff(widths) < -2).all()


def test_the_brushs_edge_is_soft_and_falls_evenly() -> None:
    soft, hard = ink(line(100, "brush"))[:, 140], ink(line(100, "pen"))[:, 140]
    upper = soft[100:140]
    assert (np.diff(upper) >= 0).all()
    # A Gaussian of sigma 0.17 widths takes 2 * 1.28 sigma = 0.44 widths from a tenth to nine tenths.
    assert int(((upper > 0.1) & (upper < 0.9)).sum()) == pytest.approx(0.44 * 28, abs=1.5)
    assert int(((hard > 0.1) & (hard < 0.9)).sum()) <= 2
    assert soft.sum() == pytest.approx(0.7 * hard.sum(), rel=0.03)


def test_ink_does_not_add_up_where_strokes_cross() -> None:
    upright = Stroke("brush", 100, ((500, 200, 255), (500, 800, 255)))
    cross = ink(line(100, "brush"), upright)
    np.testing.assert_array_equal(cross, np.maximum(ink(line(100, "brush")), ink(upright)))
    assert cross.max() <= 1 and cross[140, 140] > 0.95


def test_the_eraser_takes_ink_away_and_paper_stays() -> None:
    rubbed = ink(line(100), line(50, "eraser"))
    assert (rubbed[134:146, 60:220] == 0).all()
    assert (rubbed[128:131, 60:220] == 1).all() and (rubbed[150:152, 60:220] == 1).all()
    assert (ink(line(255, "eraser")) == 0).all()
    again = ink(line(100), line(150, "eraser"), line(50))
    np.testing.assert_array_equal(again, ink(line(50)))


def test_black_paper_is_the_complement_of_white_paper() -> None:
    strokes = (line(100, "brush"), line(30, "eraser"), line(60, y=200))
    white, black = (Drawing(strokes, paper).picture().pixels for paper in PAPERS)
    np.testing.assert_array_equal(black, 255 - white)
    assert (Drawing().picture().pixels == 255).all()
    assert (Drawing((), "black").picture().pixels == 0).all()


def test_the_same_strokes_give_the_same_picture_and_others_another() -> None:
    one = Drawing((line(100, "brush"),))
    assert Drawing.decode(one.encode()).picture().digest == one.picture().digest
    others = [Drawing((line(101, "brush"),)), Drawing((line(100),)), Drawing((line(100, "brush"),), "black")]
    assert len({drawing.picture().digest for drawing in (one, *others)}) == 4


def test_the_picture_is_gray_and_opaque() -> None:
    picture = Drawing((line(100, "brush"),)).picture()
    assert picture.size == (SIDE, SIDE) and not picture.has_alpha
    assert (picture.pixels == picture.pixels[..., :1]).all()


@given(strokes=st.lists(strokes, min_size=1, max_size=3).map(tuple))
@settings(max_examples=40, deadline=None)
def test_a_stroke_has_no_effect_beyond_the_pixels_that_are_computed_for_it(
    strokes: tuple[Stroke, ...],
) -> None:
    near = drawing_module._ink(strokes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing_module, "_rows_and_columns", lambda *_: ((0, SIDE), (0, SIDE)))
        patch.setattr(drawing_module, "_cover", drawing_module._cover.__wrapped__)
        everywhere = drawing_module._ink(strokes)
    np.testing.assert_allclose(near, everywhere, atol=1e-6)
