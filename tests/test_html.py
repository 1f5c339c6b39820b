"""Nobody's text becomes markup, and a picture carries its own pixels."""

import base64
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest

from lib import html

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='x",
    "[a](javascript:alert(1))\n# b",
    "&lt;b&gt;",
]


class Tags(HTMLParser):
    """Which elements and which texts a browser would see."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, list[tuple[str, str | None]]]] = []
        self.texts: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, attrs))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


@pytest.mark.parametrize("name", HOSTILE)
def test_text_is_shown_as_it_is(name: str) -> None:
    seen = Tags(f'<p title="{html.text(name)}">{html.text(name)}</p>')
    shown = name.replace("\n", "␣")
    assert seen.tags == [("p", [("title", shown)])]
    assert "".join(seen.texts) == shown


@pytest.mark.parametrize("name", HOSTILE)
def test_tables_points_and_bullets_hold_nothing_but_their_own_elements(name: str) -> None:
    source = html.table([name], [[name, 2]]) + html.points([(name, name)]) + html.bullets([name])
    assert {tag for tag, attributes in Tags(source).tags if not attributes} == {
        *("table", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "ul", "li")
    }
    assert not any(attributes for _, attributes in Tags(source).tags)


def test_a_picture_is_there_pixel_by_pixel_in_its_colours() -> None:
    pixels = np.arange(24, dtype=np.uint8).reshape(2, 4, 3)
    (_, attributes), *rest = Tags(html.picture(pixels, '"x"', "seen")).tags
    named = dict(attributes)
    assert not rest and named["alt"] == '"x"' and named["class"] == "seen"
    data = base64.b64decode(str(named["src"]).removeprefix("data:image/png;base64,"))
    decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    np.testing.assert_array_equal(decoded[..., ::-1], pixels)


def test_a_large_colour_picture_is_a_jpeg_and_a_large_gray_one_is_exact() -> None:
    large = np.full((120, 100, 3), (200, 40, 90), np.uint8)
    assert 'src="data:image/jpeg;base64,' in html.picture(large, "a photo")
    assert 'src="data:image/png;base64,' in html.picture(large[..., 0], "a letter")
    assert 'src="data:image/png;base64,' in html.picture(large[:95], "a small one")
