"""The samples are what the index says they are, and the committed files are what the script draws."""

from __future__ import annotations

import json
import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib import zoo
from lib.contract import Contract
from lib.samples import FOLDER, SUITS, kind_for, sample, samples


def test_index_and_folder_agree() -> None:
    pictures = {path.name for path in FOLDER.iterdir() if path.suffix in {".png", ".jpg"}}
    assert {s.path.name for s in samples()} == pictures
    assert len({s.id for s in samples()}) == len(samples())


# What a drawing shows is lost when it is small; photos are shrunk for the repository's sake, and crops of numbers are small.
SMALLEST = {"letter": 280, "digit": 28, "photo": 200}


def test_every_sample_decodes_and_says_what_it_shows() -> None:
    for s in samples():
        assert s.suits in SUITS
        assert min(s.picture().pixels.shape[:2]) >= SMALLEST[s.suits]
        assert s.shows.endswith((".", "?")) and s.title
        assert s.question in (1, 2, 3, None)
        assert s.path.stat().st_size <= 60_000


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What the script draws: file name -> where it is."""
    folder = tmp_path_factory.mktemp("drawn")
    runpy.run_path(str(FOLDER / "make.py"))["main"](folder)
    return {path.name: path for path in folder.iterdir()}


def test_the_script_draws_the_committed_pictures(drawn: dict[str, Path]) -> None:
    assert len(drawn) >= 16
    for name, path in drawn.items():
        made = np.asarray(Image.open(path)).astype(int)
        committed = np.asarray(Image.open(FOLDER / name)).astype(int)
        # Another build of NumPy, OpenCV or libjpeg may round a level differently; a picture may not.
        assert made.shape == committed.shape
        assert np.abs(made - committed).mean() < 0.5, name


def test_what_this_script_does_not_draw_is_credited_by_its_files_name(drawn: dict[str, Path]) -> None:
    credits = (FOLDER / "CREDITS.md").read_text(encoding="utf-8")
    for s in samples():
        assert s.path.name in drawn or s.path.name in credits, s.id


def test_the_turned_photo_is_stored_turned_and_decoded_upright() -> None:
    s = sample("f-turned")
    with Image.open(s.path) as stored:
        assert stored.getexif()[0x0112] == 6
        assert s.picture().pixels.shape[:2] == stored.size
    assert any("EXIF" in note for note in s.picture().notes)


def test_the_transparent_letter_exists_only_in_the_alpha_channel() -> None:
    picture = sample("m-transparent").picture()
    assert picture.raw[..., :3].max() == 0
    assert picture.alpha is not None and np.ptp(picture.alpha) == 255
    assert picture.pixels.min() == 0 and picture.pixels.max() == 255


def test_hard_contrast_leaves_only_black_and_white() -> None:
    for name in ("x", "p"):
        assert set(np.unique(sample(f"{name}-hard").picture().pixels)) == {0, 255}
        assert len(np.unique(sample(f"{name}-soft").picture().pixels)) > 100


def test_an_unknown_sample_is_answered_with_the_known_ones() -> None:
    with pytest.raises(KeyError, match="r-clean"):
        sample("nothing")


def test_the_index_is_plain_json_with_the_same_fields_everywhere() -> None:
    entries = json.loads((FOLDER / "index.json").read_text(encoding="utf-8"))
    assert {tuple(sorted(entry)) for entry in entries} == {
        ("file", "id", "question", "shows", "suits", "title", "truth")
    }


def test_the_photos_are_as_small_as_they_can_be_for_a_network_of_224_pixels() -> None:
    photos = runpy.run_path(str(FOLDER / "make_photos.py"))
    for name in photos["PHOTOS"]:
        assert (FOLDER / name).stat().st_size <= 40_000
        with Image.open(FOLDER / name) as photo:
            assert min(photo.size) == photos["SHORTER_SIDE"] >= 224
    assert {s.path.name for s in samples() if s.suits == "photo"} >= set(photos["PHOTOS"])


def test_shrinking_a_photo_keeps_its_proportions_and_averages() -> None:
    shrunk = runpy.run_path(str(FOLDER / "make_photos.py"))["shrunk"]
    halves = np.zeros((480, 960, 3), np.uint8)
    halves[:, 480:] = (255, 100, 0)
    small = shrunk(halves)
    assert small.shape == (240, 480, 3)
    assert np.unique(small[:, :240]).tolist() == [0] and (small[:, 240:] == (255, 100, 0)).all()


LETTERS = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
DIGITS = tuple("0123456789")


@pytest.mark.parametrize(
    ("names", "channels", "kind"),
    [
        (DIGITS, 1, "digit"),
        (("0 ", *DIGITS[1:]), 3, "digit"),
        ((*DIGITS[1:], "10"), 3, "digit"),
        ((*DIGITS, "no digit"), 3, "digit"),
        (LETTERS, 1, "letter"),
        ((*LETTERS, "not a letter"), 3, "letter"),
        ((*DIGITS, *LETTERS), 1, "letter"),
        (("cat", "dog"), 3, "photo"),
        (("cat", "dog"), 1, "letter"),
        (("a", "cat", "dog"), 3, "photo"),
    ],
)
def test_class_names_then_channels_say_which_samples_suit(
    names: tuple[str, ...], channels: int, kind: str
) -> None:
    contract = Contract((32, 32, channels), (32, 32), names, channels=channels)
    assert kind_for(contract) == kind


def test_every_card_of_the_catalogue_gets_the_samples_that_were_made_for_its_like() -> None:
    kinds = {card.name: kind_for(card.contract) for card in zoo.catalogue()}
    assert kinds["letters-mlp"] == kinds["letters-robust"] == "letter"
    assert kinds["house-numbers"] == "digit" and kinds["ResNet50"] == kinds["MobileNetV2"] == "photo"
    assert set(kinds.values()) <= set(SUITS)
