"""Links: what goes in comes out, and whatever comes in gives a case that can be shown."""

import re
from urllib.parse import parse_qsl, urlencode

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.case import (
    LONGEST_LINK,
    Case,
    SampleSource,
    UploadSource,
    from_query,
    short_enough,
    steps_to_text,
    to_query,
)
from lib.contract import Contract
from lib.drawing import Drawing, Stroke
from lib.pipeline import STEPS, Choice, Pipeline
from tests.pipeline.strategies import steps_of

DEFAULTS = {
    "gray": Contract((784,), (28, 28), ["A"], polarity="white on black", frame="crop to ink").pipeline(),
    "colour": Contract((32, 32, 3), (32, 32), ["A"], channels=3, value_range="torch").pipeline(),
}
SAMPLES = ("r-clean", "x-soft")
START = Case("gray", SampleSource("r-clean"), DEFAULTS["gray"])
LINE = Drawing((Stroke("brush", 90, ((100, 100, 255), (900, 900, 128))),), "black")


def default(model: str) -> Pipeline:
    return DEFAULTS[model]  # a KeyError here would be a name that the link invented


def read(query: dict[str, str]) -> tuple[Case, tuple[str, ...]]:
    return from_query(query, START, default, DEFAULTS.keys(), SAMPLES)


def through_an_address_bar(query: dict[str, str]) -> dict[str, str]:
    return dict(parse_qsl(urlencode(query), keep_blank_values=True))


def pipelines(model: str) -> st.SearchStrategy[Pipeline]:
    return st.tuples(*(steps_of(type(step)) for step in DEFAULTS[model])).map(Pipeline)


points = st.tuples(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 255))
strokes = st.builds(
    Stroke,
    tool=st.sampled_from(["pen", "brush", "eraser"]),
    size=st.integers(1, 255),
    points=st.lists(points, max_size=8).map(tuple),
)
drawings = st.builds(
    Drawing, strokes=st.lists(strokes, max_size=4).map(tuple), paper=st.sampled_from(["white", "black"])
)
shareable = st.one_of(st.sampled_from(SAMPLES).map(SampleSource), drawings)
views = st.dictionaries(
    st.text("abc.-", min_size=1, max_size=9), st.text(min_size=1, max_size=60), max_size=3
)


@st.composite
def cases(draw: st.DrawFn, pinned: bool = True) -> Case:
    model = draw(st.sampled_from(sorted(DEFAULTS)))
    inner = draw(st.none() | cases(pinned=False)) if pinned else None
    view = draw(views) if pinned else {}
    return Case(model, draw(shareable), draw(pipelines(model)), view, inner)


# ---- there and back ------------------------------------------------------------------------------------------------------


@given(case=cases())
@settings(max_examples=60, deadline=None)
def test_every_case_comes_out_of_its_own_link(case: Case) -> None:
    found, notes = read(through_an_address_bar(to_query(case, default)))
    assert found == case
    assert notes == ()


def test_the_default_is_not_written_out() -> None:
    assert to_query(START, default) == {"v": "1", "model": "gray", "sample": "r-clean"}


def test_a_setting_is_written_so_that_a_person_can_read_it() -> None:
    pipeline = DEFAULTS["gray"].with_step("sigmoid", on=True, slope=12.5).with_step("invert", on=False)
    assert steps_to_text(pipeline, DEFAULTS["gray"]) == "invert:off;sigmoid:on,slope=12.5"


def test_a_negative_zero_is_zero_in_every_word() -> None:
    pipeline = DEFAULTS["gray"].with_step("move", on=True, shift_x=-0.0)
    assert str(pipeline["move"].shift_x) == "0.0"
    assert to_query(Case("gray", START.source, pipeline), default)["steps"] == "move:on"


def test_no_option_contains_what_separates_settings() -> None:
    for kind in STEPS.values():
        for name, parameter in kind.parameters().items():
            assert not set(",;:=") & set(name + kind.name)
            if isinstance(parameter, Choice):
                assert not set(",;") & set("".join(parameter.options))


def test_a_link_to_a_letter_is_short_enough_for_a_mail() -> None:
    turns = np.linspace(0, 4 * np.pi, 300)
    curl = tuple((int(500 + 400 * np.cos(t)), int(500 + 300 * np.sin(2 * t)), 255) for t in turns)
    letter = Drawing((Stroke("brush", 90, curl), Stroke("eraser", 90, curl[:40])))
    assert len(urlencode(to_query(Case("gray", letter, DEFAULTS["gray"]), default))) < 2000 < LONGEST_LINK


# ---- what a link cannot carry --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["photo.jpg", "", "x" * 500, "a&b=c;d", "‮gpj.exe", "\n\n"])
def test_a_link_to_an_upload_says_that_the_picture_is_not_in_it(name: str) -> None:
    pipeline = DEFAULTS["gray"].with_step("sigmoid", on=True)
    query = through_an_address_bar(to_query(Case("gray", UploadSource(name), pipeline), default))
    case, notes = read(query)
    # The name stays, so that a reload or a copied link still says whose picture is missing.
    kept = "".join(c for c in name if c.isprintable())[:80]
    assert case == Case("gray", UploadSource(kept), pipeline)
    (note,) = notes
    assert "not in the link" in note and note.isprintable() and len(note) < 300
    assert name[:5].strip("‮\n") in note


def test_a_pinned_upload_says_so_too() -> None:
    pinned = Case("gray", UploadSource(""), DEFAULTS["gray"])
    case, notes = read(to_query(Case("gray", LINE, DEFAULTS["gray"], pinned=pinned), default))
    assert case.source == LINE and case.pinned is not None and case.pinned.source == UploadSource("")
    assert re.match(r"Pinned state A: .*not in the link", notes[0])


def test_a_link_that_would_be_too_long_says_what_it_came_without() -> None:
    places = np.random.default_rng(0).integers(0, 1001, (4_000, 2)).tolist()
    scribble = Drawing((Stroke("pen", 30, tuple((x, y, 255) for x, y in places)),))
    whole = to_query(Case("gray", scribble, DEFAULTS["gray"]), default)
    query, said = short_enough(whole)
    assert "does not carry the drawing." in said
    assert query["without"] == "drawing" and len(urlencode(query)) <= LONGEST_LINK < len(urlencode(whole))
    case, notes = read(query)
    assert case.source == START.source
    assert len(notes) == 1 and "without the drawing" in notes[0]


def test_a_link_that_is_short_enough_stays_as_it_is() -> None:
    query = to_query(Case("gray", LINE, DEFAULTS["gray"]), default)
    assert short_enough(query) == (query, "")


def test_a_large_pinned_drawing_comes_out_of_a_bundles_link() -> None:
    places = np.random.default_rng(0).integers(0, 1001, (4_000, 2)).tolist()
    scribble = Drawing((Stroke("pen", 30, tuple((x, y, 255) for x, y in places)),))
    case = Case("gray", LINE, DEFAULTS["gray"], pinned=Case("gray", scribble, DEFAULTS["gray"]))
    assert read(to_query(case, default)) == (case, ())


# ---- hostile links -------------------------------------------------------------------------------------------------------

KEYS = ["v", "model", "sample", "upload", "drawing", "steps", "a", "view.k", "view.", "without", "x", ""]
SNIPPETS = [
    "invert:",
    "sigmoid:slope=",
    "name=1",
    "self=1",
    "on=1",
    "on",
    ":",
    ";",
    ",",
    "=",
    "nan",
    "1e999",
    "9" * 400,
    "resize:height=",
    "layout:channels=2",
    "gray",
    "%00",
    "&a=",
    LINE.encode(),
]
hostile = st.one_of(st.text(max_size=40), st.lists(st.sampled_from(SNIPPETS), max_size=6).map("".join))


@given(query=st.dictionaries(st.one_of(st.sampled_from(KEYS), st.text(max_size=9)), hostile, max_size=8))
@settings(max_examples=1000, deadline=None)
def test_whatever_a_link_says_a_usable_case_comes_out(query: dict[str, str]) -> None:
    case, notes = read(query)
    for part in (case, case.pinned or case):
        assert part.model in DEFAULTS
        if isinstance(part.source, UploadSource):
            assert part.source.name.isprintable() and len(part.source.name) <= 80
        else:
            assert isinstance(part.source, Drawing) or part.source.id in SAMPLES
        assert [step.name for step in part.pipeline] == [step.name for step in DEFAULTS[part.model]]
    assert case.pinned is None or case.pinned.pinned is None
    assert all(isinstance(note, str) and 20 < len(note) < 500 for note in notes)
    assert read(to_query(case, default))[0] == case


@pytest.mark.parametrize(
    "word", ["name=5", "self=5", "=5", "on=1", "colour=3", "maybe", "on=", "method", "__class__=1"]
)
def test_a_word_that_no_step_knows_is_left_out_with_a_note(word: str) -> None:
    case, notes = read({"steps": f"invert:{word};sigmoid:on"})
    assert case.pipeline == DEFAULTS["gray"].with_step("sigmoid", on=True)
    (note,) = notes
    assert note.startswith("A setting in the link was left out. Invert")
    assert "__init__" not in note


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ({"model": "gone"}, "names the model 'gone', which is not here; gray is shown instead"),
        ({"sample": "gone"}, "names the sample 'gone', which is not here"),
        ({"steps": "gone:on"}, "no step 'gone'"),
        ({"steps": "sigmoid:slope=1e9"}, "must lie from 1 to 60; 1e.09 does not"),
        ({"steps": "sigmoid:slope=nan"}, "must lie from 1 to 60; nan does not"),
        ({"steps": "sigmoid:slope=steep"}, "must be a number from 1 to 60, not 'steep'"),
        ({"steps": "resize:height=28.5"}, "must be a whole number; 28.5 is not"),
        ({"steps": "invert:method=1/x"}, "must be one of 255 - x, auto"),
        ({"drawing": "!!!"}, "drawing in this link is damaged"),
        ({"v": "2"}, "another version of Misread"),
        (
            {"without": "a drawing"},
            "without the pinned state A and the drawing, .*ask the sender for the bundle",
        ),
        ({"a": "model=gone"}, "Pinned state A: The link names the model 'gone'"),
    ],
)
def test_what_cannot_be_falls_back_and_is_named(query: dict[str, str], says: str) -> None:
    case, notes = read(query)
    assert (case.model, case.source, case.pipeline) == (START.model, START.source, START.pipeline)
    assert len(notes) == 1 and re.search(says, notes[0]), notes


def test_one_bad_step_does_not_take_the_good_ones_along() -> None:
    case, notes = read({"model": "colour", "steps": "sigmoid:on;gone:on;invert:on,method=auto"})
    assert case.pipeline == DEFAULTS["colour"].with_step("sigmoid", on=True).with_step(
        "invert", on=True, method="auto"
    )
    assert len(notes) == 1


def test_a_pin_inside_a_pin_inside_a_pin_is_opened_once() -> None:
    text = "model=gray"
    for _ in range(40):
        text = urlencode({"sample": "x-soft", "a": text})[:100_000]
    case, notes = read({"a": text})
    assert notes == () and case.pinned is not None
    assert case.pinned.source == SampleSource("x-soft") and case.pinned.pinned is None


def test_a_pinned_state_has_no_view_of_its_own() -> None:
    case, _ = read({"view.k": "5", "a": "model=gray&view.k=9"})
    assert case.view == {"k": "5"} and case.pinned is not None and case.pinned.view == {}


def test_a_thousand_mistakes_give_a_handful_of_notes() -> None:
    _, notes = read({"steps": "gone:on;" * 1000, "a": urlencode({"steps": "gone:on;" * 500})})
    assert len(notes) == 7
    assert re.fullmatch(r"\d+ more parts of the link could not be used\.", notes[-1])


def test_views_are_bounded_in_number_and_length() -> None:
    many = {f"view.{n}": "x" for n in range(1000)} | {"view.long": "x" * 2_001}
    case, notes = read({"view.k": "5", "view.long": "x" * 2_001, **many})
    assert notes == (
        "The link has more options of views than are read; the usual ones stand in for the rest.",
    )
    assert case.view["k"] == "5" and "long" not in case.view
    assert len(case.view) <= 16


# ---- links that people have -------------------------------------------------------------------------------------------

FIRST_FORMAT = (
    "v=1&model=gray&drawing=eNpjZGBmYIziYtBhZMAAJxi80SADUK0SUK0yAypkRYPf___4_x0MIfRDIHwAJiE0yGx0PfwEIDMDExAywzED2N0ZjBoM"
    "qJCB4QujGoMqEKoxqIFJVaAYAAL7KnQ&steps=invert%3Aoff%3Bsigmoid%3Aon%2Cslope%3D12.5&view.predictions=%7B%22k%22%3A7%7D"
)


def test_a_link_of_the_first_format_opens_as_it_did() -> None:
    case, notes = read(dict(parse_qsl(FIRST_FORMAT)))
    assert notes == ()
    assert isinstance(case.source, Drawing) and case.source.paper == "white"
    drawn = [(s.tool, s.size, len(s.points), s.points[0], s.points[-1]) for s in case.source.strokes]
    assert drawn == [
        ("brush", 90, 10, (300, 200, 255), (300, 800, 255)),
        ("brush", 90, 34, (300, 200, 255), (300, 500, 255)),
        ("brush", 90, 10, (360, 500, 255), (680, 800, 255)),
    ]
    assert case.pipeline == DEFAULTS["gray"].with_step("invert", on=False).with_step(
        "sigmoid", on=True, slope=12.5
    )
    assert case.view == {"predictions": '{"k":7}'}
    assert to_query(case, default) == dict(parse_qsl(FIRST_FORMAT))
