"""The pictures of question 2 are what their script draws, and show what the index says."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from lib.samples import FOLDER, sample

SCRIPT = runpy.run_path(str(FOLDER / "make_house_numbers.py"))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("drawn")
    SCRIPT["draw"](folder)
    return folder


@pytest.mark.parametrize("name", SCRIPT["PICTURES"])
def test_the_script_draws_the_committed_picture(drawn: Path, name: str) -> None:
    made = np.asarray(Image.open(drawn / name)).astype(int)
    committed = np.asarray(Image.open(FOLDER / name)).astype(int)
    # Another build of NumPy, OpenCV or libjpeg may round a level differently; a picture may not.
    assert made.shape == committed.shape == (192, 192, 3)
    assert np.abs(made - committed).mean() < 0.5


def test_every_picture_is_in_the_index_with_the_truth_that_it_was_drawn_from() -> None:
    truths = {
        "house-seven": "7", "house-five": "5", "house-three": "3",
        "brick-wall": None, "window": None,
    }  # fmt: skip
    assert {f"{id}.jpg" for id in truths} == set(SCRIPT["PICTURES"])
    for id, truth in truths.items():
        found = sample(id)
        assert (found.truth, found.question, found.suits, found.path.name) == (truth, 2, "digit", f"{id}.jpg")


def test_a_digit_stands_out_from_what_is_around_it() -> None:
    """The stroke of each digit, at a place where its points put it, against the ground beside it."""
    seven, five, three = (
        sample(f"house-{name}").picture().pixels.astype(int) for name in ("seven", "five", "three")
    )
    assert (seven[50:60, 80:120].mean((0, 1)) - seven[100:110, 60:70].mean((0, 1))).min() > 90
    assert (five[100:110, 150:170].mean((0, 1)) - five[36:42, 90:120].mean((0, 1))).min() > 90
    assert abs(three[36:44, 88:104].mean((0, 1)) - three[60:90, 20:26].mean((0, 1))).max() > 90
