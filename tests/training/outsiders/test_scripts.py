"""Claims about glyphs of other scripts and printed capitals."""

import numpy as np
import pytest
from PIL import ImageFont

from lib.training.outsiders.scripts import (
    TEST_SCRIPTS,
    VALIDATION_SCRIPTS,
    font_files,
    letters_by_script,
    printed_capitals,
    script_glyphs,
    script_of,
)


@pytest.mark.parametrize(
    ("character", "script"),
    [
        ("क", "DEVANAGARI"),
        ("ሀ", "ETHIOPIC"),
        ("字", "CJK"),
        ("𐰀", "OLD TURKIC"),
        ("A", None),
        ("Ж", None),
        ("Ω", None),
        ("ℵ", None),
        ("५", None),
        ("!", None),
    ],
)
def test_a_letter_belongs_to_a_script_and_what_is_like_latin_to_none(character, script):
    assert script_of(character) == script


def test_the_held_out_scripts_exist_and_are_apart():
    known = letters_by_script()
    assert not TEST_SCRIPTS & VALIDATION_SCRIPTS
    assert set(known) >= TEST_SCRIPTS | VALIDATION_SCRIPTS
    assert len(known) > 120
    assert max(map(len, known.values())) == 400


def test_a_folder_without_fonts_is_refused(tmp_path):
    with pytest.raises(FileNotFoundError, match="no fonts"):
        font_files(tmp_path)


@pytest.fixture(scope="module")
def fonts(tmp_path_factory):
    """The font that Pillow carries along, which writes Latin and nothing that counts here, and a damaged file."""
    folder = tmp_path_factory.mktemp("fonts")
    (folder / "below").mkdir()
    carried = ImageFont.load_default(40)
    carried.path.seek(0)
    (folder / "below" / "carried.ttf").write_bytes(carried.path.read())
    (folder / "damaged.otf").write_bytes(b"no font")
    return font_files(folder)


def test_printed_capitals_come_with_their_labels(fonts):
    capitals = printed_capitals(fonts, 5, np.random.default_rng(0))
    images, labels = capitals.images, capitals.labels
    assert len(capitals.families) == 1
    assert labels.tolist() == list(range(26))
    assert images.shape == (26, 64, 64)
    assert (images.max((1, 2)) == 255).all()
    # An I is narrow, a T has its bar at the top, an L at the bottom.
    ink = images > 127
    assert ink[8].any(0).sum() < ink[14].any(0).sum() / 2
    assert ink[19][:32].sum() > ink[19][32:].sum()
    assert ink[11][:32].sum() < ink[11][32:].sum()


def test_a_font_gives_no_glyphs_of_scripts_that_it_does_not_write(fonts):
    assert not {"DEVANAGARI", "CJK", "ETHIOPIC"} & set(script_glyphs(fonts, 3, np.random.default_rng(0)))
