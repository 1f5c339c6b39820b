"""Claims about the data of letters-robust."""

import numpy as np
import pytest
from PIL import ImageFont

import lib.training.robust_data as robust_data
from lib.training.robust_data import NOT_A_LETTER, READER, ROBUST_CLASS_NAMES, read_robust
from tests.training.outsiders.test_collected import save_all
from tests.training.test_letters_data import save_unipen
from tests.training.test_redrawn import with_strokes


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    (folder / "letters").mkdir()
    (folder / "outsiders").mkdir()
    save_unipen(folder / "letters")
    save_all(folder / "outsiders")
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_LINES_EACH", "_SURFACES_EACH"):
            patch.setattr(robust_data, name, 3)
        patch.setattr(robust_data, "_TEST_EACH", 4)
        return read_robust(folder / "letters")


def test_there_are_27_classes_and_the_last_is_not_a_letter():
    assert ROBUST_CLASS_NAMES[NOT_A_LETTER] == "not a letter"
    assert len(ROBUST_CLASS_NAMES) == 27


def test_letters_keep_their_labels_and_outsiders_get_the_27th(data):
    assert set(np.unique(data.fit.labels).tolist()) == set(range(27))
    outsiders = data.fit.take(data.fit.labels == NOT_A_LETTER)
    # 22 kinds of lines and 13 surfaces, three of each, less a few that look like the test's letters, and digits.
    assert 60 < len(outsiders) <= 3 * (22 + 13) + 5 + 3 + 2


def test_what_stops_the_training_holds_clean_letters_changed_letters_and_outsiders(data):
    letters = data.validation.labels != NOT_A_LETTER
    assert letters.sum() == 30 + 7 * 8
    assert (~letters).sum() >= 2 * 5
    assert not (data.held_out.labels == NOT_A_LETTER).any()


def test_rejection_is_measured_on_outsiders_only(data):
    rejection = {name: images for name, images in data.tests.items() if name.startswith("not letters: ")}
    assert {"not letters: cells", "not letters: pieces of photographs", "not letters: lying scraps"} <= set(
        rejection
    )
    assert all((images.labels == NOT_A_LETTER).all() and len(images) for images in rejection.values())
    assert "unipen new writers" in data.tests


def test_the_card_will_say_that_fonts_were_missing_and_where_outsiders_come_from(data):
    assert any("No fonts were given" in limit for limit in data.limits)
    assert any(source.name == "Outsiders drawn by rules" for source in data.sources)
    assert any(source.name == "Omniglot" for source in data.sources)


def test_the_fonts_folder_is_an_option():
    assert [(argument.flag, argument.required) for argument in READER.arguments] == [
        ("--data", True),
        ("--fonts", False),
    ]


def test_what_is_typical_is_told_by_the_letters_alone(data):
    assert (data.known.labels != NOT_A_LETTER).all()
    assert len(data.known) == (data.fit.labels != NOT_A_LETTER).sum()


def test_a_stray_lying_stroke_under_a_letters_name_is_not_fitted(tmp_path):
    save_unipen(tmp_path)
    with np.load(tmp_path / "unipen_upper.npz") as file:
        arrays = dict(file)
    arrays["images"] = (arrays["images"] > 0) * np.uint8(200)
    arrays["images"][::2] = 0
    arrays["images"][::2, 14:17, 3:27] = 200
    np.savez(tmp_path / "unipen_upper.npz", **arrays)
    letters = robust_data.read_letters(tmp_path).fit
    kept = robust_data.upright(letters)
    assert 0.4 < len(kept) / len(letters) < 0.6
    assert ((kept.images > 50).any(2).sum(1) == 20).all()


def test_a_square_can_be_laid_down_in_seven_other_ways():
    corner = np.zeros((4, 4), np.uint8)
    corner[0, 0], corner[0, 1] = 9, 5
    ways = {robust_data.turned(corner, way).tobytes() for way in range(1, 8)}
    assert len(ways) == 7
    assert corner.tobytes() not in ways


def test_with_fonts_there_are_printed_capitals_and_the_card_names_the_families(tmp_path, monkeypatch):
    for name in ("_LINES_EACH", "_SURFACES_EACH", "_TEST_EACH"):
        monkeypatch.setattr(robust_data, name, 4)
    save_unipen(tmp_path)
    carried = ImageFont.load_default(40)
    carried.path.seek(0)
    (tmp_path / "carried.ttf").write_bytes(carried.path.read())
    letters, data = robust_data.read_letters(tmp_path), read_robust(tmp_path, tmp_path)
    # Each capital as it is and as if drawn.
    assert len(data.known) == len(robust_data.upright(letters.fit)) + 2 * 26
    fonts = next(source for source in data.sources if source.name == "Glyphs of fonts")
    assert carried.getname()[0] in fonts.source
    assert "52 printed capitals" in fonts.used_for
    assert not any("No fonts were given" in limit for limit in data.limits)


def test_letters_with_strokes_are_drawn_anew_three_times_and_others_not_at_all(tmp_path, data):
    assert data.redrawn is None
    folder = tmp_path / "letters"
    folder.mkdir()
    with_strokes(folder)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("_LINES_EACH", "_SURFACES_EACH", "_TEST_EACH"):
            patch.setattr(robust_data, name, 2)
        anew = read_robust(folder).redrawn
    assert len(anew) == 3 * len(data.known)
    assert set(anew.labels.tolist()) == set(range(26))
